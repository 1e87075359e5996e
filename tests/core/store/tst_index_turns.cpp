// SPDX-License-Identifier: Apache-2.0
#include "core/store/searchable.h"
#include "store/index_turns.h"
#include "store/instance.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::store;
using namespace luthien::test;
using namespace std::chrono_literals;

class TestIndexTurns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addEngines(); }

    void aBusyWriterGivesOneTurnASecond()
    {
        const TestDatabase test;
        fill(test);
        const auto database = test.connect();
        QVERIFY(joinInstance(*database, test.location().directory));
        IndexTurns turns(*database, plainTexts);
        const SteadyPoint start = std::chrono::steady_clock::now();
        turns.take(start, IndexTurns::Writer::Busy); // what earlier processes left is due at once
        const std::int64_t first = taken(test);
        QVERIFY(first > 0);
        turns.take(start + 500ms, IndexTurns::Writer::Busy);
        QCOMPARE(taken(test), first);
        turns.take(std::chrono::steady_clock::now() + 1100ms, IndexTurns::Writer::Busy);
        QVERIFY(taken(test) > first || waiting(test) == 0);
        turns.finish(20s);
        QCOMPARE(waiting(test), 0);
        QVERIFY(!turns.waits());
        turns.noteCommit();
        QVERIFY(turns.waits());
    }

    void afterAFailureItWaits()
    {
        const TestDatabase test;
        fill(test);
        const auto database = test.connect();
        QVERIFY(joinInstance(*database, test.location().directory));
        QVERIFY(database->run(QStringLiteral("ALTER TABLE mention RENAME TO gone")));
        IndexTurns turns(*database, plainTexts);
        const SteadyPoint now = std::chrono::steady_clock::now();
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("the search index waits")));
        turns.take(now, IndexTurns::Writer::Idle);
        turns.take(now + 1s, IndexTurns::Writer::Idle); // says nothing: it does not try
        QVERIFY(turns.waits());
        QVERIFY(database->run(QStringLiteral("ALTER TABLE gone RENAME TO mention")));
        for (int i = 0; turns.waits() && i < 100; ++i)
            turns.take(now + 60s, IndexTurns::Writer::Idle);
        QCOMPARE(waiting(test), 0);
    }

    void withoutAReaderNothingIsTaken()
    {
        const TestDatabase test;
        fill(test);
        const auto database = test.connect();
        IndexTurns turns(*database, {});
        turns.noteCommit();
        QVERIFY(!turns.waits());
        turns.take(std::chrono::steady_clock::now(), IndexTurns::Writer::Idle);
        QCOMPARE(waiting(test), kCalls);
    }

private:
    static constexpr std::int64_t kCalls = 150;

    static void fill(const TestDatabase& test)
    {
        const auto store = openSearchable(test, {});
        for (int i = 0; i < kCalls; ++i)
            ask(*store, "s", {"text:word" + std::to_string(i)});
        QVERIFY(store->flush(20s));
    }
    static std::int64_t taken(const TestDatabase& test)
    {
        return test.ask(QStringLiteral("SELECT count(*) FROM search_content"));
    }
    static std::int64_t waiting(const TestDatabase& test)
    {
        return test.ask(QStringLiteral("SELECT count(*) FROM call WHERE unindexed & 3 <> 0"));
    }
};

LUTHIEN_TEST(tst_index_turns, TestIndexTurns)
#include "tst_index_turns.moc"
