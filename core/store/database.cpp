// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"

#include "base/logging.h"

#include <QFile>
#include <QRegularExpression>
#include <QSqlError>
#include <QUuid>
#include <QVariant>

#include <algorithm>
#include <array>

static void initialiseResources()
{
    Q_INIT_RESOURCE(store_sql); // must be called outside of any namespace
}

namespace luthien::store {

namespace {
constexpr const char* kInstance = ":instance";

QString toText(std::string_view text)
{
    QString result = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    result.replace(QChar(), QChar(QChar::ReplacementCharacter));
    return result.isNull() ? QLatin1String("") : result; // a null string would be bound as NULL
}

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

Statement& Statement::row(int number)
{
    m_suffix = QLatin1Char('_') + QString::number(number);
    return *this;
}

void Statement::bindValue(const char* name, const QVariant& value)
{
    m_query.bindValue(QLatin1String(name) + m_suffix, value);
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
    if (m_engine.ask([&] { return m_query.exec(); }))
        return {};
    return m_engine.toError(m_query.lastError(), m_query.lastQuery().left(80));
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
    return m_engine.toError(m_query.lastError(), m_query.lastQuery().left(80));
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
    QSqlQuery query(m_connection);
    query.setForwardOnly(traits().readsForward);
    if (!m_engine->ask([&] { return query.prepare(rows == 1 ? sql : forRows(sql, rows)); }))
        return m_engine->toError(query.lastError(), QLatin1String(name));
    if (sql.contains(QLatin1String(kInstance)))
        query.bindValue(QLatin1String(kInstance), static_cast<qlonglong>(m_instance)); // it stays bound
    return m_statements.emplace(key, std::make_unique<Statement>(*m_engine, std::move(query))).first->second.get();
}

Result<std::unique_ptr<Statement>> Database::statementWhere(const char* name, std::string_view condition)
{
    QString sql = sqlOf(traits().folder, name);
    // A list chooses its rows right before it orders them.
    const auto order = sql.lastIndexOf(QLatin1String("ORDER BY"));
    if (order < 0)
        return Error{ErrorCode::Internal, "this query is no list", name};
    sql.insert(order, QLatin1String("AND ") + toText(condition) + QLatin1Char('\n'));
    QSqlQuery query(m_connection);
    query.setForwardOnly(traits().readsForward);
    if (!m_engine->ask([&] { return query.prepare(sql); }))
        return m_engine->toError(query.lastError(), QLatin1String(name));
    return std::make_unique<Statement>(*m_engine, std::move(query));
}

Result<void> Database::bindLarge(Statement& statement, const char* name, std::string_view bytes)
{
    if (bytes.size() <= traits().maxBoundBytes) {
        statement.bindBlob(name, bytes);
        return {};
    }
    if (auto staged = m_engine->ask([&] { return m_engine->stage(m_connection, bytes); }); !staged)
        return staged;
    statement.bindNull(name);
    return {};
}

Result<void> Database::run(const QString& sql)
{
    QSqlQuery query(m_connection);
    if (m_engine->ask([&] { return query.exec(sql); }))
        return {};
    return m_engine->toError(query.lastError(), sql.left(80));
}

Result<std::optional<std::int64_t>> Database::number(const QString& sql)
{
    QSqlQuery query(m_connection);
    query.setForwardOnly(traits().readsForward);
    if (!m_engine->ask([&] { return query.exec(sql); }))
        return m_engine->toError(query.lastError(), sql.left(80));
    return query.next() ? std::optional<std::int64_t>(query.value(0).toLongLong()) : std::nullopt;
}

Result<void> Database::makePartition(TimePoint day)
{
    return m_engine->makePartition(m_connection, toMicros(day));
}

Result<void> Database::begin()
{
    return run(QLatin1String(traits().begin));
}

Result<void> Database::commit()
{
    // Not QSqlDatabase::commit(): it loses the database's error code.
    return run(QStringLiteral("COMMIT"));
}

void Database::rollback()
{
    for (const auto& [key, statement] : m_statements)
        statement->finish();
    if (m_engine->isInTransaction()) {
        if (const auto done = run(QStringLiteral("ROLLBACK")); !done)
            qCWarning(lcStore, "rollback: %s", done.error().toString().c_str());
    }
}

} // namespace luthien::store
