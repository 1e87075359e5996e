// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/database.h"
#include "support/postgres_server.h"

#include <QRegularExpression>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QtTest>

#include <optional>
#include <string>

namespace luthien::test {

/// Rows for initTestCase_data(): every test of the class then runs once for each database.
inline void addEngines()
{
    QTest::addColumn<QString>("engine");
    QTest::newRow("sqlite") << QStringLiteral("sqlite");
    QTest::newRow("postgres") << QStringLiteral("postgres");
}

/// A data directory of the test's own, with a database of the kind that the row of addEngines() names.
class TestDatabase
{
public:
    using Content = PostgresServer::Content;

    /// Content says what there is with PostgreSQL; with SQLite there is nothing yet.
    explicit TestDatabase(Content content = Content::Schema)
        : TestDatabase(
              [] {
                  QFETCH_GLOBAL(QString, engine);
                  return engine;
              }(),
              content)
    {
    }
    explicit TestDatabase(const QString& engine, Content content = Content::Schema)
    {
        if (engine == QLatin1String("sqlite"))
            return;
        m_server = PostgresServer::shared();
        m_name = m_server != nullptr ? m_server->makeDatabase(content) : QString();
        m_url = m_server != nullptr ? m_server->url(m_name) : std::string("postgresql:///none?host=/nowhere");
    }
    ~TestDatabase()
    {
        if (!m_name.isEmpty())
            m_server->dropDatabase(m_name);
    }
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    [[nodiscard]] QString path() const { return m_directory.path(); }
    [[nodiscard]] QString filePath(const QString& name) const { return m_directory.filePath(name); }
    [[nodiscard]] const std::string& url() const { return m_url; }
    [[nodiscard]] bool isSqlite() const { return location().isSqlite(); }
    [[nodiscard]] store::DatabaseLocation location() const { return {m_directory.path().toStdString(), m_url}; }

    /// A connection beside the store's; null, with a line that says why, if there is none.
    [[nodiscard]] std::unique_ptr<store::Database> connect(store::Access access = store::Access::ReadWrite) const
    {
        auto opened = store::Database::open(location(), access);
        if (!opened)
            qCritical("%s", opened.error().toString().c_str());
        return opened ? *std::move(opened) : nullptr;
    }
    /// First column of the first row; -1 if there is none or it cannot be had, with a line that says why.
    [[nodiscard]] std::int64_t ask(const QString& sql) const
    {
        const auto database = connect();
        const auto number = database ? database->number(sql) : Result<std::optional<std::int64_t>>(Error{});
        if (!number)
            qCritical("%s", number.error().toString().c_str());
        return number ? number->value_or(-1) : -1;
    }

    /// One column of everything that some statements give, over a connection of QtSql's own; "failed: ..." in
    /// the place of a statement that cannot be run.
    [[nodiscard]] QStringList texts(const QStringList& statements, int column = 0) const
    {
        QStringList all;
        const QString name = QStringLiteral("texts");
        {
            auto connection = QSqlDatabase::addDatabase(QLatin1String(isSqlite() ? "QSQLITE" : "QPSQL"), name);
            connection.setDatabaseName(isSqlite() ? filePath(QLatin1String(store::Database::kFileName)) : m_name);
            if (!isSqlite()) {
                connection.setUserName(QStringLiteral("luthien"));
                connection.setHostName(m_server->directory());
            }
            connection.open();
            for (const QString& sql : statements) {
                QSqlQuery query(connection);
                if (!query.exec(sql))
                    all.append(QStringLiteral("failed: ") + query.lastError().text());
                while (query.next())
                    all.append(query.value(column).toString());
            }
        }
        QSqlDatabase::removeDatabase(name);
        return all;
    }
    /// From now on the database refuses what event ("INSERT", "UPDATE OF x", "DELETE") does to a row of table where
    /// condition holds; it may name new and old. False, with a line that says why, if that cannot be had.
    [[nodiscard]] bool refuse(const QString& event, const QString& table, const QString& condition) const
    {
        const auto database = connect();
        const auto done = [&] {
            if (isSqlite())
                return database->run(
                    QStringLiteral("CREATE TRIGGER refuse BEFORE %1 ON %2 WHEN %3 BEGIN SELECT RAISE(ABORT, 'no'); END")
                        .arg(event, table, condition));
            auto made = database->run(
                QStringLiteral("CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN IF %1 THEN RAISE "
                               "EXCEPTION USING ERRCODE = ''check_violation''; END IF; RETURN COALESCE(new, old); END'")
                    .arg(QString(condition).replace(QLatin1Char('\''), QLatin1String("\'\'"))));
            return made ? database->run(QStringLiteral("CREATE TRIGGER refuse BEFORE %1 ON %2 FOR EACH ROW EXECUTE "
                                                       "FUNCTION refuse()")
                                            .arg(event, table))
                        : made;
        }();
        if (!done)
            qCritical("%s", done.error().toString().c_str());
        return done.hasValue();
    }
    /// SQL with bytes as SQLite writes them, as this database does.
    [[nodiscard]] QString inDialect(QString sql) const
    {
        if (isSqlite())
            return sql;
        static const QRegularExpression bytes(QStringLiteral("x'([0-9a-f]*)'"));
        return sql.replace(bytes, QStringLiteral("'\\x\\1'::BYTEA"))
            .replace(QLatin1String("AS BLOB"), QLatin1String("AS BYTEA"));
    }

private:
    QTemporaryDir m_directory;
    PostgresServer* m_server = nullptr;
    QString m_name;
    std::string m_url{"sqlite"};
};

} // namespace luthien::test
