// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

class QSqlDriver;
class QVariant;

namespace luthien::store {

/// A statement that a server keeps prepared, as the text that makes it and the text that runs it. What QtSql prepares
/// can only be run alone; texts can go together. Thread: its connection's.
class StatementText
{
public:
    /// driver writes the values, and outlives it. number = no other's on the connection. sql names values as :name;
    /// each is NULL until it is bound.
    StatementText(const QSqlDriver& driver, int number, const QString& sql);

    [[nodiscard]] const QString& prepare() const noexcept { return m_prepare; }
    /// name with its colon. Does nothing for one that the statement has not.
    void bind(const QString& name, const QVariant& value);
    [[nodiscard]] QString execute() const;

private:
    const QSqlDriver& m_driver;
    const QString m_name;
    QString m_prepare;
    QHash<QString, QList<qsizetype>> m_places; ///< by name
    QStringList m_values;                      ///< as SQL
};

} // namespace luthien::store
