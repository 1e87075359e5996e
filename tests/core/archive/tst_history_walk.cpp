// SPDX-License-Identifier: Apache-2.0
#include "archive/history_walk.h"
#include "core/archive/recorded_past.h"
#include "support/test_registry.h"

#include <QtTest>

#include <algorithm>
#include <atomic>

using namespace luthien;
using namespace luthien::archive;
using archive::test::RecordedPast;

class TestHistoryWalk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findingsComeInOrder_data()
    {
        QTest::addColumn<bool>("isNewestFirst");
        QTest::addColumn<unsigned>("threads");
        QTest::newRow("oldest first, several threads") << false << 4U;
        QTest::newRow("newest first, several threads") << true << 4U;
        QTest::newRow("newest first, one thread") << true << 1U;
    }
    void findingsComeInOrder()
    {
        QFETCH(bool, isNewestFirst);
        QFETCH(unsigned, threads);
        RecordedPast past;
        std::vector<CallId> expected;
        for (int i = 0; i < 1000; ++i)
            expected.push_back(past.record({}));
        QVERIFY(past.flush());
        if (isNewestFirst)
            std::ranges::reverse(expected);

        std::vector<CallId> walked;
        std::atomic<unsigned> judges = 0;
        const auto makeJudge = [&]() -> Result<CallJudge> {
            ++judges;
            return CallJudge([&walked](std::span<const store::PastCall> calls) -> Result<Findings> {
                std::vector<CallId> ids;
                std::ranges::transform(calls, std::back_inserter(ids), &store::PastCall::id);
                return Findings([&walked, ids] { walked.insert(walked.end(), ids.begin(), ids.end()); });
            });
        };
        std::uint64_t last = 0;
        const auto done = walkHistory({.database = past.directory(),
                                       .filter = {},
                                       .order = isNewestFirst ? WalkOrder::NewestFirst : WalkOrder::OldestFirst,
                                       .threads = threads},
                                      makeJudge, [&](std::uint64_t behind, std::uint64_t calls) {
                                          const bool isInStep =
                                              behind == walked.size() && behind > last && calls == 1000;
                                          last = behind;
                                          return isInStep;
                                      });
        QVERIFY2(done.hasValue(), done ? "" : done.error().toString().c_str());
        QVERIFY(walked == expected);
        QVERIFY(judges >= 1 && judges <= threads);
    }

    void endsWhereItIsStopped()
    {
        RecordedPast past;
        for (int i = 0; i < 1000; ++i)
            past.record({});
        QVERIFY(past.flush());
        std::size_t told = 0;
        const auto makeJudge = [&]() -> Result<CallJudge> {
            return CallJudge([&told](std::span<const store::PastCall>) -> Result<Findings> {
                return Findings([&told] { ++told; });
            });
        };
        const auto stopped =
            walkHistory({.database = past.directory(), .filter = {}, .order = WalkOrder::NewestFirst, .threads = 2},
                        makeJudge, [](std::uint64_t done, std::uint64_t) { return done < 300; });
        QVERIFY(!stopped && stopped.error().code == ErrorCode::Timeout);
        QCOMPARE(told, std::size_t(2));
    }

    void oneJudgesErrorEndsIt_data()
    {
        QTest::addColumn<bool>("isMade");
        QTest::newRow("a judge that cannot be made") << false;
        QTest::newRow("a judge that cannot go on") << true;
    }
    void oneJudgesErrorEndsIt()
    {
        QFETCH(bool, isMade);
        RecordedPast past;
        for (int i = 0; i < 1000; ++i)
            past.record({});
        QVERIFY(past.flush());
        const Error error{ErrorCode::InvalidInput, "no", "here"};
        const auto makeJudge = [&]() -> Result<CallJudge> {
            if (!isMade)
                return error;
            return CallJudge([&error](std::span<const store::PastCall>) -> Result<Findings> { return error; });
        };
        const auto failed = walkHistory({.database = past.directory(), .filter = {}, .threads = 3}, makeJudge);
        QVERIFY(!failed);
        QCOMPARE(failed.error().context, std::string("here"));
    }

    void thePastMayBeEmpty()
    {
        RecordedPast past;
        QVERIFY(past.flush());
        const auto never = []() -> Result<CallJudge> { return Error{ErrorCode::Internal, "asked", {}}; };
        QVERIFY(walkHistory({.database = past.directory(), .filter = {}}, never).hasValue());
    }
};

LUTHIEN_TEST(tst_history_walk, TestHistoryWalk)
#include "tst_history_walk.moc"
