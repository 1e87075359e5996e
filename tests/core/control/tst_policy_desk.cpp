// SPDX-License-Identifier: Apache-2.0
#include "control/policy_desk.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::control;

class TestPolicyDesk : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writesAnEntry();
    void aConfigThatIsNoJsonIsUnknown();
};

void TestPolicyDesk::writesAnEntry()
{
    const PolicyEntry entry{.definition = {.id = "caps",
                                           .type = "all-caps",
                                           .name = "LOUD \"one\"",
                                           .mode = policy::PolicyMode::Enforce,
                                           .config = R"({"b":1,"a":[]})",
                                           .onError = policy::OnError::Pass,
                                           .agentText = policy::AgentText::Full},
                            .version = "0a",
                            .source = PolicySource::Stored,
                            .isOverridden = true};
    QCOMPARE(toJson(entry), R"({"id":"caps","type":"all-caps","name":"LOUD \"one\"","mode":"enforce",)"
                            R"("source":"stored","overridden":true,"version":"0a","config":{"b":1,"a":[]},)"
                            R"("on_error":"pass","agent_text":"full"})");
}

void TestPolicyDesk::aConfigThatIsNoJsonIsUnknown()
{
    const PolicyEntry entry{.definition = {.id = "x", .config = R"({"a":1,"a":2})"}};
    QVERIFY(toJson(entry).find(R"("config":null)") != std::string::npos);
}

LUTHIEN_TEST(tst_policy_desk, TestPolicyDesk)
#include "tst_policy_desk.moc"
