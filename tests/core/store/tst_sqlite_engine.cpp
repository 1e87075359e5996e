// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QtTest>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

using namespace luthien;
using namespace luthien::store;
using luthien::test::TestDatabase;
using namespace std::chrono_literals;

/// How queries end that take too long, in a database that lives in our own process.
class TestSqliteEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aQueryEndsAtItsDeadline_data();
    void aQueryEndsAtItsDeadline();
    void aDeadlineHoldsWhileRowsAreRead();
    void anInterruptedQueryEndsAtOnce_data() { aQueryEndsAtItsDeadline_data(); }
    void anInterruptedQueryEndsAtOnce();
    void anInterruptionWithoutAQueryHasNoEffect();
    void aWatchedQueryRunsToItsEnd();
    void aLockOfAnotherIsNotWaitedForWithoutEnd();
    void theLogBehindReadersWithoutAPauseHasAnEnd();
};

namespace {
const QString kEngine = QStringLiteral("sqlite");
/// Half a minute and more of work that touches no file; a query that is not ended comes back some time, too.
const QString kEndless = QStringLiteral("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n "
                                        "WHERE x < 400000000) SELECT count(*) FROM n");
const QString kBrief = QStringLiteral("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n "
                                      "WHERE x < 1000000) SELECT count(*) FROM n");

std::chrono::milliseconds timeOf(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
}

/// What list_journal_positions reads.
Result<void> makePositions(Database& database, int rows)
{
    auto made =
        database.run(QStringLiteral("CREATE TABLE journal_position (instance_id INTEGER, producer INTEGER, segment "
                                    "INTEGER, position INTEGER, PRIMARY KEY (instance_id, producer)) WITHOUT ROWID"));
    return made ? database.run(QStringLiteral("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x "
                                              "< %1) INSERT INTO journal_position SELECT 1, x, 0, 0 FROM n")
                                   .arg(rows))
                : made;
}

/// Begins a list as soon as the one before is over, and is slow with each.
void readOn(const TestDatabase& test, std::chrono::milliseconds each, const std::stop_token& stop)
{
    const std::unique_ptr<Database> reader = test.connect(Access::ReadOnly);
    while (!stop.stop_requested()) {
        const auto list = reader->statement("list_journal_positions");
        if (!list || !(*list)->exec() || !(*list)->next())
            qFatal("nothing can be read");
        std::this_thread::sleep_for(each);
        (*list)->finish();
    }
}

std::unique_ptr<Database> connectTo(const TestDatabase& test, Access access)
{
    const auto made = test.connect(); // a reader makes no file
    return made ? test.connect(access) : nullptr;
}
} // namespace

void TestSqliteEngine::aQueryEndsAtItsDeadline_data()
{
    QTest::addColumn<bool>("isReader");
    QTest::newRow("a reader's") << true;
    QTest::newRow("a writer's") << false;
}

void TestSqliteEngine::aQueryEndsAtItsDeadline()
{
    QFETCH(bool, isReader);
    const TestDatabase test(kEngine);
    const auto database = connectTo(test, isReader ? Access::ReadOnly : Access::ReadWrite);
    QVERIFY(database);
    database->startDeadline(100ms);
    Result<std::optional<std::int64_t>> counted{std::nullopt};
    const auto taken = timeOf([&] { counted = database->number(kEndless); });
    QVERIFY(!counted);
    QCOMPARE(counted.error().code, ErrorCode::Timeout);
    QVERIFY2(taken >= 100ms && taken < 10s, qPrintable(QString::number(taken.count())));
    database->startDeadline(20s);
    QCOMPARE(database->number(kBrief).value().value_or(0), 1'000'000);
}

void TestSqliteEngine::aDeadlineHoldsWhileRowsAreRead()
{
    const TestDatabase test(kEngine);
    const auto writer = test.connect();
    QVERIFY(makePositions(*writer, 20'000));
    const auto reader = test.connect(Access::ReadOnly);
    const auto list = reader->statement("list_journal_positions");
    QVERIFY2(list, list ? "" : list.error().toString().c_str());
    for (const auto wait : {0ms, 200ms}) {
        reader->startDeadline(wait == 0ms ? 20s : 100ms);
        int rows = 0;
        const auto read = (*list)->each([&](const Statement&) {
            if (rows++ == 0)
                std::this_thread::sleep_for(wait);
        });
        QCOMPARE(read.hasValue(), wait == 0ms);
        if (read) {
            QCOMPARE(rows, 20'000);
            continue;
        }
        QCOMPARE(read.error().code, ErrorCode::Timeout);
        QVERIFY2(rows > 0 && rows < 20'000, qPrintable(QString::number(rows)));
    }
}

void TestSqliteEngine::anInterruptedQueryEndsAtOnce()
{
    QFETCH(bool, isReader);
    const TestDatabase test(kEngine);
    const auto database = connectTo(test, isReader ? Access::ReadOnly : Access::ReadWrite);
    QVERIFY(database);
    std::atomic<bool> isOver = false;
    Result<std::optional<std::int64_t>> counted{std::nullopt};
    const auto taken = timeOf([&] {
        const std::jthread interrupter([&] {
            do { // it may come before the query has begun, and has no effect then
                std::this_thread::sleep_for(50ms);
                database->interrupt();
            } while (!isOver);
        });
        counted = database->number(kEndless);
        isOver = true;
    });
    QVERIFY(!counted);
    QCOMPARE(counted.error().code, ErrorCode::Timeout);
    QVERIFY2(taken >= 50ms && taken < 10s, qPrintable(QString::number(taken.count())));
    QCOMPARE(database->number(kBrief).value().value_or(0), 1'000'000);
}

void TestSqliteEngine::anInterruptionWithoutAQueryHasNoEffect()
{
    const TestDatabase test(kEngine);
    const auto database = test.connect();
    for (int i = 0; i < 20; ++i) {
        database->interrupt();
        QCOMPARE(database->number(QStringLiteral("SELECT 1")).value().value_or(0), 1);
    }
}

/// There is no server that could fall silent: what takes its time is work.
void TestSqliteEngine::aWatchedQueryRunsToItsEnd()
{
    const TestDatabase test(kEngine);
    const auto database = test.connect();
    database->watch(1ms);
    std::int64_t counted = 0;
    QVERIFY(timeOf([&] { counted = database->number(kBrief).value().value_or(0); }) > 1ms);
    QCOMPARE(counted, 1'000'000);
    QVERIFY(!database->isLost());
}

void TestSqliteEngine::aLockOfAnotherIsNotWaitedForWithoutEnd()
{
    const TestDatabase test(kEngine);
    const auto holder = test.connect();
    const auto writer = test.connect();
    QVERIFY(holder->begin());
    Result<void> begun;
    const auto taken = timeOf([&] { begun = writer->begin(); });
    QVERIFY(!begun);
    QCOMPARE(begun.error().code, ErrorCode::Conflict);
    QVERIFY2(taken > 3s && taken < 20s, qPrintable(QString::number(taken.count())));
    holder->rollback();
    QVERIFY(writer->begin());
    writer->rollback();
}

/// There is always one at the log: no moment is ever right to begin it anew, unless one is waited for.
void TestSqliteEngine::theLogBehindReadersWithoutAPauseHasAnEnd()
{
    constexpr std::uintmax_t kMostLogBytes = 192 << 20; // the engine's 128 MiB, and what is written between two looks
    const TestDatabase test(kEngine);
    const auto writer = test.connect();
    QVERIFY(makePositions(*writer, 10));
    QVERIFY(writer->run(QStringLiteral("CREATE TABLE large (bytes BLOB)")));
    QVERIFY(writer->run(QStringLiteral("INSERT INTO large VALUES (zeroblob(1048576))")));
    const auto log = std::filesystem::path(test.filePath(QStringLiteral("luthien.db-wal")).toStdString());
    std::vector<std::jthread> readers;
    for (const auto each : {1500ms, 2000ms})
        readers.emplace_back([&test, each](const std::stop_token& stop) { readOn(test, each, stop); });
    for (int i = 0; i < 300; ++i) {
        QVERIFY(writer->run(QStringLiteral("UPDATE large SET bytes = randomblob(1048576)")));
        QVERIFY2(std::filesystem::file_size(log) < kMostLogBytes, qPrintable(QString::number(i)));
    }
}

LUTHIEN_TEST(tst_sqlite_engine, TestSqliteEngine)
#include "tst_sqlite_engine.moc"
