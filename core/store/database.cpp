// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"

#include "base/logging.h"
#include "store/statement_text.h"

#include <QFile>
#include <QRegularExpression>
#include <QSqlDriver>
#include <QSqlError>
#include <QSqlQuery>
#include <QUuid>

static void initialiseResources()
{
    Q_INIT_RESOURCE(store_sql); // must be called outside of any namespace
}

namespace luthien::store {

namespace {
constexpr const char* kInstance = ":instance";

/// The query's text without its comments: QtSql would look for names in them.
QString sqlOf(const char* folder, const char* name)
{
    static const QRegularExpression comment(QStringLiteral("--[^\n]*"));
    for (const char* const place : {folder, "common"}) {
        QFile file(QStringLiteral(":/store/resources/sql/%1/%2.sql").arg(QLatin1String(place), QLatin1String(name)));
        if (file.open(QIODevice::ReadOnly))
            return QString::fromUtf8(file.readAll()).remove(comment).trimmed();
    }
    return {};
}

/// INSERT ... VALUES (:a, :b) for several rows: (:a_0, :b_0), (:a_1, :b_1) ...
QString forRows(const QString& sql, int rows)
{
    static const QRegularExpression name(QStringLiteral(":([a-z][a-z_0-9]*)"));
    const auto start = sql.lastIndexOf(QLatin1Char('('));
    QStringList tuples;
    for (int row = 0; row < rows; ++row)
        tuples.append(sql.mid(start).replace(name, QStringLiteral(":\\1_%1").arg(row)));
    return sql.left(start) + tuples.join(QLatin1Char(','));
}
} // namespace

Database::Database(std::unique_ptr<Engine> engine, QString connectionName)
    : m_engine(std::move(engine))
    , m_connectionName(std::move(connectionName))
    , m_connection(QSqlDatabase::addDatabase(QLatin1String(m_engine->traits().driver), m_connectionName))
{
}

Result<std::unique_ptr<Database>> Database::open(const DatabaseLocation& location, Access access)
{
    initialiseResources();
    auto engine = location.isSqlite() ? makeSqliteEngine(location) : makePostgresEngine(location);
    std::unique_ptr<Database> database(new Database(std::move(engine), QUuid::createUuid().toString()));
    if (!database->m_connection.isValid())
        return Error{ErrorCode::Unsupported,
                     "Qt's driver for this database is not installed (Debian: libqt6sql6-psql, libqt6sql6-sqlite)",
                     database->traits().driver};
    if (auto opened = database->m_engine->open(database->m_connection, access); !opened)
        return opened.error();
    return database;
}

Database::~Database()
{
    m_engine->close();
    m_connection.close();
    m_connection = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_connectionName);
    // Last: without their driver they do not ask the server, which may be gone, to free each of them.
    m_statements.clear();
}

Result<Statement*> Database::statement(const char* name, int rows)
{
    const std::pair key(std::string_view(name), rows);
    if (const auto found = m_statements.find(key); found != m_statements.end())
        return found->second.get();
    const QString sql = sqlOf(traits().folder, name);
    if (sql.isEmpty())
        return Error{ErrorCode::Internal, "this query is not built in", name};
    auto made = prepare(name, rows == 1 ? sql : forRows(sql, rows));
    if (!made)
        return made.error();
    if (sql.contains(QLatin1String(kInstance)))
        (*made)->bind(kInstance, m_instance); // it stays bound
    const std::string_view kept = (*made)->name();
    return m_statements.emplace(std::pair(kept, rows), *std::move(made)).first->second.get();
}

Result<std::unique_ptr<Statement>> Database::prepare(const char* name, const QString& sql)
{
    QSqlQuery query(m_connection);
    query.setForwardOnly(traits().readsForward);
    std::unique_ptr<StatementText> text;
    if (traits().maxPostedBytes > 0)
        text = std::make_unique<StatementText>(*m_connection.driver(), static_cast<int>(m_statements.size()), sql);
    const bool done = text ? m_engine->exec(query, text->prepare()) : m_engine->ask([&] { return query.prepare(sql); });
    if (!done)
        return m_engine->toError(query.lastError(), QLatin1String(name));
    return std::make_unique<Statement>(*m_engine, name, std::move(query), std::move(text));
}

void Database::setInstance(std::int64_t number)
{
    m_instance = number;
    for (const auto& [key, statement] : m_statements)
        statement->bind(kInstance, number); // of those that name it
}

Result<std::unique_ptr<Statement>> Database::statementWhere(const char* name, std::string_view condition)
{
    QString sql = sqlOf(traits().folder, name);
    // A list chooses its rows right before it orders them.
    const auto order = sql.lastIndexOf(QLatin1String("ORDER BY"));
    if (order < 0)
        return Error{ErrorCode::Internal, "this query is no list", name};
    const auto added = QString::fromUtf8(condition.data(), static_cast<qsizetype>(condition.size()));
    sql.insert(order, QLatin1String("AND ") + added + QLatin1Char('\n'));
    QSqlQuery query(m_connection);
    query.setForwardOnly(traits().readsForward);
    if (!m_engine->ask([&] { return query.prepare(sql); }))
        return m_engine->toError(query.lastError(), QLatin1String(name));
    return std::make_unique<Statement>(*m_engine, name, std::move(query), nullptr);
}

Result<void> Database::bindLarge(Statement& statement, const char* name, std::string_view bytes)
{
    if (bytes.size() <= traits().maxBoundBytes) {
        statement.bindBlob(name, bytes);
        return {};
    }
    if (auto staged = m_engine->stage(m_connection, bytes); !staged)
        return staged;
    statement.bindNull(name);
    return {};
}

Result<void> Database::run(const QString& sql)
{
    QSqlQuery query(m_connection);
    if (m_engine->exec(query, sql))
        return {};
    return m_engine->toError(query.lastError(), sql.left(80));
}

Result<std::optional<std::int64_t>> Database::number(const QString& sql)
{
    QSqlQuery query(m_connection);
    query.setForwardOnly(traits().readsForward);
    if (!m_engine->exec(query, sql))
        return m_engine->toError(query.lastError(), sql.left(80));
    return query.next() ? std::optional<std::int64_t>(query.value(0).toLongLong()) : std::nullopt;
}

Result<void> Database::makePartition(TimePoint day)
{
    return m_engine->makePartition(m_connection, toMicros(day));
}

Result<void> Database::begin()
{
    const QString sql = QLatin1String(traits().begin);
    return m_engine->post(sql) ? Result<void>() : run(sql);
}

Result<void> Database::commit()
{
    // Not QSqlDatabase::commit(): it loses the database's error code.
    return run(QStringLiteral("COMMIT"));
}

void Database::rollback()
{
    m_engine->forgetPosted();
    for (const auto& [key, statement] : m_statements)
        statement->finish();
    if (m_engine->isInTransaction()) {
        if (const auto done = run(QStringLiteral("ROLLBACK")); !done)
            qCWarning(lcStore, "rollback: %s", done.error().toString().c_str());
    }
}

} // namespace luthien::store
