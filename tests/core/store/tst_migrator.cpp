// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "store/migrator.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QtTest>

#include <array>

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
    void aDifferenceIsNoticed();
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

/// Everything that the database itself says of each table, view, column, index and constraint.
const QStringList kSqliteDefinitions = {
    QStringLiteral("SELECT type || ' ' || tbl_name || '.' || name || ': ' || coalesce(sql, '') FROM sqlite_schema")};
const QStringList kPostgresDefinitions = {
    QStringLiteral(
        "SELECT relation.relname || ' ' || relation.relkind::TEXT || ' ' || coalesce(relation.reloptions::TEXT, "
        "'') || CASE relation.relkind WHEN 'p' THEN pg_get_partkeydef(relation.oid) "
        "WHEN 'v' THEN pg_get_viewdef(relation.oid) ELSE '' END FROM pg_class AS relation "
        "WHERE relation.relnamespace = 'public'::regnamespace"),
    QStringLiteral(
        "SELECT attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod) || "
        "' not null ' || attnotnull || ' storage ' || attstorage::TEXT || attcompression::TEXT || ' identity ' "
        "|| attidentity::TEXT || ' default ' || coalesce(pg_get_expr(adbin, adrelid), '') FROM pg_class AS relation "
        "JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped "
        "LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum "
        "WHERE relation.relnamespace = 'public'::regnamespace AND relation.relkind IN ('r', 'p', 'v')"),
    QStringLiteral("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"),
    QStringLiteral("SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint "
                   "WHERE connamespace = 'public'::regnamespace"),
    QStringLiteral("SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"),
    QStringLiteral("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal")};

QStringList sorted(QStringList texts)
{
    texts.sort();
    return texts;
}

QStringList definitionsOf(const TestDatabase& test)
{
    return sorted(test.texts(test.isSqlite() ? kSqliteDefinitions : kPostgresDefinitions));
}

/// The same in words of our own, which both databases can be put into: columns with type and NOT NULL, keys, and
/// indexes with their columns and conditions. Of views the names of their columns.
const QStringList kSqliteSchema = {
    QStringLiteral("SELECT relation.name || '.' || field.name || CASE relation.type WHEN 'view' THEN '' ELSE "
                   "CASE field.type WHEN 'INTEGER' THEN ' number' WHEN 'BIGINT' THEN ' number' WHEN 'TEXT' THEN ' "
                   "text' WHEN 'BLOB' THEN ' bytes' "
                   "WHEN 'REAL' THEN ' real' ELSE ' ' || field.type END || "
                   "CASE WHEN field.\"notnull\" <> 0 OR field.pk > 0 THEN ' not null' ELSE '' END END "
                   "FROM sqlite_schema AS relation, pragma_table_info(relation.name) AS field "
                   "WHERE relation.type IN ('table', 'view')"),
    QStringLiteral("SELECT name || ' key ' || (SELECT group_concat(name) FROM (SELECT name FROM "
                   "pragma_table_info(relation.name) WHERE pk > 0 ORDER BY pk)) FROM sqlite_schema AS relation "
                   "WHERE type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(relation.name) WHERE pk > 0)"),
    QStringLiteral(
        "SELECT relation.name || CASE list.origin WHEN 'u' THEN ' unique ' ELSE ' by ' || list.name || ' ' END || "
        "(SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(list.name) ORDER BY seqno)) || "
        "CASE WHEN list.\"unique\" <> 0 THEN ' one' ELSE '' END || "
        "coalesce((SELECT substr(entry.sql, instr(entry.sql, ' WHERE ')) FROM sqlite_schema AS entry "
        "WHERE entry.name = list.name AND instr(entry.sql, ' WHERE ') > 0), '') "
        "FROM sqlite_schema AS relation, pragma_index_list(relation.name) AS list "
        "WHERE relation.type = 'table' AND list.origin <> 'pk'")};
const QStringList kPostgresSchema = {
    QStringLiteral(
        "SELECT relation.relname || '.' || attname || CASE relation.relkind WHEN 'v' THEN '' ELSE "
        "CASE format_type(atttypid, NULL) WHEN 'bigint' THEN ' number' WHEN 'integer' THEN ' number' "
        "WHEN 'bytea' THEN ' bytes' WHEN 'double precision' THEN ' real' "
        "ELSE ' ' || format_type(atttypid, NULL) END || CASE WHEN attnotnull THEN ' not null' ELSE '' END END "
        "FROM pg_class AS relation JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 "
        "AND NOT attisdropped WHERE relation.relnamespace = 'public'::regnamespace "
        "AND relation.relkind IN ('r', 'p', 'v') AND NOT relation.relispartition"),
    QStringLiteral(
        "SELECT relation.relname || CASE WHEN indisprimary THEN ' key ' WHEN EXISTS (SELECT 1 FROM pg_constraint "
        "WHERE conindid = indexrelid AND contype = 'u') THEN ' unique ' ELSE ' by ' || entry.relname || ' ' END || "
        "(SELECT string_agg(pg_get_indexdef(indexrelid, place, true), ',' ORDER BY place) "
        "FROM generate_series(1, indnkeyatts) AS place) || "
        "CASE WHEN indisunique AND NOT indisprimary THEN ' one' ELSE '' END || "
        "coalesce(' WHERE ' || pg_get_expr(indpred, indrelid, true), '') "
        "FROM pg_index JOIN pg_class AS relation ON relation.oid = indrelid "
        "JOIN pg_class AS entry ON entry.oid = indexrelid "
        "WHERE relation.relnamespace = 'public'::regnamespace AND NOT relation.relispartition")};

/// A condition as either database writes it, without what only one of them does.
QString plainCondition(QString condition)
{
    static const QRegularExpression noise(QStringLiteral("::\\w+|[()\"\\s]"));
    static const QRegularExpression list(QStringLiteral("=any[a-z]*\\[([^]]*)\\]"));
    return condition.toLower().remove(noise).replace(list, QStringLiteral("in\\1"));
}

QStringList schemaOf(const TestDatabase& test)
{
    QStringList lines = test.texts(test.isSqlite() ? kSqliteSchema : kPostgresSchema);
    // Each database keeps the words of texts in its own way.
    lines.removeIf([](const QString& line) { return line.startsWith(QLatin1String("search_words")); });
    for (QString& line : lines) {
        line.remove(QLatin1Char('"'));
        const auto condition = line.indexOf(QLatin1String(" WHERE "));
        if (condition >= 0)
            line = line.left(condition) + QLatin1String(" if ") + plainCondition(line.mid(condition + 7));
    }
    return sorted(lines);
}

/// What stands in SQLite, and what in its place in PostgreSQL; null = nothing.
struct Difference
{
    const char* sqlite;
    const char* postgres;
};
const std::array kDifferences = {
    // A partitioned table has no index over all of its parts: what is unique must hold what it is parted by.
    Difference{"block key id", nullptr},
    Difference{"block by block_by_call call_id,seq one", "block by block_by_call call_id,seq,start_us one"},
    // These belong to an instance, and a SQLite file has one.
    Difference{"evidence key id", "evidence key instance_id,id"},
    Difference{"policy key position", "policy key instance_id,position"},
    Difference{"policy unique id one", "policy unique instance_id,id one"},
    Difference{"policy_mode key id", "policy_mode key instance_id,id"},
};
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
    QCOMPARE(schemaOf(directory).filter(QRegularExpression(QStringLiteral("^a[.]x "))).size(), 1);
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
    QVERIFY(definitionsOf(fromEmpty).size() > 60);
    QCOMPARE(definitionsOf(fromEarlier), definitionsOf(fromEmpty));
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
    QStringList expected = schemaOf(sqlite);
    QVERIFY(expected.size() > 300);
    for (const Difference& known : kDifferences) {
        const auto place = expected.indexOf(QLatin1String(known.sqlite));
        QVERIFY2(place >= 0, known.sqlite);
        expected.removeAt(place);
        if (known.postgres != nullptr)
            expected.append(QLatin1String(known.postgres));
    }
    QCOMPARE(schemaOf(postgres), sorted(expected));
}

void TestMigrator::aDifferenceIsNoticed()
{
    struct Variant
    {
        const char* columns;
        const char* index;
        bool isInSchema = true; ///< and not only in the full definitions
    };
    constexpr Variant plain{"x BIGINT NOT NULL DEFAULT 0, y BIGINT", "INDEX b ON a (x) WHERE y IS NULL"};
    const auto make = [](const TestDatabase& test, const Variant& variant) {
        const auto database = test.connect();
        return database->run(QStringLiteral("DROP TABLE IF EXISTS a")) &&
               database->run(QStringLiteral("CREATE TABLE a (%1)").arg(QLatin1String(variant.columns))) &&
               database->run(QStringLiteral("CREATE ") + QLatin1String(variant.index));
    };
    const TestDatabase first(Content::Nothing);
    const TestDatabase other(Content::Nothing);
    QVERIFY(make(first, plain) && make(other, plain));
    QCOMPARE(definitionsOf(other), definitionsOf(first));
    QCOMPARE(schemaOf(other), schemaOf(first));
    for (const Variant& variant :
         {Variant{"x TEXT NOT NULL DEFAULT 0, y BIGINT", plain.index},
          Variant{"x BIGINT DEFAULT 0, y BIGINT", plain.index},
          Variant{"x BIGINT NOT NULL DEFAULT 1, y BIGINT", plain.index, false},
          Variant{"x BIGINT NOT NULL DEFAULT 0 PRIMARY KEY, y BIGINT", plain.index},
          Variant{plain.columns, "INDEX b ON a (x, y) WHERE y IS NULL"},
          Variant{plain.columns, "INDEX b ON a (y) WHERE y IS NULL"},
          Variant{plain.columns, "INDEX b ON a (x) WHERE y IS NOT NULL"}, Variant{plain.columns, "INDEX b ON a (x)"},
          Variant{plain.columns, "UNIQUE INDEX b ON a (x) WHERE y IS NULL"}}) {
        QVERIFY2(make(other, variant), variant.columns);
        QVERIFY2(definitionsOf(other) != definitionsOf(first), variant.columns);
        QVERIFY2((schemaOf(other) != schemaOf(first)) == variant.isInSchema, variant.index);
    }
}

LUTHIEN_TEST(tst_migrator, TestMigrator)
#include "tst_migrator.moc"
