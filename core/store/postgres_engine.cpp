// SPDX-License-Identifier: Apache-2.0
#include "base/logging.h"
#include "store/engine.h"
#include "store/postgres_watch.h"

#include <QSqlDriver>
#include <QSqlField>
#include <QSqlQuery>

#include <algorithm>
#include <array>
#include <libpq-fe.h>
#include <map>
#include <poll.h>
#include <set>

namespace luthien::store {

using namespace std::chrono_literals;

namespace {
constexpr auto kOpenLimit = 5s;       // of each answer, until the connection is as it should be
constexpr auto kAnswerLimit = 20s;    // until watch() or startDeadline() says otherwise
constexpr auto kAnswerSlack = 2000ms; // beyond the server's own limit, until it counts as gone
constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr EngineTraits kTraits{.folder = "postgres",
                               .driver = "QPSQL",
                               .begin = "BEGIN",
                               .bytesType = "BYTEA",
                               .rowsPerInsert = 100,
                               .maxBoundBytes = 1 << 20, // the driver takes 13 times as much memory
                               .readsForward = false,
                               .isShared = true,
                               .maxPostedBytes = 256 << 10,
                               .keepsDaysApart = true};

using Parameters = std::map<std::string, std::string>;

/// What a URL names. Errors: InvalidInput.
Result<Parameters> parametersOf(const std::string& url)
{
    const Error wrong{ErrorCode::InvalidInput,
                      "this is no database; write sqlite or postgresql://user@host:port/database", "database"};
    if (!url.starts_with("postgresql://") && !url.starts_with("postgres://"))
        return wrong;
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(url.c_str(), &message),
                                                                               PQconninfoFree);
    PQfreemem(message); // it may quote the URL
    if (!options)
        return wrong;
    Parameters parameters;
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val == nullptr)
            continue;
        const std::string_view key = option->keyword;
        if (key == "password" || key == "sslpassword")
            return Error{ErrorCode::InvalidInput,
                         "a password must not stand in the URL; put it into ~/.pgpass, or into PGPASSWORD", "database"};
        const std::string_view value = option->val;
        if (value.find(';') != std::string_view::npos) // QtSql would cut there
            return wrong;
        if (key == "port" && value.find_first_not_of("0123456789,") != std::string_view::npos)
            return wrong;
        parameters.emplace(key, option->val);
    }
    parameters.try_emplace("connect_timeout", "5");
    parameters.try_emplace("application_name", "luthien");
    return parameters;
}

QString toOptions(const Parameters& parameters)
{
    QStringList options;
    for (const auto& [key, value] : parameters) {
        QString quoted = QString::fromStdString(value);
        quoted.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(QLatin1Char('\''), QLatin1String("\\'"));
        options.append(QString::fromStdString(key) + QLatin1String("='") + quoted + QLatin1Char('\''));
    }
    return options.join(QLatin1Char(';'));
}

/// Source: PostgreSQL 15, appendix A.
ErrorCode codeOf(const QString& state)
{
    if (state == QLatin1String("57014")) // cancelled, by us or by its time limit
        return ErrorCode::Timeout;
    if (state == QLatin1String("53100")) // the server's disk is full
        return ErrorCode::Unavailable;
    if (state == QLatin1String("40001") || state == QLatin1String("40P01") || state == QLatin1String("55P03"))
        return ErrorCode::Conflict; // somebody else's transaction was in the way
    // Values that do not fit, constraints, limits of the program, damaged data.
    for (const char* refused : {"22", "23", "54", "XX001", "XX002"}) {
        if (state.startsWith(QLatin1String(refused)))
            return ErrorCode::InvalidInput;
    }
    return ErrorCode::Io;
}

/// libpq's or the server's text as a part of a sentence of ours: its first line (what follows quotes the statement,
/// with what was recorded in it), without the server's address, which we tell ourselves, and without how grave it is.
std::string firstLine(std::string_view text)
{
    std::string line(text.substr(0, text.find('\n')));
    const std::string_view failed = " failed: ";
    if (const auto at = line.find(failed); line.starts_with("connection to server ") && at != std::string::npos)
        line.erase(0, at + failed.size());
    for (const std::string_view severity : {"FATAL:", "PANIC:", "ERROR:", "WARNING:"}) {
        if (line.starts_with(severity))
            line.erase(0, line.find_first_not_of(' ', severity.size()));
    }
    std::ranges::replace_if(line, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, ' ');
    return line;
}

std::string firstLine(const QSqlError& error)
{
    std::string line = firstLine(error.databaseText().toStdString());
    return line.empty() ? "the connection to the database is lost" : line;
}

/// What no query asked for, as that the server ends. libpq would write it to stderr as it is.
void logNotice(void* /*unused*/, const char* text)
{
    qCWarning(lcStore, "the database server says: %s", firstLine(std::string_view(text)).c_str());
}

class PostgresEngine final : public Engine
{
public:
    explicit PostgresEngine(DatabaseLocation location)
        : m_location(std::move(location))
    {
    }

    const EngineTraits& traits() const noexcept override { return kTraits; }

    Result<void> open(QSqlDatabase& connection, Access access) override
    {
        const auto parameters = parametersOf(m_location.url);
        if (!parameters)
            return parameters.error();
        connection.setConnectOptions(toOptions(*parameters));
        const auto handle = [driver = connection.driver()] {
            return *static_cast<PGconn* const*>(driver->handle().constData());
        };
        // From the start: once it is let in (handle() is set then, once), Qt's driver asks the server some questions
        // of its own, and would wait for ever.
        m_watch = std::make_unique<PostgresWatch>(handle);
        m_watch->setLimit(kOpenLimit);
        if (!ask([&] { return connection.open(); }))
            return Error{ErrorCode::Io, "cannot connect: " + firstLine(connection.lastError()), describe(m_location)};
        m_handle = handle();
        PQsetNoticeProcessor(m_handle, logNotice, nullptr);
        m_watch->opened();
        auto done = configure(connection, access);
        m_watch->setLimit(kAnswerLimit);
        return done;
    }

    void close() override
    {
        m_watch.reset(); // before its connection
        m_handle = nullptr;
    }

    Result<void> stage(const QSqlDatabase& connection, std::string_view bytes) override
    {
        QSqlQuery query(connection);
        if (!exec(query, QStringLiteral("DELETE FROM staged_part")) ||
            !query.prepare(QStringLiteral("INSERT INTO staged_part (position, data) VALUES (?, ?)")))
            return toError(query.lastError(), query.lastQuery());
        for (std::size_t at = 0; at < bytes.size(); at += kTraits.maxBoundBytes) {
            const std::string_view part = bytes.substr(at, kTraits.maxBoundBytes);
            query.addBindValue(static_cast<qlonglong>(at));
            query.addBindValue(QByteArray(part.data(), static_cast<qsizetype>(part.size())));
            if (!ask([&] { return query.exec(); }))
                return toError(query.lastError(), query.lastQuery());
        }
        return {};
    }

    Result<void> makePartition(const QSqlDatabase& connection, std::int64_t micros) override
    {
        const std::int64_t day = micros / kDayMicros - (micros % kDayMicros < 0 ? 1 : 0);
        if (m_days.contains(day))
            return {};
        QSqlQuery query(connection);
        const QString sql = QStringLiteral("SELECT make_block_partition(%1)").arg(micros);
        if (!exec(query, sql))
            return toError(query.lastError(), sql);
        m_days.insert(day);
        return {};
    }

    Error toError(const QSqlError& error, const QString& what) const override
    {
        if (m_watch && m_watch->hasGivenUp())
            return {ErrorCode::Timeout, "the database server does not answer", describe(m_location)};
        return {codeOf(error.nativeErrorCode()), firstLine(error), what.toStdString()};
    }

    bool isInTransaction() const override
    {
        const PGTransactionStatusType status = PQtransactionStatus(m_handle);
        return status != PQTRANS_IDLE && status != PQTRANS_UNKNOWN;
    }

    void startDeadline(std::chrono::milliseconds allowed) noexcept override
    {
        if (allowed == m_allowed)
            return;
        m_allowed = allowed;
        m_watch->setLimit(allowed + kAnswerSlack);
        // 0 would mean for ever, there.
        const std::string set = "SET statement_timeout = " + std::to_string(std::max<std::int64_t>(allowed.count(), 1));
        ask([&] {
            PQclear(PQexec(m_handle, set.c_str())); // fails only with the connection, which the next query notices
            return true;
        });
    }

    void watch(std::chrono::milliseconds limit) override { m_watch->setLimit(limit); }
    void interrupt() noexcept override { m_watch->interrupt(); }

    bool isLost() const noexcept override
    {
        return m_watch == nullptr || m_watch->hasGivenUp() || PQstatus(m_handle) != CONNECTION_OK;
    }

    Result<void> notify(const QSqlDatabase& connection, const char* channel,
                        const std::vector<std::string>& texts) override
    {
        QSqlQuery query(connection);
        QSqlField value(QString(), QMetaType::fromType<QString>());
        for (const std::string& text : texts) {
            value.setValue(QString::fromStdString(text));
            const QString sql = QStringLiteral("SELECT pg_notify('%1', %2)")
                                    .arg(QLatin1String(channel), connection.driver()->formatValue(value));
            if (!post(sql) && !exec(query, sql))
                return toError(query.lastError(), QLatin1String(channel));
        }
        return {};
    }

    Result<std::vector<std::string>> awaitNotices(int wake, std::chrono::milliseconds atMost) override
    {
        auto notices = takeNotices(); // those that came with the answer to a query
        if (!notices.empty())
            return notices;
        std::array<pollfd, 2> ready = {
            {{.fd = PQsocket(m_handle), .events = POLLIN, .revents = 0}, {.fd = wake, .events = POLLIN, .revents = 0}}};
        ::poll(ready.data(), ready.size(), static_cast<int>(atMost.count()));
        if (ready[0].revents != 0 && PQconsumeInput(m_handle) == 0)
            return Error{ErrorCode::Io, "the connection to the database is lost", describe(m_location)};
        return takeNotices();
    }

protected:
    void queryBegins() noexcept override
    {
        if (m_watch)
            m_watch->queryBegins();
    }
    void queryEnds() noexcept override
    {
        if (m_watch)
            m_watch->queryEnds();
    }

private:
    std::vector<std::string> takeNotices()
    {
        std::vector<std::string> notices;
        while (PGnotify* const notice = PQnotifies(m_handle)) {
            notices.emplace_back(notice->extra);
            PQfreemem(notice);
        }
        return notices;
    }

    Result<void> configure(const QSqlDatabase& connection, Access access)
    {
        QStringList settings{QStringLiteral("SET client_min_messages = warning"),
                             QStringLiteral("SET bytea_output = hex"), QStringLiteral("SET jit = off")};
        if (access == Access::ReadOnly) {
            settings << QStringLiteral("SET default_transaction_read_only = on");
        } else {
            settings << QStringLiteral("SET synchronous_commit = on") << QStringLiteral("SET lock_timeout = '10s'")
                     << QStringLiteral("SET idle_in_transaction_session_timeout = '60s'")
                     << QStringLiteral("CREATE TEMPORARY TABLE staged_part (position BIGINT, data BYTEA) "
                                       "ON COMMIT DELETE ROWS");
        }
        for (const QString& sql : settings) {
            QSqlQuery query(connection);
            if (!exec(query, sql))
                return toError(query.lastError(), sql);
        }
        return {};
    }

    const DatabaseLocation m_location;
    PGconn* m_handle = nullptr;
    std::unique_ptr<PostgresWatch> m_watch;
    std::chrono::milliseconds m_allowed{-1}; ///< as the server knows it; below 0 = not told yet
    std::set<std::int64_t> m_days;           ///< with a partition; an error that could undo one ends the connection
};
} // namespace

std::unique_ptr<Engine> makePostgresEngine(const DatabaseLocation& location)
{
    return std::make_unique<PostgresEngine>(location);
}

Result<void> checkDatabaseUrl(std::string_view url)
{
    if (url == DatabaseLocation::kSqlite)
        return {};
    const auto parameters = parametersOf(std::string(url));
    return parameters ? Result<void>() : parameters.error();
}

std::string describe(const DatabaseLocation& location)
{
    if (location.isSqlite())
        return location.url;
    const auto parameters = parametersOf(location.url);
    const auto value = [&](const char* key, const char* absent) {
        const auto found = parameters ? parameters->find(key) : Parameters::const_iterator();
        return parameters && found != parameters->end() ? found->second : std::string(absent);
    };
    return "PostgreSQL at " + value("host", "its default host") + ", database " + value("dbname", "of its user");
}

} // namespace luthien::store
