// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/engine.h"
#include "store/statement.h"

#include <QSqlDatabase>
#include <QString>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace luthien::store {

/// One connection. Thread: the one that opened it, except interrupt() and watch().
class Database
{
public:
    using Access = store::Access;
    static constexpr const char* kFileName = "luthien.db"; ///< of SQLite, in the data directory

    /// Errors: NotFound, InvalidInput for a URL that is none, Unavailable, Io.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const DatabaseLocation& location, Access access);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    [[nodiscard]] const EngineTraits& traits() const noexcept { return m_engine->traits(); }

    /// The query in NAME.sql of resources/sql, in the engine's folder or in common, prepared at its first use. rows =
    /// so many of the one it inserts, see Statement::row. Errors: Internal if it does not prepare.
    [[nodiscard]] Result<Statement*> statement(const char* name, int rows = 1);
    /// The list NAME, with a condition added to those that choose its rows; prepared anew each time. Errors: as above.
    [[nodiscard]] Result<std::unique_ptr<Statement>> statementWhere(const char* name, std::string_view condition);
    /// Which instance :instance means in every query from now on; 1 until then.
    void setInstance(std::int64_t number);
    [[nodiscard]] std::int64_t instance() const noexcept { return m_instance; }
    /// Binds bytes of any size. The query must take the staged bytes in place of a NULL: what is larger than the engine
    /// can bind is brought there in parts first. Inside a transaction.
    [[nodiscard]] Result<void> bindLarge(Statement& statement, const char* name, std::string_view bytes);
    /// Runs one statement of SQL without values. Errors: Unavailable when the disk is full, Timeout when the
    /// deadline has passed, Io otherwise; the message is what the database said.
    [[nodiscard]] Result<void> run(const QString& sql);
    /// First column of the first row of a statement without values.
    [[nodiscard]] Result<std::optional<std::int64_t>> number(const QString& sql);

    /// Makes room for blocks of that day, where the engine keeps days apart.
    [[nodiscard]] Result<void> makePartition(TimePoint day);

    /// Makes the file smaller by some of what is free in it; takes some 10 ms. False = nothing is free any more, or the
    /// server sees to it. Outside of a transaction.
    [[nodiscard]] Result<bool> giveBackSpace() { return m_engine->giveBackSpace(); }
    /// Brings all of the write-ahead log into the file and leaves the log empty. False = a reader is in the way; try
    /// again. True at once where the server sees to it. Outside of a transaction.
    [[nodiscard]] Result<bool> emptyLog() { return m_engine->emptyLog(); }

    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> commit();
    void rollback();
    /// From now on Statement::post() does not wait, so that an error is about what was run last.
    void sendAtOnce() noexcept { m_engine->sendAtOnce(); }

    /// A query started after this ends with Timeout once so much time has passed; covers stepping through rows too.
    void startDeadline(std::chrono::milliseconds allowed) noexcept { m_engine->startDeadline(allowed); }
    /// From now on a server that does not answer for so long is given up: the query ends with Timeout, and so does
    /// every later one. 0 = wait for ever; until the first call, and until startDeadline(), 20 s. Has no effect with
    /// SQLite, whose statements run in the calling thread: they wait some seconds for a lock of another's at most, what
    /// else takes long is work, and a disk that does not answer keeps the thread for as long as it does not. Thread:
    /// any.
    void watch(std::chrono::milliseconds limit) { m_engine->watch(limit); }
    /// Ends the query that is running, if there is one, with Timeout. Thread: any.
    void interrupt() noexcept { m_engine->interrupt(); }
    /// True once the connection is gone: every query fails from now on, a new one has to be opened.
    [[nodiscard]] bool isLost() const noexcept { return m_engine->isLost(); }
    /// Brings texts to every connection that listens to the channel, once the transaction ends. Errors: Unsupported
    /// with SQLite.
    [[nodiscard]] Result<void> notify(const char* channel, const std::vector<std::string>& texts)
    {
        return m_engine->notify(m_connection, channel, texts);
    }
    /// What came on the channels that this connection listens to ("LISTEN name"), in order; waits for it, at most so
    /// long, or until the descriptor wake can be read. Outside of a transaction. Errors: Unsupported with SQLite, Io
    /// if the connection is lost.
    [[nodiscard]] Result<std::vector<std::string>> awaitNotices(int wake, std::chrono::milliseconds atMost)
    {
        return m_engine->awaitNotices(wake, atMost);
    }

private:
    Database(std::unique_ptr<Engine> engine, QString connectionName);

    [[nodiscard]] Result<std::unique_ptr<Statement>> prepare(const char* name, const QString& sql);

    std::unique_ptr<Engine> m_engine;
    QString m_connectionName;
    QSqlDatabase m_connection;
    std::int64_t m_instance = 1;
    std::map<std::pair<std::string_view, int>, std::unique_ptr<Statement>> m_statements; ///< by name
};

} // namespace luthien::store
