// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "base/result.h"

#include <QSqlQuery>
#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

class QVariant;

namespace luthien::store {

class Engine;
class StatementText;

/// One prepared query out of resources/sql; values are bound by name. Wire data is bound as a blob: in a text U+0000
/// ends the value for some functions of SQLite and makes PostgreSQL fail.
class Statement
{
public:
    /// text = what the engine runs it by; null = the driver has prepared query.
    Statement(Engine& engine, std::string name, QSqlQuery query, std::unique_ptr<StatementText> text);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return m_name; }

    /// Of a statement for several rows: which one is bound from now on, counted from 0.
    Statement& row(int number);
    Statement& bind(const char* name, std::int64_t number);
    Statement& bind(const char* name, std::optional<std::int64_t> number);
    /// Invalid UTF-8 and U+0000 become U+FFFD.
    Statement& bindText(const char* name, std::string_view text);
    Statement& bindBlob(const char* name, std::string_view bytes);
    Statement& bindId(const char* name, const CallId& id);
    /// The nil id is bound as NULL.
    Statement& bindOptionalId(const char* name, const CallId& id);
    Statement& bindReal(const char* name, std::optional<double> number);
    Statement& bindNull(const char* name);

    /// Runs it from the start. Errors: as Database::run; InvalidInput if the database refuses the values or is
    /// damaged where they belong, so that trying again is of no use.
    [[nodiscard]] Result<void> exec();
    /// Runs a query that writes and gives nothing back.
    [[nodiscard]] Result<void> run();
    /// As run(), but where answers are far it waits, and goes with the next query that is answered, or with the end of
    /// the transaction. Errors: as run; its own may be those of that query. Inside a transaction.
    [[nodiscard]] Result<void> post();
    /// Runs it and gives the first column of the first row, if there is one.
    [[nodiscard]] Result<std::optional<std::int64_t>> firstNumber();
    /// Runs a query, calls take with each row and ends it, whatever happens. take may give a Result<void>, whose error
    /// ends it early. Errors: as exec; that of take.
    template <typename Take>
    [[nodiscard]] Result<void> each(Take take);
    /// Steps to the next row; false = no more. Errors: as exec.
    [[nodiscard]] Result<bool> next();
    /// Ends it: an unfinished SELECT keeps the write-ahead log from being reset.
    void finish() { m_query.finish(); }

    [[nodiscard]] bool isNull(int column) const { return m_query.isNull(column); }
    [[nodiscard]] std::int64_t number(int column) const { return m_query.value(column).toLongLong(); }
    [[nodiscard]] double real(int column) const { return m_query.value(column).toDouble(); }
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::string blob(int column) const;
    /// The nil id if the column holds none.
    [[nodiscard]] CallId id(int column) const;

private:
    void bindValue(const char* name, const QVariant& value);

    Engine& m_engine;
    const std::string m_name;
    QSqlQuery m_query;
    const std::unique_ptr<StatementText> m_text;
    QString m_suffix; ///< of the names in the row that is being bound
};

template <typename Take>
Result<void> Statement::each(Take take)
{
    if (auto done = exec(); !done)
        return done;
    Result<void> taken;
    auto row = next();
    while (row && *row && taken) {
        if constexpr (std::is_void_v<std::invoke_result_t<Take&, const Statement&>>)
            take(*this);
        else
            taken = take(*this);
        row = next();
    }
    finish();
    return row ? taken : row.error();
}

} // namespace luthien::store
