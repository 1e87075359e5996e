// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"

#include "base/logging.h"

#include <QFile>
#include <QSqlDriver>
#include <QSqlError>
#include <QUuid>
#include <QVariant>

#include <sqlite3.h>

#include <algorithm>
#include <array>

static void initialiseResources()
{
    Q_INIT_RESOURCE(store_sql); // must be called outside of any namespace
}

namespace luthien::store {

namespace {
constexpr int kProgressSteps = 1000; // virtual machine steps between two looks at the clock
constexpr const char* kBusyTimeout = "QSQLITE_BUSY_TIMEOUT=5000";

Error toError(const QSqlError& error, const QString& what)
{
    bool known = false;
    const int native = error.nativeErrorCode().toInt(&known);
    Error result{ErrorCode::Io, error.databaseText().toStdString(), what.toStdString()};
    switch (known ? native & 0xff : SQLITE_ERROR) {
    case SQLITE_FULL:
        result.code = ErrorCode::Unavailable;
        break;
    case SQLITE_INTERRUPT:
        result.code = ErrorCode::Timeout;
        break;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_CORRUPT:
        result.code = ErrorCode::InvalidInput;
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        result.code = ErrorCode::Conflict;
        break;
    default:
        break;
    }
    return result;
}

QString toText(std::string_view text)
{
    QString result = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    result.replace(QChar(), QChar(QChar::ReplacementCharacter));
    return result.isNull() ? QLatin1String("") : result; // a null string would be bound as NULL
}
} // namespace

Statement& Statement::bind(const char* name, std::int64_t number)
{
    m_query.bindValue(QLatin1String(name), QVariant(static_cast<qlonglong>(number)));
    return *this;
}

Statement& Statement::bind(const char* name, std::optional<std::int64_t> number)
{
    return number ? bind(name, *number) : bindNull(name);
}

Statement& Statement::bindText(const char* name, std::string_view text)
{
    m_query.bindValue(QLatin1String(name), toText(text));
    return *this;
}

Statement& Statement::bindBlob(const char* name, std::string_view bytes)
{
    // A copy: the query keeps the value until the next one is bound, longer than the caller keeps the bytes.
    m_query.bindValue(QLatin1String(name),
                      bytes.empty() ? QByteArray("") : QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())));
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
    m_query.bindValue(QLatin1String(name), QVariant(*number));
    return *this;
}

Statement& Statement::bindNull(const char* name)
{
    m_query.bindValue(QLatin1String(name), QVariant());
    return *this;
}

Result<void> Statement::exec()
{
    if (m_query.exec())
        return {};
    return toError(m_query.lastError(), m_query.lastQuery().left(80));
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
    return toError(m_query.lastError(), m_query.lastQuery().left(80));
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

Database::Database(QString connectionName, const QSqlDatabase& connection)
    : m_connectionName(std::move(connectionName))
    , m_connection(connection)
{
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& directory, Access access)
{
    initialiseResources();
    const std::filesystem::path file = directory / kFileName;
    if (access == Access::ReadOnly && !std::filesystem::exists(file))
        return Error{ErrorCode::NotFound, "there is no database yet; record something first", file.string()};
    const QString name = QUuid::createUuid().toString();
    std::unique_ptr<Database> database(new Database(name, QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name)));
    QString options = QLatin1String(kBusyTimeout);
    if (access == Access::ReadOnly)
        options += QLatin1String(";QSQLITE_OPEN_READONLY");
    database->m_connection.setConnectOptions(options);
    database->m_connection.setDatabaseName(QString::fromStdString(file.string()));
    if (!database->m_connection.open())
        return toError(database->m_connection.lastError(), QString::fromStdString(file.string()));
    database->m_handle = *static_cast<sqlite3**>(database->m_connection.driver()->handle().data());
    if (auto configured = database->configure(access); !configured)
        return configured.error();
    return database;
}

Result<void> Database::configure(Access access)
{
    if (access == Access::ReadOnly) {
        sqlite3_progress_handler(m_handle, kProgressSteps, &Database::onProgress, this);
        return run(QStringLiteral("PRAGMA query_only = 1"));
    }
    // Page size and vacuum mode only take effect before the first table.
    for (const char* pragma :
         {"page_size = 8192", "auto_vacuum = INCREMENTAL", "journal_mode = WAL", "synchronous = NORMAL",
          "cache_size = -65536", "secure_delete = ON", "foreign_keys = OFF"}) {
        if (auto done = run(QLatin1String("PRAGMA ") + QLatin1String(pragma)); !done)
            return done;
    }
    return {};
}

Database::~Database()
{
    m_statements.clear();
    m_connection.close();
    m_connection = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_connectionName);
}

Result<Statement*> Database::statement(const char* name)
{
    if (const auto found = m_statements.find(name); found != m_statements.end())
        return found->second.get();
    QFile file(QStringLiteral(":/store/resources/sql/sqlite/%1.sql").arg(QLatin1String(name)));
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Internal, "this query is not built in", name};
    QSqlQuery query(m_connection);
    query.setForwardOnly(true);
    if (!query.prepare(QString::fromUtf8(file.readAll())))
        return toError(query.lastError(), QLatin1String(name));
    return m_statements.emplace(name, std::make_unique<Statement>(std::move(query))).first->second.get();
}

Result<void> Database::run(const QString& sql)
{
    QSqlQuery query(m_connection);
    if (query.exec(sql))
        return {};
    return toError(query.lastError(), sql.left(80));
}

Result<std::optional<std::int64_t>> Database::number(const QString& sql)
{
    QSqlQuery query(m_connection);
    query.setForwardOnly(true);
    if (!query.exec(sql))
        return toError(query.lastError(), sql.left(80));
    return query.next() ? std::optional<std::int64_t>(query.value(0).toLongLong()) : std::nullopt;
}

Result<void> Database::begin()
{
    // QSqlDatabase::transaction() defers the lock; a later upgrade fails at once instead of waiting.
    return run(QStringLiteral("BEGIN IMMEDIATE"));
}

Result<void> Database::commit()
{
    // Not QSqlDatabase::commit(): it loses SQLite's error code.
    return run(QStringLiteral("COMMIT"));
}

void Database::rollback()
{
    for (const auto& [name, statement] : m_statements)
        statement->finish();
    if (sqlite3_get_autocommit(m_handle) == 0) {
        if (const auto done = run(QStringLiteral("ROLLBACK")); !done)
            qCWarning(lcStore, "rollback: %s", done.error().toString().c_str());
    }
}

void Database::startDeadline(std::chrono::milliseconds allowed) noexcept
{
    m_deadline = std::chrono::steady_clock::now() + allowed;
}

void Database::interrupt() noexcept
{
    sqlite3_interrupt(m_handle);
}

int Database::onProgress(void* self)
{
    return std::chrono::steady_clock::now() > static_cast<const Database*>(self)->m_deadline ? 1 : 0;
}

} // namespace luthien::store
