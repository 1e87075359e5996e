// SPDX-License-Identifier: Apache-2.0
#include "store/statement_text.h"

#include <QRegularExpression>
#include <QSqlDriver>
#include <QSqlField>
#include <QVariant>

namespace luthien::store {

StatementText::StatementText(const QSqlDriver& driver, int number, const QString& sql)
    : m_driver(driver)
    , m_name(QLatin1String("luthien_") + QString::number(number))
    , m_prepare(QLatin1String("PREPARE ") + m_name + QLatin1String(" AS "))
{
    static const QRegularExpression name(QStringLiteral("(?<!:):[a-z][a-z_0-9]*"));
    qsizetype end = 0;
    for (auto found = name.globalMatch(sql); found.hasNext();) {
        const auto match = found.next();
        // A place each, even for the same name: the server takes its type from what stands beside it.
        m_places[match.captured()].append(m_values.size());
        m_values.append(QStringLiteral("NULL"));
        m_prepare += QStringView(sql).sliced(end, match.capturedStart() - end);
        m_prepare += QLatin1Char('$') + QString::number(m_values.size());
        end = match.capturedEnd();
    }
    m_prepare += QStringView(sql).sliced(end);
}

void StatementText::bind(const QString& name, const QVariant& value)
{
    const auto places = m_places.constFind(name);
    if (places == m_places.constEnd())
        return;
    QSqlField field(QString(), value.metaType());
    if (value.isValid())
        field.setValue(value);
    const QString text = m_driver.formatValue(field);
    for (const qsizetype place : *places)
        m_values[place] = text;
}

QString StatementText::execute() const
{
    const QString execute = QLatin1String("EXECUTE ") + m_name;
    return m_values.isEmpty() ? execute
                              : execute + QLatin1Char('(') + m_values.join(QLatin1Char(',')) + QLatin1Char(')');
}

} // namespace luthien::store
