// SPDX-License-Identifier: Apache-2.0
#include "conversation/decision.h"
#include "support/test_registry.h"

using namespace luthien::conversation;

class TestDecision : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesAreThoseOfTheContract();
    void otherNamesAreNone();
};

void TestDecision::namesAreThoseOfTheContract()
{
    QCOMPARE(verdictName(Verdict::Hold), "hold");
    QCOMPARE(policyModeName(PolicyMode::Shadow), "shadow");
    QCOMPARE(answeredByName(AnsweredBy::Timeout), "timeout");
    for (const auto verdict : {Verdict::Continue, Verdict::Replace, Verdict::Block, Verdict::Hold})
        QCOMPARE(verdictFromName(verdictName(verdict)), verdict);
    for (const auto mode : {PolicyMode::Off, PolicyMode::Shadow, PolicyMode::Enforce})
        QCOMPARE(policyModeFromName(policyModeName(mode)), mode);
    for (const auto who : {AnsweredBy::Policy, AnsweredBy::Person, AnsweredBy::Timeout, AnsweredBy::Error})
        QCOMPARE(answeredByFromName(answeredByName(who)), who);
}

void TestDecision::otherNamesAreNone()
{
    for (const char* name : {"", "Block", "blocked", "off "}) {
        QVERIFY(!verdictFromName(name));
        QVERIFY(!policyModeFromName(name));
        QVERIFY(!answeredByFromName(name));
    }
}

LUTHIEN_TEST(tst_decision, TestDecision)
#include "tst_decision.moc"
