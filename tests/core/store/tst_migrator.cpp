// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "store/migrator.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::store;
using luthien::test::TestDatabase;
using Content = luthien::test::TestDatabase::Content;

class TestMigrator : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void anEmptyDatabaseGetsEverything();
    void theFirstReleasesDatabaseKeepsItsRows();
    void stepsAlreadyMadeAreNotRepeated();
    void aNewerDatabaseIsRefused();
    void aStepMadeFromAnotherFileIsRefused();
    void aFailingStepLeavesNothingBehind();
    void readersRefuseAnOlderDatabase();
    void everyEarlierVersionComesToTheSame_data();
    void everyEarlierVersionComesToTheSame();
    void bothDatabasesHaveTheSameSteps();
    void bothDatabasesHaveTheSameSchema();
};

namespace {
std::unique_ptr<Database> openDatabase(const TestDatabase& directory)
{
    return directory.connect();
}

std::int64_t numberOf(Database& database, const QString& sql)
{
    const auto number = database.number(sql);
    return number ? number->value_or(-1) : -2;
}

/// Tables, views, columns and indexes by name.
QStringList schemaOf(const TestDatabase& test)
{
    QStringList names = test.texts(
        test.isSqlite()
            ? QStringList{QStringLiteral("SELECT relation.name || '.' || column.name FROM sqlite_schema AS relation, "
                                         "pragma_table_info(relation.name) AS column "
                                         "WHERE relation.type IN ('table', 'view')"),
                          QStringLiteral("SELECT tbl_name || ' by ' || name FROM sqlite_schema "
                                         "WHERE type = 'index' AND sql IS NOT NULL")}
            : QStringList{QStringLiteral("SELECT table_name || '.' || column_name FROM information_schema.columns "
                                         "WHERE table_schema = 'public'"),
                          QStringLiteral("SELECT tablename || ' by ' || indexname FROM pg_indexes "
                                         "WHERE schemaname = 'public' AND indexname NOT LIKE '%\\_key'")});
    // Each database keeps the words of texts in its own way.
    names.removeIf([](const QString& name) {
        return name.endsWith(QLatin1String("_pkey")) || name.startsWith(QLatin1String("search_words"));
    });
    names.sort();
    return names;
}

Result<void> migrateTo(const TestDatabase& test, std::size_t steps)
{
    const auto database = test.connect();
    const auto all = builtInMigrations(*database);
    return migrate(*database, {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(steps, all.size()))});
}

constexpr std::size_t kAll = 9999;
} // namespace

void TestMigrator::anEmptyDatabaseGetsEverything()
{
    const TestDatabase directory(Content::Nothing);
    const auto database = openDatabase(directory);
    const auto migrations = builtInMigrations(*database);
    QVERIFY(!migrations.empty());
    for (std::size_t i = 0; i < migrations.size(); ++i)
        QCOMPARE(migrations[i].number, static_cast<int>(i) + 1);
    const auto done = migrate(*database, migrations);
    QVERIFY2(done, done ? "" : done.error().toString().c_str());
    QVERIFY(checkSchema(*database, migrations));
    if (directory.isSqlite()) {
        QCOMPARE(numberOf(*database, QStringLiteral("PRAGMA page_size")), 8192);
        QCOMPARE(numberOf(*database, QStringLiteral("PRAGMA auto_vacuum")), 2);
        QCOMPARE(numberOf(*database, QStringLiteral("PRAGMA secure_delete")), 1);
    }
    QCOMPARE(numberOf(*database, QStringLiteral("SELECT commit_number FROM store_state")), 0);
}

void TestMigrator::theFirstReleasesDatabaseKeepsItsRows()
{
    const TestDatabase directory(Content::Nothing);
    const auto database = openDatabase(directory);
    const auto all = builtInMigrations(*database);
    QVERIFY(migrate(*database, {all.begin(), all.begin() + 2}));
    QVERIFY(database->run(QStringLiteral(
        "INSERT INTO session (uid, client, agent, preview, calls, open_calls, turns, first_us, last_us, last_status, "
        "last_ended_us, input_tokens, output_tokens, block_decisions, replace_decisions, hold_decisions) "
        "VALUES ('s', '', '', '', 1, 0, 0, 1, 2, 1, 2, 0, 0, 0, 0, 0)")));
    QVERIFY(database->run(directory.inDialect(QStringLiteral(
        "INSERT INTO call (uid, session_id, session_derived, agent, parent_agent, client, client_version, user_label, "
        "trace_id, upstream, api, method, path, model, preview, stream, status, started_us) "
        "VALUES (x'01', 1, 0, '', '', '', '', '', '', '', 0, '', '', '', '', 0, 1, 1)"))));
    const auto done = migrate(*database, all);
    QVERIFY2(done, done ? "" : done.error().toString().c_str());
    QCOMPARE(numberOf(*database, QStringLiteral("SELECT shadow_decisions FROM session WHERE uid = 's'")), 0);
    QCOMPARE(
        numberOf(*database, QStringLiteral("SELECT count(*) FROM call_row WHERE session_uid = 's' AND status = 1")), 1);
    QCOMPARE(numberOf(*database, QStringLiteral("SELECT policies_seeded FROM store_state")), 0);
}

void TestMigrator::stepsAlreadyMadeAreNotRepeated()
{
    const TestDatabase directory(Content::Nothing);
    const std::vector<Migration> first = {
        {1, "0001_a.sql", "CREATE TABLE a (x BIGINT)\n--;\nINSERT INTO a VALUES (1)"}};
    auto both = first;
    both.push_back({2, "0002_b.sql", "INSERT INTO a VALUES (2)"});
    QVERIFY(migrate(*openDatabase(directory), first));
    QVERIFY(migrate(*openDatabase(directory), both));
    QVERIFY(migrate(*openDatabase(directory), both));
    QCOMPARE(numberOf(*openDatabase(directory), QStringLiteral("SELECT max(x) + count(*) FROM a")), 4);
}

void TestMigrator::aNewerDatabaseIsRefused()
{
    const TestDatabase directory(Content::Nothing);
    const std::vector<Migration> newer = {{1, "0001_a.sql", "CREATE TABLE a (x BIGINT)"},
                                          {2, "0002_b.sql", "CREATE TABLE b (x BIGINT)"}};
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
    const TestDatabase directory(Content::Nothing);
    QVERIFY(migrate(*openDatabase(directory), {{1, "0001_a.sql", "CREATE TABLE a (x BIGINT)"}}));
    const auto refused = migrate(*openDatabase(directory), {{1, "0001_a.sql", "CREATE TABLE a (y BIGINT)"}});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
}

void TestMigrator::aFailingStepLeavesNothingBehind()
{
    const TestDatabase directory(Content::Nothing);
    const auto database = openDatabase(directory);
    QVERIFY(!migrate(*database, {{1, "0001_a.sql", "CREATE TABLE a (x BIGINT)\n--;\nCREATE TABLE nonsense"}}));
    QCOMPARE(schemaOf(directory).filter(QRegularExpression(QStringLiteral("^(?!schema_migration)"))), QStringList());
    QVERIFY(migrate(*database, {{1, "0001_a.sql", "CREATE TABLE a (x BIGINT)"}}));
    QVERIFY(schemaOf(directory).contains(QStringLiteral("a.x")));
}

void TestMigrator::readersRefuseAnOlderDatabase()
{
    const TestDatabase directory(Content::Nothing);
    const auto database = openDatabase(directory);
    QCOMPARE(checkSchema(*database, builtInMigrations(*database)).error().code, ErrorCode::NotFound);
    QVERIFY(migrateTo(directory, 1));
    QCOMPARE(checkSchema(*database, builtInMigrations(*database)).error().code, ErrorCode::Unsupported);
}

void TestMigrator::everyEarlierVersionComesToTheSame_data()
{
    QTest::addColumn<std::size_t>("steps");
    const TestDatabase directory(QStringLiteral("sqlite"));
    for (std::size_t steps = 1; steps < builtInMigrations(*directory.connect()).size(); ++steps)
        QTest::addRow("after step %zu", steps) << steps;
}

void TestMigrator::everyEarlierVersionComesToTheSame()
{
    QFETCH(std::size_t, steps);
    const TestDatabase fromEmpty(Content::Nothing);
    const TestDatabase fromEarlier(Content::Nothing);
    for (const auto& [test, count] : {std::pair(&fromEmpty, kAll), {&fromEarlier, steps}, {&fromEarlier, kAll}}) {
        const auto done = migrateTo(*test, count);
        QVERIFY2(done, done ? "" : done.error().toString().c_str());
    }
    QVERIFY(schemaOf(fromEmpty).size() > 150);
    QCOMPARE(schemaOf(fromEarlier), schemaOf(fromEmpty));
}

void TestMigrator::bothDatabasesHaveTheSameSteps()
{
    const auto stepsOf = [](const char* engine) {
        QStringList names;
        for (const Migration& step : builtInMigrations(*TestDatabase(QLatin1String(engine)).connect()))
            names.append(QString::fromStdString(step.name));
        return names;
    };
    QCOMPARE(stepsOf("postgres"), stepsOf("sqlite"));
}

void TestMigrator::bothDatabasesHaveTheSameSchema()
{
    const TestDatabase sqlite(QStringLiteral("sqlite"));
    const TestDatabase postgres(QStringLiteral("postgres"), Content::Nothing);
    QVERIFY(migrateTo(sqlite, kAll) && migrateTo(postgres, kAll));
    QCOMPARE(schemaOf(postgres), schemaOf(sqlite));
}

LUTHIEN_TEST(tst_migrator, TestMigrator)
#include "tst_migrator.moc"
