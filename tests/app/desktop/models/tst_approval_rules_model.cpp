// SPDX-License-Identifier: Apache-2.0
#include "core/policy/approval_world.h"
#include "desktop/models/approval_rules_model.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using desktop::ApprovalRulesModel;
using policy::ApprovalDuration;
using policy::ApprovalScope;
using policy::test::ManualClock;
using policy::test::question;

namespace {
struct World
{
    void makeRule(const std::string& command, ApprovalDuration duration)
    {
        clock.pass(1ms);
        const auto asked = *desk.ask(question(command), [] {}, 30s);
        if (desk.answer(asked->id(), {.verb = policy::ApprovalVerb::Allow, .duration = duration}))
            model.refresh();
    }
    [[nodiscard]] QString at(int row, int role) const { return model.data(model.index(row), role).toString(); }

    ManualClock clock;
    policy::ApprovalDesk desk{clock};
    ApprovalRulesModel model{desk, clock, [](const auto& rule, const auto&) {
                                 return archive::RulePreview{.rule = rule, .toolCalls = 7, .matched = 3};
                             }};
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
};
} // namespace

class TestApprovalRulesModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatEachRuleDoes()
    {
        World world;
        world.makeRule("one", ApprovalDuration::Minutes5);
        QCOMPARE(world.model.count(), 1);
        QVERIFY(world.at(0, ApprovalRulesModel::TextRole).startsWith(u"Allows calls of Bash with exactly"_s));
        QCOMPARE(world.at(0, ApprovalRulesModel::ReachRole), u"Only what the policy ask asks by its rule Bash"_s);
        world.model.setPolicyNames([](const QString& id) { return u"the "_s + id; });
        QCOMPARE(world.at(0, ApprovalRulesModel::ReachRole), u"Only what the policy the ask asks by its rule Bash"_s);
        QCOMPARE(world.at(0, ApprovalRulesModel::EndRole), u"5 min left"_s);
        QCOMPARE(world.at(0, ApprovalRulesModel::UsesRole), u"has answered nothing since the start"_s);
        QCOMPARE(world.at(0, ApprovalRulesModel::SessionIdRole), u"s1"_s);
        QVERIFY(world.desk.ruled(question("one")));
        world.model.refresh();
        QCOMPARE(world.at(0, ApprovalRulesModel::UsesRole), u"has answered 1 call since the start, now"_s);
        QVERIFY(world.desk.ruled(question("one")));
        world.model.refresh();
        QCOMPARE(world.at(0, ApprovalRulesModel::UsesRole), u"has answered 2 calls since the start, the last now"_s);
    }

    void rowsThatStayDoNotMove()
    {
        World world;
        world.makeRule("one", ApprovalDuration::Seconds30);
        world.makeRule("two", ApprovalDuration::Always);
        const QPersistentModelIndex second(world.model.index(1));
        const QSignalSpy reset(&world.model, &QAbstractItemModel::modelReset);
        world.clock.pass(31s);
        world.makeRule("three", ApprovalDuration::Always);
        QCOMPARE(world.model.count(), 2);
        QCOMPARE(second.row(), 0);
        QCOMPARE(reset.size(), 0);
    }

    void takesOneBackAtOnce()
    {
        World world;
        world.makeRule("one", ApprovalDuration::Always);
        world.makeRule("two", ApprovalDuration::Always);
        const QString id = world.at(0, ApprovalRulesModel::IdRole);
        QVERIFY(world.desk.ruled(question("one")));
        world.model.revoke(id);
        QVERIFY(!world.desk.ruled(question("one")) && world.desk.ruled(question("two")));
        QCOMPARE(world.model.count(), 1);
        QVERIFY(world.model.problem().isEmpty());
        world.model.revoke(id);
        QVERIFY(!world.model.problem().isEmpty());
        QCOMPARE(world.model.rowOf(id), -1);
    }

    void tellsWhatOneMatched()
    {
        World world;
        world.makeRule("one", ApprovalDuration::Always);
        const QString id = world.at(0, ApprovalRulesModel::IdRole);
        world.model.look(id);
        QTRY_VERIFY(world.model.trial()->text().startsWith(u"Would have matched 3 of 7"_s));
        world.model.revoke(id);
        QVERIFY(world.model.lookedAt().isEmpty() && world.model.trial()->text().isEmpty());
    }
};

LUTHIEN_TEST(tst_approval_rules_model, TestApprovalRulesModel)
#include "tst_approval_rules_model.moc"
