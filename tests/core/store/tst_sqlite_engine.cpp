// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QtTest>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

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
    QVERIFY(writer->run(QStringLiteral("CREATE TABLE journal_position (instance_id INTEGER, producer INTEGER, "
                                       "segment INTEGER, position INTEGER, PRIMARY KEY (instance_id, producer)) "
                                       "WITHOUT ROWID")));
    QVERIFY(
        writer->run(QStringLiteral("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000) "
                                   "INSERT INTO journal_position SELECT 1, x, 0, 0 FROM n")));
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

LUTHIEN_TEST(tst_sqlite_engine, TestSqliteEngine)
#include "tst_sqlite_engine.moc"
