// SPDX-License-Identifier: Apache-2.0
#include "store/statement.h"

#include "store/engine.h"
#include "store/statement_text.h"

#include <QSqlError>
#include <QVariant>

#include <algorithm>
#include <array>
#include <utility>

namespace luthien::store {

namespace {
QString toText(std::string_view text)
{
    QString result = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    result.replace(QChar(), QChar(QChar::ReplacementCharacter));
    return result.isNull() ? QLatin1String("") : result; // a null string would be bound as NULL
}
} // namespace

Statement::Statement(Engine& engine, std::string name, QSqlQuery query, std::unique_ptr<StatementText> text)
    : m_engine(engine)
    , m_name(std::move(name))
    , m_query(std::move(query))
    , m_text(std::move(text))
{
}

Statement::~Statement() = default;

Statement& Statement::row(int number)
{
    m_suffix = QLatin1Char('_') + QString::number(number);
    return *this;
}

void Statement::bindValue(const char* name, const QVariant& value)
{
    const QString place = QLatin1String(name) + m_suffix;
    if (m_text)
        m_text->bind(place, value);
    else
        m_query.bindValue(place, value);
}

Statement& Statement::bind(const char* name, std::int64_t number)
{
    bindValue(name, QVariant(static_cast<qlonglong>(number)));
    return *this;
}

Statement& Statement::bind(const char* name, std::optional<std::int64_t> number)
{
    return number ? bind(name, *number) : bindNull(name);
}

Statement& Statement::bindText(const char* name, std::string_view text)
{
    bindValue(name, toText(text));
    return *this;
}

Statement& Statement::bindBlob(const char* name, std::string_view bytes)
{
    // A copy: the query keeps the value until the next one is bound, longer than the caller keeps the bytes.
    bindValue(name, bytes.empty() ? QByteArray("") : QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())));
    return *this;
}

Statement& Statement::bindId(const char* name, const CallId& id)
{
    return bindBlob(name, {reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()});
}

Statement& Statement::bindOptionalId(const char* name, const CallId& id)
{
    return id.isNil() ? bindNull(name) : bindId(name, id);
}

Statement& Statement::bindReal(const char* name, std::optional<double> number)
{
    if (!number)
        return bindNull(name);
    bindValue(name, QVariant(*number));
    return *this;
}

Statement& Statement::bindNull(const char* name)
{
    bindValue(name, QVariant());
    return *this;
}

Result<void> Statement::exec()
{
    const bool done = m_text ? m_engine.exec(m_query, m_text->execute()) : m_engine.ask([&] { return m_query.exec(); });
    return done ? Result<void>() : m_engine.toError(m_query.lastError(), QString::fromStdString(m_name));
}

Result<void> Statement::post()
{
    if (!m_text)
        return run();
    const QString text = m_text->execute();
    if (m_engine.post(text))
        return {};
    const bool done = m_engine.exec(m_query, text);
    auto result = done ? Result<void>() : m_engine.toError(m_query.lastError(), QString::fromStdString(m_name));
    m_query.finish();
    return result;
}

Result<void> Statement::run()
{
    auto done = exec();
    m_query.finish();
    return done;
}

Result<std::optional<std::int64_t>> Statement::firstNumber()
{
    if (auto done = exec(); !done)
        return done.error();
    const auto row = next();
    if (!row)
        return row.error();
    const auto first = *row ? std::optional(number(0)) : std::nullopt;
    finish();
    return first;
}

Result<bool> Statement::next()
{
    if (m_query.next())
        return true;
    if (!m_query.lastError().isValid())
        return false;
    return m_engine.toError(m_query.lastError(), QString::fromStdString(m_name));
}

std::string Statement::text(int column) const
{
    return m_query.value(column).toString().toStdString();
}

std::string Statement::blob(int column) const
{
    return m_query.value(column).toByteArray().toStdString();
}

CallId Statement::id(int column) const
{
    const std::string uid = blob(column);
    std::array<std::uint8_t, 16> bytes{};
    if (uid.size() == bytes.size())
        std::ranges::copy(uid, bytes.begin());
    return CallId(bytes);
}

} // namespace luthien::store
