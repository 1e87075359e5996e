// SPDX-License-Identifier: Apache-2.0
#include "core/policy/approval_world.h"
#include "desktop/controllers/pending_approvals.h"
#include "support/test_registry.h"

#include <QSignalSpy>

#include <thread>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using desktop::PendingApprovals;
using policy::ApprovalDesk;
using policy::ApprovalVerb;
using policy::test::ManualClock;
using policy::test::question;

namespace {
Result<archive::RulePreview> nothingRecorded(const policy::ApprovalRule&, const std::stop_token&)
{
    return archive::RulePreview();
}
} // namespace

class TestPendingApprovals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsWhatIsAskedFromAnotherThread()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        PendingApprovals approvals(desk, clock, nothingRecorded);
        QVERIFY(!approvals.isWaiting());
        std::unique_ptr<policy::AskedApproval> asked;
        std::thread worker([&] { asked = *desk.ask(question(), [] {}, 30s); });
        worker.join();
        QTRY_VERIFY(approvals.isWaiting());
        QCOMPARE(approvals.shown()->tool(), u"Bash"_s);
        QCOMPARE(approvals.shown()->policy(), u"Ask me"_s);
        QVERIFY(approvals.shown()->arguments().contains(u"git status --short"_s));
        QCOMPARE(approvals.secondsLeft(), 30);
        QCOMPARE(approvals.shown()->origin(), u"claude-code, sub-agent a1, session s1, m"_s);
        asked.reset(); // the client has gone
        QTRY_VERIFY(!approvals.isWaiting());
    }

    void tellsSessionsApartByTheEndOfTheirIds()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        policy::ApprovalQuestion anothers = question();
        anothers.agent.clear();
        anothers.session = "01a2b3c4-0000-7000-8000-00000000beef";
        const auto asked = *desk.ask(anothers, [] {}, 30s);
        PendingApprovals approvals(desk, clock, nothingRecorded);
        QCOMPARE(approvals.shown()->origin(), u"claude-code, session \u202600000000beef, m"_s);
    }

    void answersOnlyTheQuestionThatIsShown()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        const auto first = *desk.ask(question("one"), [] {}, 30s);
        clock.pass(1s);
        const auto second = *desk.ask(question("two"), [] {}, 30s);
        PendingApprovals approvals(desk, clock, nothingRecorded);
        QCOMPARE(approvals.count(), 2);
        const QString shown = approvals.promptId();
        QCOMPARE(shown.toStdString(), first->id().toString());

        approvals.allow(shown); // nobody can have read it yet
        QVERIFY(!first->outcome());
        QTRY_VERIFY(approvals.isArmed());
        approvals.allow(QString::fromStdString(second->id().toString()));
        QVERIFY(!first->outcome() && !second->outcome());
        approvals.allow(shown);
        QVERIFY(first->outcome() && first->outcome()->verb == ApprovalVerb::Allow);

        QCOMPARE(approvals.promptId().toStdString(), second->id().toString());
        QVERIFY(!approvals.isArmed());
        approvals.allow(shown); // a second click
        approvals.allow(approvals.promptId());
        QVERIFY(!second->outcome());
        QTRY_VERIFY(approvals.isArmed());
        approvals.deny(approvals.promptId(), u" Not now. "_s);
        QVERIFY(second->outcome() && second->outcome()->verb == ApprovalVerb::Deny);
        QCOMPARE(second->outcome()->message, "Not now.");
        QVERIFY(!approvals.isWaiting());
    }

    void anAnswerReachesAsFarAsWasChosen()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        const auto first = *desk.ask(question("git status"), [] {}, 30s);
        clock.pass(1s);
        const auto alike = *desk.ask(question("git status src"), [] {}, 30s);
        clock.pass(1s);
        const auto other = *desk.ask(question("rm -rf /"), [] {}, 30s);
        PendingApprovals approvals(desk, clock, nothingRecorded);
        QTRY_VERIFY(approvals.isArmed());
        approvals.reach()->setDuration(3);
        approvals.reach()->setScope(1);
        approvals.allow(approvals.promptId());
        QVERIFY(first->outcome() && alike->outcome());
        QCOMPARE(desk.rules().size(), std::size_t(1));
        QVERIFY(desk.rules().front().scope == policy::ApprovalScope::Pattern);

        // What was chosen for one question is not meant for the next.
        QTRY_COMPARE(approvals.promptId().toStdString(), other->id().toString());
        QVERIFY(!approvals.reach()->isWide());
        QTRY_VERIFY(approvals.isArmed());
        approvals.allow(approvals.promptId());
        QVERIFY(other->outcome()->verb == ApprovalVerb::Allow);
        QCOMPARE(desk.rules().size(), std::size_t(1));
    }

    void saysWhenAnAnswerComesTooLate()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        const auto asked = *desk.ask(question(), [] {}, 30s);
        PendingApprovals approvals(desk, clock, nothingRecorded);
        QTRY_VERIFY(approvals.isArmed());
        clock.pass(31s);
        QCOMPARE(approvals.secondsLeft(), 0);
        approvals.allow(approvals.promptId());
        QVERIFY(!approvals.problem().isEmpty());
        QVERIFY(!approvals.isWaiting());
        QVERIFY(asked->outcome() && asked->outcome()->verb == ApprovalVerb::Deny);
    }

    void nothingIsAnsweredInAWindowThatJustCameToTheFront()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        const auto asked = *desk.ask(question(), [] {}, 30s);
        PendingApprovals approvals(desk, clock, nothingRecorded);
        approvals.setAttended(false);
        QTest::qWait(0);
        QTRY_VERIFY(approvals.isWaiting());
        QVERIFY(!approvals.isArmed());
        approvals.setAttended(true);
        QVERIFY2(!approvals.isArmed(), "the click that brought it there answers nothing");
        approvals.allow(approvals.promptId());
        QVERIFY(!asked->outcome());
        QTRY_VERIFY(approvals.isArmed());
        approvals.rearm();
        approvals.allow(approvals.promptId());
        QVERIFY(!asked->outcome());
        QTRY_VERIFY(approvals.isArmed());
        approvals.allow(approvals.promptId());
        QVERIFY(asked->outcome());
    }

    void whoLooksThroughTheListIsLeftWhereTheyAre()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        auto first = *desk.ask(question("one"), [] {}, 30s);
        const auto second = *desk.ask(question("two"), [] {}, 60s);
        PendingApprovals approvals(desk, clock, nothingRecorded);
        approvals.setBrowsed(true);
        const QString shown = approvals.promptId();
        clock.pass(31s);
        desk.expire();
        QTRY_COMPARE(approvals.shown()->state(), desktop::asked::State::Late);
        QCOMPARE(approvals.promptId(), shown);
        QVERIFY(!approvals.isArmed());
        approvals.next();
        QCOMPARE(approvals.promptId().toStdString(), second->id().toString());
        QCOMPARE(approvals.list()->count(), 1);
        const auto third = *desk.ask(question("three"), [] {}, 60s);
        QTRY_COMPARE(approvals.list()->count(), 2);
        QCOMPARE(approvals.promptId().toStdString(), second->id().toString());
        approvals.step(1);
        QCOMPARE(approvals.promptId().toStdString(), third->id().toString());
        approvals.step(1);
        QCOMPARE(approvals.promptId().toStdString(), third->id().toString());
        QTRY_VERIFY(approvals.isArmed());
        approvals.deny(approvals.promptId(), {});
        QVERIFY2(approvals.promptId().toStdString() == second->id().toString(), "goes on with what still waits");
        QVERIFY(!approvals.isArmed());
    }

    void theClockStopsOnTouch()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        const auto asked = *desk.ask(question(), [] {}, 30s);
        PendingApprovals approvals(desk, clock, nothingRecorded);
        clock.pass(10s);
        QVERIFY(!approvals.clockStands());
        QCOMPARE(approvals.secondsLeft(), 20);
        approvals.touch();
        QVERIFY(approvals.clockStands());
        clock.pass(5min);
        QCOMPARE(approvals.secondsLeft(), 20);
        QVERIFY(!asked->outcome());
        clock.pass(5min + 19s);
        QVERIFY(!approvals.clockStands());
        QCOMPARE(approvals.secondsLeft(), 1);
        approvals.touch();
        clock.pass(1s);
        QVERIFY(asked->outcome()->answeredBy == conversation::AnsweredBy::Timeout);
        QVERIFY(desk.rules().empty());
    }

    void otherArgumentsAreGiven()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        const auto asked = *desk.ask(question("rm -rf /"), [] {}, 30s);
        PendingApprovals approvals(desk, clock, nothingRecorded);
        QTRY_VERIFY(approvals.isArmed());
        approvals.edit()->begin();
        approvals.allowEdited(approvals.promptId());
        QVERIFY2(!asked->outcome(), "nothing is changed yet");
        approvals.edit()->setText(u"{\"command\":\"ls\"}"_s);
        approvals.allowEdited(u"01a2b3c4-0000-7000-8000-00000000beef"_s);
        QVERIFY(!asked->outcome());
        approvals.allowEdited(approvals.promptId());
        QVERIFY(asked->outcome() && asked->outcome()->arguments == "{\"command\":\"ls\"}");
        QVERIFY(!approvals.edit()->isOpen());
    }

    void oneSwitchHoldsEverything()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        PendingApprovals approvals(desk, clock, nothingRecorded);
        approvals.setPaused(true);
        const auto asked = *desk.ask(question(), [] {}, 30s);
        QTRY_VERIFY(approvals.clockStands());
        clock.pass(1min);
        QVERIFY(!asked->outcome());
        approvals.setPaused(false);
        QVERIFY(!approvals.isPaused() && !approvals.clockStands());
        QCOMPARE(approvals.secondsLeft(), 30);
    }

    void showsWhatHides()
    {
        ManualClock clock;
        ApprovalDesk desk(clock);
        const auto asked = *desk.ask(question("ls \xe2\x80\xae x"), [] {}, 30s);
        PendingApprovals approvals(desk, clock, nothingRecorded);
        QVERIFY(approvals.shown()->arguments().contains(u"\u2039U+202E\u203a"_s));
    }
};

LUTHIEN_TEST(tst_pending_approvals, TestPendingApprovals)
#include "tst_pending_approvals.moc"
