// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "base/result.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;

namespace luthien::store {

/// One prepared query out of resources/sql; values are bound by name. Wire data is bound as a blob: in a text U+0000
/// ends the value for some functions of SQLite and makes PostgreSQL fail.
class Statement
{
public:
    explicit Statement(QSqlQuery query)
        : m_query(std::move(query))
    {
    }

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
    /// Runs it and gives the first column of the first row, if there is one.
    [[nodiscard]] Result<std::optional<std::int64_t>> firstNumber();
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
    QSqlQuery m_query;
};

/// One connection. Thread: the one that opened it, except interrupt().
class Database
{
public:
    enum class Access { ReadOnly, ReadWrite };
    static constexpr const char* kFileName = "luthien.db";

    /// Opens directory/luthien.db. Errors: NotFound, Unavailable, Io.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::filesystem::path& directory, Access access);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// The query in resources/sql/sqlite/NAME.sql, prepared at its first use. Errors: Internal if it does not prepare.
    [[nodiscard]] Result<Statement*> statement(const char* name);
    /// Runs one statement of SQL without values. Errors: Unavailable when the disk is full, Timeout when the
    /// deadline has passed, Io otherwise; the context names what SQLite said.
    [[nodiscard]] Result<void> run(const QString& sql);
    /// First column of the first row of a statement without values.
    [[nodiscard]] Result<std::optional<std::int64_t>> number(const QString& sql);

    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> commit();
    void rollback();

    /// A query started after this ends with Timeout once so much time has passed; covers stepping through rows too.
    void startDeadline(std::chrono::milliseconds allowed) noexcept;
    /// Thread: any.
    void interrupt() noexcept;

private:
    Database(QString connectionName, const QSqlDatabase& connection);
    [[nodiscard]] Result<void> configure(Access access);
    static int onProgress(void* self);

    QString m_connectionName;
    QSqlDatabase m_connection;
    sqlite3* m_handle = nullptr;
    std::unordered_map<std::string_view, std::unique_ptr<Statement>> m_statements; ///< keys are literals
    std::chrono::steady_clock::time_point m_deadline = std::chrono::steady_clock::time_point::max();
};

} // namespace luthien::store
