// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "store/migrator.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QDir>
#include <QRegularExpression>
#include <QSet>
#include <QtTest>

#include <algorithm>

using namespace luthien::store;
using luthien::test::TestDatabase;

/// Every query in resources/sql is there for each database, and finds its rows by an index.
class TestQueries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void init();
    void prepares_data() { addNames(); }
    void prepares();
    void usesAnIndex_data() { addNames(); }
    void usesAnIndex();
    void aScanIsNoticed();
    void noTextStandsTwice();

private:
    static void addNames();
    [[nodiscard]] QString textOf(const QString& name) const;
    [[nodiscard]] QStringList scansOf(const QString& sql) const;

    std::unique_ptr<TestDatabase> m_test;
    std::unique_ptr<Database> m_database;
    QString m_engine;
};

namespace {
const QString kFolder = QStringLiteral(":/store/resources/sql/");

/// A walk through these is through a few rows: a recursive result, a sorted subquery, one row for each worker or
/// instance, one for each step, or an index that holds nothing else.
const QStringList kSmall = {QStringLiteral("approval_rule"),
                            QStringLiteral("chain"),
                            QStringLiteral("asked"),
                            QStringLiteral("brought"),
                            QStringLiteral("counted"),
                            QStringLiteral("listed"),
                            QStringLiteral("(subquery-4)"),
                            QStringLiteral("CONSTANT ROW"),
                            QStringLiteral("journal_position"),
                            QStringLiteral("policy"),
                            QStringLiteral("policy_mode"),
                            QStringLiteral("rejected_call"),
                            QStringLiteral("remnant"),
                            QStringLiteral("call USING INDEX call_going"),
                            QStringLiteral("session USING INDEX session_removed"),
                            QStringLiteral("schema_migration"),
                            QStringLiteral("call USING INDEX call_open"),
                            QStringLiteral("sqlite_schema"),
                            QStringLiteral("store_state"),
                            QStringLiteral("staged_part"),
                            QStringLiteral("found"),
                            QStringLiteral("waiting"),
                            QStringLiteral("pg_class")};

/// With nothing in the tables PostgreSQL takes any index for as good as another. Rows in each that grows, so that one
/// that leads there is cheaper than a walk through all of another; all texts are indexed, and nothing is removed.
const QString kFill = QStringLiteral(
    "DO $$ DECLARE relation TEXT; names TEXT; expressions TEXT; BEGIN "
    "FOR relation IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
    "AND NOT relispartition AND relname NOT IN ('schema_migration', 'store_state', 'instance', 'journal_position', "
    "'approval_rule', 'policy', 'policy_mode', 'rejected_call', 'remnant') LOOP "
    "SELECT string_agg(quote_ident(attname), ','), string_agg(CASE "
    "WHEN attname = 'unindexed' THEN '0' "
    "WHEN attname IN ('status', 'mode', 'verdict') THEN 'number % 4' "
    "WHEN atttypid = 'TEXT'::regtype THEN '''x'' || number' "
    "WHEN atttypid = 'BYTEA'::regtype THEN 'decode(md5(CAST(number AS TEXT)), ''hex'')' "
    "WHEN atttypid = 'TSVECTOR'::regtype THEN '''''' ELSE 'number' END, ',') "
    "INTO names, expressions FROM pg_attribute "
    "WHERE attrelid = CAST(quote_ident(relation) AS regclass) AND attnum > 0 AND NOT attisdropped "
    "AND attidentity = '' AND (attname = 'unindexed' "
    "OR NOT atthasdef AND (attnotnull OR atttypid = 'BIGINT'::regtype)); "
    "EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM generate_series(1, 3000) AS number', relation, names, "
    "expressions); END LOOP; END $$");

/// Steps of a plan of PostgreSQL's that go through a whole table or, without a condition for it, a whole index.
QStringList walksIn(const QStringList& plan)
{
    static const QRegularExpression scan(QStringLiteral(
        "(?:Seq Scan on|(?:Index|Index Only) Scan(?: Backward)? using (\\w+) on|Bitmap Index Scan on) (\\w+)"));
    static const QRegularExpression nextStep(QStringLiteral("->|^ *(?:SubPlan|InitPlan|CTE) "));
    QStringList walks;
    for (auto step = plan.begin(); step != plan.end(); ++step) {
        const auto found = scan.match(*step);
        if (!found.hasMatch()) {
            if (step->startsWith(QLatin1String("failed: ")))
                walks.append(*step);
            continue;
        }
        const auto end =
            std::find_if(step + 1, plan.end(), [](const QString& line) { return nextStep.match(line).hasMatch(); });
        const bool hasCondition = std::any_of(step + 1, end, [](const QString& line) {
            return line.trimmed().startsWith(QLatin1String("Index Cond: "));
        });
        const QString table = found.captured(2);
        if (!hasCondition && !kSmall.contains(table) &&
            !kSmall.contains(table + QLatin1String(" USING INDEX ") + found.captured(1)))
            walks.append(step->trimmed());
    }
    return walks;
}
} // namespace

void TestQueries::init()
{
    QFETCH_GLOBAL(QString, engine);
    if (engine == m_engine)
        return;
    m_engine = engine;
    m_database.reset();
    m_test = std::make_unique<TestDatabase>();
    m_database = m_test->connect();
    QVERIFY(m_database);
    const auto done = migrate(*m_database, builtInMigrations(*m_database));
    QVERIFY2(done, done ? "" : done.error().toString().c_str());
    if (m_test->isSqlite()) // which knows only which indexes there are
        return;
    for (const QString& sql : {kFill, QStringLiteral("ANALYZE")}) {
        const auto filled = m_database->run(sql);
        QVERIFY2(filled, filled ? "" : filled.error().toString().c_str());
    }
}

void TestQueries::addNames()
{
    QTest::addColumn<QString>("name");
    QSet<QString> names;
    for (const char* folder : {"common", "sqlite", "postgres"}) {
        for (const QFileInfo& file : QDir(kFolder + QLatin1String(folder)).entryInfoList(QDir::Files))
            names.insert(file.baseName());
    }
    QVERIFY(names.size() > 60);
    for (const QString& name : std::as_const(names))
        QTest::newRow(qPrintable(name)) << name;
}

QString TestQueries::textOf(const QString& name) const
{
    for (const QString& folder : {m_engine, QStringLiteral("common")}) {
        QFile file(kFolder + folder + QLatin1Char('/') + name + QStringLiteral(".sql"));
        if (file.open(QIODevice::ReadOnly))
            return QString::fromUtf8(file.readAll()).remove(QRegularExpression(QStringLiteral("--[^\n]*\n")));
    }
    return {};
}

void TestQueries::prepares()
{
    QFETCH(QString, name);
    const auto statement = m_database->statement(qPrintable(name));
    QVERIFY2(statement, statement ? "" : statement.error().toString().c_str());
    if (m_test->isSqlite())
        return;
    // Beside a number in the text, PostgreSQL takes a value for one of 32 bits, and refuses larger ones.
    const auto narrow = m_database->number(
        QStringLiteral("SELECT count(*) FROM pg_prepared_statements WHERE 'integer'::REGTYPE = ANY (parameter_types) "
                       "AND statement NOT LIKE '%AS INTEGER%' AND statement NOT LIKE '%schema_migration%'"));
    QCOMPARE(narrow ? narrow->value_or(-1) : -2, 0);
}

QStringList TestQueries::scansOf(const QString& sql) const
{
    // Values do not matter for the plan; names must not stay, they would have to be bound.
    static const QRegularExpression name(QStringLiteral(":([a-z_0-9]+)"));
    QString withValues = sql;
    QStringList scans;
    if (m_test->isSqlite()) {
        withValues.replace(name, QStringLiteral("1"));
        for (const QString& step : m_test->texts({QStringLiteral("EXPLAIN QUERY PLAN ") + withValues}, 3)) {
            // Of the index of words: a row, or those with a word.
            static const QRegularExpression words(QStringLiteral("^SCAN search_words VIRTUAL TABLE INDEX \\d+:.*[M=]"));
            const bool isScan = step.startsWith(QLatin1String("SCAN ")) && !kSmall.contains(step.mid(5)) &&
                                !words.match(step).hasMatch();
            if (isScan || step.startsWith(QLatin1String("failed")))
                scans.append(step);
        }
        return scans;
    }
    QString prepared = sql;
    int values = 0;
    while (prepared.contains(name))
        prepared.replace(name.match(prepared).capturedStart(), name.match(prepared).capturedLength(),
                         QLatin1Char('$') + QString::number(++values));
    const QString execute =
        values == 0
            ? QStringLiteral("EXECUTE planned")
            : QStringLiteral("EXECUTE planned (%1)").arg(QStringList(values, QStringLiteral("NULL")).join(u','));
    // With everything else made expensive, what is not found by an index is what no index can find. No value is known
    // to the planner.
    return walksIn(m_test->texts(
        {QStringLiteral("CREATE TEMPORARY TABLE staged_part (position BIGINT, data BYTEA)"),
         QStringLiteral("SET enable_seqscan = off"), QStringLiteral("SET enable_hashjoin = off"),
         QStringLiteral("SET enable_mergejoin = off"), QStringLiteral("SET plan_cache_mode = force_generic_plan"),
         QStringLiteral("PREPARE planned AS ") + prepared, QStringLiteral("EXPLAIN (COSTS OFF) ") + execute},
        0));
}

void TestQueries::usesAnIndex()
{
    QFETCH(QString, name);
    const QString text = textOf(name);
    QVERIFY(!text.contains(QLatin1String("SELECT *")));
    QCOMPARE(scansOf(text), QStringList());
}

void TestQueries::aScanIsNoticed()
{
    QCOMPARE(scansOf(QStringLiteral("SELECT id FROM call WHERE model = :model")).size(), 1);
    QCOMPARE(scansOf(QStringLiteral("SELECT id FROM call WHERE model = :model ORDER BY id")).size(), 1);
    QCOMPARE(scansOf(QStringLiteral("SELECT id FROM call WHERE model = :model ORDER BY started_us, id LIMIT 9")).size(),
             1);
    QCOMPARE(scansOf(QStringLiteral("SELECT id FROM call WHERE id > :id ORDER BY id")), QStringList());
    QCOMPARE(scansOf(QStringLiteral("SELECT words FROM search_words")).size(), 1);
    QVERIFY(!scansOf(QStringLiteral("SELECT nonsense FROM call")).isEmpty());
}

void TestQueries::noTextStandsTwice()
{
    const QDir sqlite(kFolder + QStringLiteral("sqlite"));
    for (const QString& name : sqlite.entryList(QDir::Files)) {
        QFile first(sqlite.filePath(name));
        QFile second(kFolder + QStringLiteral("postgres/") + name);
        QVERIFY2(!QFile::exists(kFolder + QStringLiteral("common/") + name), qPrintable(name));
        QVERIFY(first.open(QIODevice::ReadOnly));
        QVERIFY2(second.open(QIODevice::ReadOnly), qPrintable(name));
        QVERIFY2(first.readAll() != second.readAll(), qPrintable(name));
    }
}

LUTHIEN_TEST(tst_queries, TestQueries)
#include "tst_queries.moc"
