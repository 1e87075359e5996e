// SPDX-License-Identifier: Apache-2.0
#include "core/policy/approval_world.h"
#include "desktop/models/approvals_model.h"
#include "policy/approval_desk.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using desktop::ApprovalsModel;
using policy::Approval;
using policy::test::ManualClock;
using policy::test::question;

namespace {
struct World
{
    Approval ask(const std::string& command)
    {
        clock.pass(1ms);
        asked.push_back(*desk.ask(question(command), [] {}, 30s));
        const Approval approval = desk.pending().back();
        model.take(approval);
        return approval;
    }
    void allow(const Approval& approval)
    {
        model.take(*desk.answer(approval.id, {.verb = policy::ApprovalVerb::Allow}));
    }
    [[nodiscard]] QString at(int row, int role) const { return model.data(model.index(row), role).toString(); }

    ManualClock clock;
    policy::ApprovalDesk desk{clock};
    std::vector<std::unique_ptr<policy::AskedApproval>> asked;
    ApprovalsModel model{clock};
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
};
} // namespace

class TestApprovalsModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void newOnesComeAtTheEnd()
    {
        World world;
        const Approval first = world.ask("one");
        const Approval second = world.ask("two");
        QCOMPARE(world.model.count(), 2);
        QCOMPARE(world.at(0, ApprovalsModel::SummaryRole), u"one"_s);
        QCOMPARE(world.at(1, ApprovalsModel::SummaryRole), u"two"_s);
        QCOMPARE(world.at(0, ApprovalsModel::ToolRole), u"Bash"_s);
        QCOMPARE(world.at(0, ApprovalsModel::PolicyRole), u"Ask me"_s);
        QVERIFY(world.model.nextWaiting()->id == first.id);
        QVERIFY(world.model.nextWaiting(first.id)->id == second.id);
        QVERIFY2(world.model.nextWaiting(second.id)->id == first.id, "goes round");
        QVERIFY(!world.model.neighbour(second.id, 1));
    }

    void nothingMovesUnderAPointer()
    {
        World world;
        const Approval first = world.ask("one");
        const Approval second = world.ask("two");
        world.model.setHeld(true);
        world.allow(first);
        (void)world.ask("three");
        QCOMPARE(world.model.count(), 3);
        QCOMPARE(world.model.waiting(), 2);
        QCOMPARE(world.at(1, ApprovalsModel::SummaryRole), u"two"_s);
        QCOMPARE(world.at(0, ApprovalsModel::OutcomeRole), u"Allowed"_s);
        QVERIFY(world.model.nextWaiting()->id == second.id);
        world.model.setHeld(false);
        QCOMPARE(world.model.count(), 2);
        QCOMPARE(world.at(0, ApprovalsModel::SummaryRole), u"two"_s);
    }

    void whatIsLookedAtStays()
    {
        World world;
        const Approval first = world.ask("one");
        world.model.keep(first.id);
        world.allow(first);
        QCOMPARE(world.model.count(), 1);
        world.model.keep({});
        QCOMPARE(world.model.count(), 0);
        QVERIFY(!world.model.nextWaiting());
    }

    void countsDownUntilTheClockIsStopped()
    {
        World world;
        const Approval asked = world.ask("one");
        world.clock.pass(10s);
        QCOMPARE(world.model.data(world.model.index(0), ApprovalsModel::SecondsLeftRole).toInt(), 20);
        QVERIFY(world.desk.stopClock(asked.id));
        world.model.take(world.desk.pending().front());
        world.clock.pass(1min);
        QCOMPARE(world.model.data(world.model.index(0), ApprovalsModel::SecondsLeftRole).toInt(), 20);
        QVERIFY(world.model.data(world.model.index(0), ApprovalsModel::ClockStandsRole).toBool());
        world.model.passTime();
    }

    void whatIsOverBeforeItWasSeenIsNotListed()
    {
        World world;
        world.asked.push_back(*world.desk.ask(question("one"), [] {}, 30s));
        world.model.take(*world.desk.answer(world.asked.back()->id(), {.verb = policy::ApprovalVerb::Allow}));
        QCOMPARE(world.model.count(), 0);
        QCOMPARE(world.model.rowOf(u"nonsense"_s), -1);
    }

    void aLongArgumentIsOneShortLine()
    {
        World world;
        (void)world.ask(std::string(100'000, 'x'));
        QCOMPARE(world.at(0, ApprovalsModel::SummaryRole).size(), 200);
    }
};

LUTHIEN_TEST(tst_approvals_model, TestApprovalsModel)
#include "tst_approvals_model.moc"
