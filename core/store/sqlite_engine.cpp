// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "store/engine.h"

#include <QSqlDriver>
#include <QSqlQuery>

#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>

namespace luthien::store {

namespace {
constexpr int kLogPages = 1000;                         // of the log; then they are moved to the file, 8 MiB at a time
constexpr int kManyLogPages = 2000;                     // then readers are waited for, so that the log can begin anew
constexpr int kLogPagesPerMilli = 50;                   // so long, the more the larger it is
constexpr int kMostRestartMillis = 500;                 // the journals take what comes meanwhile
constexpr std::chrono::milliseconds kRestartPause{250}; // after that was in vain
constexpr int kMostLogPages = 16'000;                   // 128 MiB; then they are waited for until they are gone
constexpr std::chrono::seconds kReadersEnd{11};         // which takes twice the time of a reader's query at most
constexpr std::chrono::minutes kWaitPause{1};           // after that was in vain: who takes longer does not stop us
constexpr int kProgressSteps = 1000;                    // virtual machine steps between two looks at the clock
constexpr const char* kBusyTimeout = "QSQLITE_BUSY_TIMEOUT=5000";
constexpr int kBusyMillis = 5000;
constexpr int kFreedPages = 400; // in one step: some 10 ms
constexpr EngineTraits kTraits{.folder = "sqlite",
                               .driver = "QSQLITE",
                               // A deferred lock, when raised later, would fail at once instead of waiting.
                               .begin = "BEGIN IMMEDIATE",
                               .bytesType = "BLOB",
                               .rowsPerInsert = 1,
                               .maxBoundBytes = std::numeric_limits<std::size_t>::max(),
                               .readsForward = true,
                               .isShared = false,
                               .maxPostedBytes = 0,
                               .keepsDaysApart = false};

ErrorCode codeOf(int native)
{
    switch (native & 0xff) {
    case SQLITE_FULL:
        return ErrorCode::Unavailable;
    case SQLITE_INTERRUPT:
        return ErrorCode::Timeout;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_CORRUPT:
        return ErrorCode::InvalidInput;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorCode::Conflict;
    default:
        return ErrorCode::Io;
    }
}

class SqliteEngine final : public Engine
{
public:
    explicit SqliteEngine(std::filesystem::path file)
        : m_file(std::move(file))
    {
    }

    const EngineTraits& traits() const noexcept override { return kTraits; }

    Result<void> open(QSqlDatabase& connection, Access access) override
    {
        if (access == Access::ReadOnly && !std::filesystem::exists(m_file))
            return Error{ErrorCode::NotFound, "nothing was recorded here yet; start with luthiend serve",
                         m_file.string()};
        QString options = QLatin1String(kBusyTimeout);
        if (access == Access::ReadOnly)
            options += QLatin1String(";QSQLITE_OPEN_READONLY");
        connection.setConnectOptions(options);
        connection.setDatabaseName(QString::fromStdString(m_file.string()));
        if (!connection.open())
            return toError(connection.lastError(), QString::fromStdString(m_file.string()));
        m_handle = *static_cast<sqlite3**>(connection.driver()->handle().data());
        return configure(connection, access);
    }

    Error toError(const QSqlError& error, const QString& what) const override
    {
        bool known = false;
        const int native = error.nativeErrorCode().toInt(&known);
        return {codeOf(known ? native : SQLITE_ERROR), error.databaseText().toStdString(), what.toStdString()};
    }

    bool isInTransaction() const override { return sqlite3_get_autocommit(m_handle) == 0; }

    void startDeadline(std::chrono::milliseconds allowed) noexcept override
    {
        m_deadline = std::chrono::steady_clock::now() + allowed;
    }

    void interrupt() noexcept override { sqlite3_interrupt(m_handle); }

    Result<bool> giveBackSpace() override
    {
        // Not a query of QtSql's: that would step once, and free one page.
        const std::string some = "PRAGMA incremental_vacuum(" + std::to_string(kFreedPages) + ")";
        if (sqlite3_exec(m_handle, some.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
            return lastError("incremental_vacuum");
        std::int64_t left = 0;
        const auto take = [](void* count, int, char** values, char**) {
            *static_cast<std::int64_t*>(count) = std::atoll(values[0]);
            return 0;
        };
        if (sqlite3_exec(m_handle, "PRAGMA freelist_count", take, &left, nullptr) != SQLITE_OK)
            return lastError("freelist_count");
        return left > 0;
    }

    Result<bool> emptyLog() override
    {
        sqlite3_busy_timeout(m_handle, 0); // a reader must not keep the writer waiting
        const int state = sqlite3_wal_checkpoint_v2(m_handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
        sqlite3_busy_timeout(m_handle, kBusyMillis);
        if (state == SQLITE_OK || state == SQLITE_BUSY || state == SQLITE_LOCKED)
            return state == SQLITE_OK;
        return lastError("wal_checkpoint");
    }

private:
    Error lastError(const char* what) const
    {
        return {codeOf(sqlite3_errcode(m_handle)), sqlite3_errmsg(m_handle), what};
    }

    Result<void> configure(const QSqlDatabase& connection, Access access)
    {
        // What sorts and statements set aside is recorded text, too: none of it belongs into a directory for all.
        if (auto done = pragma(connection, "temp_store = MEMORY"); !done)
            return done;
        sqlite3_progress_handler(m_handle, kProgressSteps, &SqliteEngine::onProgress, this);
        if (access == Access::ReadOnly)
            return pragma(connection, "query_only = 1");
        sqlite3_wal_hook(
            m_handle,
            [](void* self, sqlite3*, const char* schema, int pages) {
                static_cast<SqliteEngine*>(self)->shortenLog(schema, pages);
                return SQLITE_OK;
            },
            this);
        // Page size and vacuum mode only take effect before the first table.
        for (const char* setting :
             {"page_size = 8192", "auto_vacuum = INCREMENTAL", "journal_mode = WAL", "synchronous = NORMAL",
              "cache_size = -65536", "secure_delete = ON", "foreign_keys = OFF"}) {
            if (auto done = pragma(connection, setting); !done)
                return done;
        }
        return {};
    }

    /// After each commit. Readers that take turns without a pause keep the log from ever being begun anew, and it grows
    /// behind them: beyond a size the ones that are at it are waited for. Those who come then read the file itself.
    void shortenLog(const char* schema, int pages)
    {
        const auto now = std::chrono::steady_clock::now();
        if (pages < kLogPages)
            return;
        // Not after the pause: what is written as fast as memory fills another 100 MiB in it.
        const bool isFull = pages >= kMostLogPages && now >= m_waitAt;
        if (!isFull && (pages < kManyLogPages || now < m_restartAt)) {
            sqlite3_wal_checkpoint_v2(m_handle, schema, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
            return;
        }
        if (restartLog(schema, std::min(pages / kLogPagesPerMilli, kMostRestartMillis),
                       isFull ? now + kReadersEnd : now))
            return;
        const auto failed = std::chrono::steady_clock::now();
        m_restartAt = failed + kRestartPause;
        if (isFull)
            m_waitAt = failed + kWaitPause;
    }

    /// Tries it once, and then until the time is over. One try alone may wait for a place in SQLite's list of readers
    /// that each new one takes over; but as nothing is written meanwhile, the next finds it behind nobody.
    bool restartLog(const char* schema, int millis, std::chrono::steady_clock::time_point until)
    {
        sqlite3_busy_timeout(m_handle, millis);
        int state = SQLITE_BUSY;
        do {
            state = sqlite3_wal_checkpoint_v2(m_handle, schema, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
        } while (state == SQLITE_BUSY && std::chrono::steady_clock::now() < until);
        sqlite3_busy_timeout(m_handle, kBusyMillis);
        return state == SQLITE_OK;
    }

    Result<void> pragma(const QSqlDatabase& connection, const char* setting) const
    {
        QSqlQuery query(connection);
        const QString sql = QLatin1String("PRAGMA ") + QLatin1String(setting);
        return query.exec(sql) ? Result<void>() : toError(query.lastError(), sql);
    }

    static int onProgress(void* self)
    {
        return std::chrono::steady_clock::now() > static_cast<const SqliteEngine*>(self)->m_deadline ? 1 : 0;
    }

    const std::filesystem::path m_file;
    sqlite3* m_handle = nullptr;
    std::chrono::steady_clock::time_point m_deadline = std::chrono::steady_clock::time_point::max();
    std::chrono::steady_clock::time_point m_restartAt;
    std::chrono::steady_clock::time_point m_waitAt;
};
} // namespace

std::unique_ptr<Engine> makeSqliteEngine(const DatabaseLocation& location)
{
    return std::make_unique<SqliteEngine>(location.directory / Database::kFileName);
}

} // namespace luthien::store
