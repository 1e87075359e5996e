// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/waiting_calls.h"
#include "fake_activity.h"
#include "support/test_registry.h"

#include <QSignalSpy>
#include <QtTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace std::chrono_literals;
using luthien::test::FakeTimeline;
using luthien::test::StillClock;

class TestWaitingCalls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCallWaitsFromItsFirstQuestionToItsLastAnswer()
    {
        StillClock clock;
        policy::ApprovalDesk desk(clock);
        WaitingCalls waiting(desk);
        QSignalSpy changed(&waiting, &WaitingCalls::changed);
        const auto ask = [&desk](std::int64_t call) {
            policy::ApprovalQuestion question{.call = FakeTimeline::idOf(call), .tool = "Bash"};
            question.arguments = "{}";
            return desk.ask(std::move(question), [] {}, 30s);
        };
        const std::int64_t first = toMicros(clock.now());
        auto one = ask(1);
        QVERIFY(one);
        clock.pass(1s);
        auto two = ask(1);
        auto other = ask(2);
        QVERIFY(two && other);
        QTRY_COMPARE(waiting.since().size(), std::size_t(2));
        QCOMPARE(waiting.since().at(FakeTimeline::idOf(1)), first);
        QCOMPARE(changed.size(), 1); // many questions at once are one change
        QVERIFY(desk.answer((*one)->id(), {.verb = policy::ApprovalVerb::Allow}));
        QTRY_COMPARE(waiting.since().at(FakeTimeline::idOf(1)), first + 1'000'000);
        two->reset(); // withdrawn
        QTRY_COMPARE(waiting.since().size(), std::size_t(1));
    }
};

LUTHIEN_TEST(tst_waiting_calls, TestWaitingCalls)
#include "tst_waiting_calls.moc"
