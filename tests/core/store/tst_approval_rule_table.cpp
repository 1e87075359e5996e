// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "store/approval_rule_table.h"
#include "store/database.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::store;
using luthien::test::openStore;
using luthien::test::TestDatabase;

class TestApprovalRuleTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void rulesSurviveARestartUntilTheyAreRevoked();
    void aRuleThatCannotBeReadIsAnError();
};

namespace {
policy::ApprovalRule sampleRule(std::int64_t micros)
{
    policy::ApprovalRule rule;
    rule.id = CallId::make(fromMicros(micros));
    rule.isAllowed = micros % 2 == 0;
    rule.policyId = "ask";
    rule.rule = "rule 1";
    rule.scope = policy::ApprovalScope::Pattern;
    rule.tool = "Bash";
    rule.pattern = policy::ArgumentPattern{.pointer = "/command", .text = "git status*", .title = "git status"};
    rule.message = "not \"now\"";
    rule.at = fromMicros(micros);
    rule.until = fromMicros(micros + 1);
    return rule;
}
} // namespace

void TestApprovalRuleTable::rulesSurviveARestartUntilTheyAreRevoked()
{
    const TestDatabase directory;
    const policy::ApprovalRule later = sampleRule(1'700'000'000'000'002);
    const policy::ApprovalRule earlier = sampleRule(1'700'000'000'000'001);
    {
        const auto store = openStore(directory);
        StoredApprovalRules keeper(*store);
        keeper.save(later);
        keeper.save(earlier);
    }
    const auto store = openStore(directory);
    QVERIFY((*store->openReader())->approvalRules().value() == (std::vector{earlier, later}));
    StoredApprovalRules keeper(*store);
    keeper.remove(later.id);
    keeper.save(earlier); // once more is the same rule
    store->close();
    QVERIFY((*store->openReader())->approvalRules().value() == std::vector{earlier});
}

void TestApprovalRuleTable::aRuleThatCannotBeReadIsAnError()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    StoredApprovalRules(*store).save(sampleRule(1'700'000'000'000'001));
    store->close();
    const auto database = Database::open(directory.location(), Access::ReadWrite);
    QVERIFY((*database)->run(QStringLiteral("UPDATE approval_rule SET rule = '{}'")));
    QCOMPARE(readApprovalRules(**database).error().code, ErrorCode::InvalidInput);
}

LUTHIEN_TEST(tst_approval_rule_table, TestApprovalRuleTable)
#include "tst_approval_rule_table.moc"
