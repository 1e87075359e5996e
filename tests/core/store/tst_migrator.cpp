// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "store/migrator.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace luthien;
using namespace luthien::store;

class TestMigrator : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEmptyDatabaseGetsEverything();
    void theFirstReleasesDatabaseKeepsItsRows();
    void stepsAlreadyMadeAreNotRepeated();
    void aNewerDatabaseIsRefused();
    void aStepMadeFromAnotherFileIsRefused();
    void aFailingStepLeavesNothingBehind();
    void readersRefuseAnOlderDatabase();
};

namespace {
std::unique_ptr<Database> openDatabase(const QTemporaryDir& directory)
{
    return std::move(*Database::open(directory.path().toStdString(), Database::Access::ReadWrite));
}

std::int64_t numberOf(Database& database, const QString& sql)
{
    const auto number = database.number(sql);
    return number ? number->value_or(-1) : -2;
}

const QString kTables = QStringLiteral("SELECT count(*) FROM sqlite_schema WHERE type = 'table'");
} // namespace

void TestMigrator::anEmptyDatabaseGetsEverything()
{
    QTemporaryDir directory;
    const auto database = openDatabase(directory);
    const auto migrations = builtInMigrations();
    QVERIFY(!migrations.empty());
    for (std::size_t i = 0; i < migrations.size(); ++i)
        QCOMPARE(migrations[i].number, static_cast<int>(i) + 1);
    const auto done = migrate(*database, migrations);
    QVERIFY2(done, done ? "" : done.error().toString().c_str());
    QVERIFY(checkSchema(*database, migrations));
    QCOMPARE(numberOf(*database, QStringLiteral("PRAGMA page_size")), 8192);
    QCOMPARE(numberOf(*database, QStringLiteral("PRAGMA auto_vacuum")), 2);
    QCOMPARE(numberOf(*database, QStringLiteral("PRAGMA secure_delete")), 1);
    QCOMPARE(numberOf(*database, QStringLiteral("SELECT commit_number FROM store_state")), 0);
}

void TestMigrator::theFirstReleasesDatabaseKeepsItsRows()
{
    QTemporaryDir directory;
    const auto all = builtInMigrations();
    const auto database = openDatabase(directory);
    QVERIFY(migrate(*database, {all.begin(), all.begin() + 2}));
    QVERIFY(database->run(QStringLiteral(
        "INSERT INTO session (uid, client, agent, preview, calls, open_calls, turns, first_us, last_us, last_status, "
        "last_ended_us, input_tokens, output_tokens, block_decisions, replace_decisions, hold_decisions) "
        "VALUES ('s', '', '', '', 1, 0, 0, 1, 2, 1, 2, 0, 0, 0, 0, 0)")));
    QVERIFY(database->run(QStringLiteral(
        "INSERT INTO call (uid, session_id, session_derived, agent, parent_agent, client, client_version, user_label, "
        "trace_id, upstream, api, method, path, model, preview, stream, status, started_us) "
        "VALUES (x'01', 1, 0, '', '', '', '', '', '', '', 0, '', '', '', '', 0, 1, 1)")));
    const auto done = migrate(*database, all);
    QVERIFY2(done, done ? "" : done.error().toString().c_str());
    QCOMPARE(numberOf(*database, QStringLiteral("SELECT shadow_decisions FROM session WHERE uid = 's'")), 0);
    QCOMPARE(
        numberOf(*database, QStringLiteral("SELECT count(*) FROM call_row WHERE session_uid = 's' AND status = 1")), 1);
    QCOMPARE(numberOf(*database, QStringLiteral("SELECT policies_seeded FROM store_state")), 0);
}

void TestMigrator::stepsAlreadyMadeAreNotRepeated()
{
    QTemporaryDir directory;
    const std::vector<Migration> first = {{1, "0001_a.sql", "CREATE TABLE a (x)\n--;\nINSERT INTO a VALUES (1)"}};
    auto both = first;
    both.push_back({2, "0002_b.sql", "INSERT INTO a VALUES (2)"});
    QVERIFY(migrate(*openDatabase(directory), first));
    QVERIFY(migrate(*openDatabase(directory), both));
    QVERIFY(migrate(*openDatabase(directory), both));
    QCOMPARE(numberOf(*openDatabase(directory), QStringLiteral("SELECT sum(x) FROM a")), 3);
}

void TestMigrator::aNewerDatabaseIsRefused()
{
    QTemporaryDir directory;
    const std::vector<Migration> newer = {{1, "0001_a.sql", "CREATE TABLE a (x)"},
                                          {2, "0002_b.sql", "CREATE TABLE b (x)"}};
    const std::vector<Migration> older = {newer.front()};
    QVERIFY(migrate(*openDatabase(directory), newer));
    const auto database = openDatabase(directory);
    const auto refused = migrate(*database, older);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Unsupported);
    QCOMPARE(checkSchema(*database, older).error().code, ErrorCode::Unsupported);
}

void TestMigrator::aStepMadeFromAnotherFileIsRefused()
{
    QTemporaryDir directory;
    QVERIFY(migrate(*openDatabase(directory), {{1, "0001_a.sql", "CREATE TABLE a (x)"}}));
    const auto refused = migrate(*openDatabase(directory), {{1, "0001_a.sql", "CREATE TABLE a (y)"}});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
}

void TestMigrator::aFailingStepLeavesNothingBehind()
{
    QTemporaryDir directory;
    const auto database = openDatabase(directory);
    QVERIFY(!migrate(*database, {{1, "0001_a.sql", "CREATE TABLE a (x)\n--;\nCREATE TABLE nonsense"}}));
    QCOMPARE(numberOf(*database, kTables), 1); // the list of steps
    QVERIFY(migrate(*database, {{1, "0001_a.sql", "CREATE TABLE a (x)"}}));
    QCOMPARE(numberOf(*database, kTables), 2);
}

void TestMigrator::readersRefuseAnOlderDatabase()
{
    QTemporaryDir directory;
    const auto database = openDatabase(directory);
    QCOMPARE(checkSchema(*database, builtInMigrations()).error().code, ErrorCode::Unsupported);
}

LUTHIEN_TEST(tst_migrator, TestMigrator)
#include "tst_migrator.moc"
