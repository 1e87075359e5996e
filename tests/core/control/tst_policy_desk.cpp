// SPDX-License-Identifier: Apache-2.0
#include "control/policy_desk.h"
#include "support/test_registry.h"

#include <boost/json.hpp>

using namespace luthien;
using namespace luthien::control;

class TestPolicyDesk : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writesAnEntry();
    void aChangeIsReadAsItWasWritten();
    void tellsWhatIsWrongWithAChange_data();
    void tellsWhatIsWrongWithAChange();
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
    const auto json = boost::json::parse(toJson(entry)).as_object();
    const auto expected = boost::json::parse(R"({"id":"caps","type":"all-caps","name":"LOUD \"one\"",
        "mode":"enforce","source":"stored","overridden":true,"version":"0a","config":{"b":1,"a":[]},
        "on_error":"pass","agent_text":"full"})");
    for (const auto& member : expected.as_object())
        QCOMPARE(json.at(member.key()), member.value());
    const auto plain = boost::json::parse(toJson(PolicyEntry{.definition = {.id = "x"}}));
    QVERIFY(plain.at("name").is_null() && plain.at("trouble").is_null());
    PolicyEntry failing{.definition = {.id = "x"}};
    failing.trouble = {.at = fromMicros(1'000'000), .message = "line 7: no", .count = 3};
    QCOMPARE(boost::json::parse(toJson(failing)).at("trouble"),
             boost::json::parse(R"({"at":"1970-01-01T00:00:01.000000Z","message":"line 7: no","count":3})"));
}

void TestPolicyDesk::aChangeIsReadAsItWasWritten()
{
    const PolicyChange change{.definitions = {{.id = "a", .type = "noop", .mode = policy::PolicyMode::Enforce},
                                              {.id = "b", .type = "all-caps", .config = R"({"x":1})"}},
                              .removesOthers = false,
                              .ifVersion = "77"};
    const auto read = changeFromJson(toJson(change));
    QVERIFY2(read, read ? "" : read.error().toString().c_str());
    QVERIFY(*read == change);
    const auto least = changeFromJson(R"({"policies":[]})");
    QVERIFY(least && least->removesOthers && !least->ifVersion);
}

void TestPolicyDesk::tellsWhatIsWrongWithAChange_data()
{
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("context");
    const auto row = [](const char* name, const char* body, const char* context) {
        QTest::newRow(name) << std::string(body) << std::string(context);
    };
    row("no object", "[]", "body");
    row("no policies", R"({"if_version":"a"})", "body");
    row("an unknown member", R"({"policies":[],"force":true})", "force");
    row("a version that is no text", R"({"policies":[],"if_version":7})", "if_version");
    row("others nobody knows", R"({"policies":[],"others":"gone"})", "others");
    row("a policy without id", R"({"policies":[{"id":"a","type":"noop"},{"type":"noop"}]})", "policies[1].id");
}

void TestPolicyDesk::tellsWhatIsWrongWithAChange()
{
    QFETCH(std::string, body);
    QFETCH(std::string, context);
    const auto change = changeFromJson(body);
    QVERIFY(!change);
    QCOMPARE(change.error().context, context);
}

LUTHIEN_TEST(tst_policy_desk, TestPolicyDesk)
#include "tst_policy_desk.moc"
