// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/daemon_fixture.h"
#include "store/database.h"
#include "store/migrator.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QtTest>

using namespace luthien;
using namespace luthien::test;

class TestMaintenanceCommands : public DaemonFixture
{
    Q_OBJECT
private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }
    void healthTellsTroubleFromDeath();
    void migratesWhatAnEarlierVersionMade();
    void aNewerDatabaseIsLeftAlone();
    void migratesNothingUnderARunningInstance();
    void aServersInstanceIsInTheWayOnlyOfItsOwnDatabase();

private:
    [[nodiscard]] Outcome migrate() { return run({QStringLiteral("migrate")}); }
    [[nodiscard]] std::unique_ptr<store::Database> database()
    {
        std::filesystem::create_directories(path("data"));
        auto opened = store::Database::open({path("data")}, store::Access::ReadWrite);
        return opened ? *std::move(opened) : nullptr;
    }
    [[nodiscard]] Outcome health() { return run({QStringLiteral("health")}); }
};

void TestMaintenanceCommands::healthTellsTroubleFromDeath()
{
    QCOMPARE(health().code, 1);
    QVERIFY(serve());
    const std::string address = m_ready.at("proxy").as_string().c_str();
    const Outcome well = health();
    QCOMPARE(well.code, 0);
    QCOMPARE(well.out, "ready: " + address + '\n');
    {
        // Somebody keeps the database locked: what is recorded waits in the journal.
        auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("lock"));
        database.setDatabaseName(QString::fromStdString(path("data/luthien.db")));
        QSqlQuery query(database.open() ? database : QSqlDatabase());
        QVERIFY(query.exec(QStringLiteral("BEGIN IMMEDIATE")));
        QVERIFY(streamACall().find("[DONE]") != std::string::npos);
        Outcome troubled;
        QTRY_VERIFY_WITH_TIMEOUT((troubled = health()).code == 3, 60'000);
        QVERIFY2(troubled.out.starts_with("degraded: " + address + ": "), troubled.out.c_str());
        QVERIFY2(troubled.out.find("journal") != std::string::npos, troubled.out.c_str());
        QVERIFY(query.exec(QStringLiteral("ROLLBACK")));
    }
    QSqlDatabase::removeDatabase(QStringLiteral("lock"));
    QTRY_COMPARE_WITH_TIMEOUT(health().code, 0, 60'000);
}

void TestMaintenanceCommands::migratesWhatAnEarlierVersionMade()
{
    int newest = 0;
    {
        const auto old = database();
        const auto all = store::builtInMigrations(*old);
        newest = all.back().number;
        QVERIFY(store::migrate(*old, {all.begin(), all.end() - 2}));
    }
    const Outcome migrated = migrate();
    QVERIFY2(migrated.code == 0, migrated.error.c_str());
    QCOMPARE(migrated.out, "the database is up to date\n");
    QCOMPARE(store::schemaNumber(*database()).value(), newest);
    QCOMPARE(migrate().code, 0); // there is nothing left to do
}

void TestMaintenanceCommands::aNewerDatabaseIsLeftAlone()
{
    QCOMPARE(migrate().code, 0);
    QVERIFY(database()->run(QStringLiteral("INSERT INTO schema_migration (number, name, hash, applied_us) "
                                           "VALUES (9999, '9999_later.sql', x'00', 0)")));
    const Outcome refused = migrate();
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.error.find("newer") != std::string::npos, refused.error.c_str());
    QCOMPARE(store::schemaNumber(*database()).value(), 9999);
}

void TestMaintenanceCommands::migratesNothingUnderARunningInstance()
{
    QVERIFY(serve());
    const Outcome refused = migrate();
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.error.find("is in use by luthiend") != std::string::npos, refused.error.c_str());
}

void TestMaintenanceCommands::aServersInstanceIsInTheWayOnlyOfItsOwnDatabase()
{
    const TestDatabase server(QStringLiteral("postgres"), TestDatabase::Content::Nothing);
    const auto url = QString::fromStdString(server.url());
    const auto migrateServer = [&] { return run({QStringLiteral("migrate"), QStringLiteral("--database"), url}); };
    QVERIFY(serve()); // in SQLite
    const Outcome made = migrateServer();
    QVERIFY2(made.code == 0, made.error.c_str());
    QVERIFY(server.ask(QStringLiteral("SELECT max(number) FROM schema_migration")) > 0);
    QCOMPARE(server.ask(QStringLiteral("SELECT count(*) FROM instance")), 0);
    m_server->terminate();
    QVERIFY(m_server->waitForFinished());
    m_variables.insert(QStringLiteral("LUTHIEN_DATABASE"), url);
    QVERIFY(serve());
    const Outcome refused = migrateServer();
    m_variables.remove(QStringLiteral("LUTHIEN_DATABASE"));
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.error.find("the running instance records in this database; stop it") != std::string::npos,
             refused.error.c_str());
}

LUTHIEN_TEST(tst_maintenance_commands, TestMaintenanceCommands)
#include "tst_maintenance_commands.moc"
