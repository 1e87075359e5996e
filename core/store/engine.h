// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/database_location.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QString>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::store {

enum class Access { ReadOnly, ReadWrite };

/// In what the databases differ, where a constant says it.
struct EngineTraits
{
    const char* folder;         ///< below resources/sql and migrations
    const char* driver;         ///< of QtSql
    const char* begin;          ///< how a transaction that writes begins
    const char* bytesType;      ///< of columns that hold bytes
    int rowsPerInsert;          ///< how many rows one statement should bring; 1 = more win nothing
    std::size_t maxBoundBytes;  ///< larger values go in parts, see Database::bindLarge; no block is larger
    bool readsForward;          ///< rows may be read while they arrive; else a second query would end the first
    bool isShared;              ///< several instances may record in it
    std::size_t maxPostedBytes; ///< of statements that wait for the next answer; 0 = none waits
    bool keepsDaysApart;        ///< blocks of a day can be dropped at once, see Database::makePartition
};

/// What one connection does in its database's own way. Thread: that of the connection, except interrupt() and
/// watch().
class Engine
{
public:
    virtual ~Engine() = default;

    [[nodiscard]] virtual const EngineTraits& traits() const noexcept = 0;
    /// Opens and configures it; connection is of traits().driver. Errors: as Database::open.
    [[nodiscard]] virtual Result<void> open(QSqlDatabase& connection, Access access) = 0;
    /// Brings bytes into the connection's staged_part, in place of those that are there. Needed only where
    /// traits().maxBoundBytes says so.
    [[nodiscard]] virtual Result<void> stage(const QSqlDatabase& /*connection*/, std::string_view /*bytes*/)
    {
        return {};
    }
    /// See Database::makePartition.
    [[nodiscard]] virtual Result<void> makePartition(const QSqlDatabase& /*connection*/, std::int64_t /*micros*/)
    {
        return {};
    }
    /// See Database::giveBackSpace.
    [[nodiscard]] virtual Result<bool> giveBackSpace() { return false; }
    /// See Database::emptyLog.
    [[nodiscard]] virtual Result<bool> emptyLog() { return true; }
    /// The connection is about to be closed.
    virtual void close() {}
    /// What the database said, in our terms; what = what was tried.
    [[nodiscard]] virtual Error toError(const QSqlError& error, const QString& what) const = 0;
    [[nodiscard]] virtual bool isInTransaction() const = 0;
    /// See Database::startDeadline.
    virtual void startDeadline(std::chrono::milliseconds allowed) noexcept = 0;
    /// See Database::watch. By itself nothing: it is for those that have a server.
    virtual void watch(std::chrono::milliseconds /*limit*/) {}
    /// See Database::interrupt.
    virtual void interrupt() noexcept = 0;
    /// See Database::isLost.
    [[nodiscard]] virtual bool isLost() const noexcept { return false; }
    /// See Database::notify.
    [[nodiscard]] virtual Result<void> notify(const QSqlDatabase& /*connection*/, const char* /*channel*/,
                                              const std::vector<std::string>& /*texts*/)
    {
        return Error{ErrorCode::Unsupported, "this database brings no notices", "store"};
    }
    /// See Database::awaitNotices.
    [[nodiscard]] virtual Result<std::vector<std::string>> awaitNotices(int /*wake*/,
                                                                        std::chrono::milliseconds /*atMost*/)
    {
        return Error{ErrorCode::Unsupported, "this database brings no notices", "store"};
    }

    /// Runs sql after what was posted, and waits for both once; query then stands at sql's answer. False = query has
    /// the error.
    [[nodiscard]] bool exec(QSqlQuery& query, const QString& sql);
    /// Keeps sql, which gives nothing back, until the next exec(); false = there is no room, or nothing waits here: run
    /// it.
    [[nodiscard]] bool post(const QString& sql);
    void forgetPosted() noexcept;
    /// From now on nothing waits.
    void sendAtOnce() noexcept { m_posts = false; }

    /// Runs something that asks the database.
    template <typename Query>
    auto ask(Query query)
    {
        queryBegins();
        auto answer = query();
        queryEnds();
        return answer;
    }

protected:
    virtual void queryBegins() noexcept {}
    virtual void queryEnds() noexcept {}

private:
    QString m_posted; ///< each ends with a semicolon
    int m_postedCount = 0;
    bool m_posts = true;
};

[[nodiscard]] std::unique_ptr<Engine> makeSqliteEngine(const DatabaseLocation& location);
[[nodiscard]] std::unique_ptr<Engine> makePostgresEngine(const DatabaseLocation& location);

} // namespace luthien::store
