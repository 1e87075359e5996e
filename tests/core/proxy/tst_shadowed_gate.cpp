// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "messages_sample.h"
#include "support/scripted_policy.h"
#include "support/test_registry.h"

#include <QObject>
#include <QRegularExpression>

#include <array>

using namespace luthien;
using namespace luthien::test;
using conversation::AnsweredBy;
using conversation::CallStatus;
using conversation::PolicyMode;
using conversation::Verdict;

namespace {

PolicyScript enforcedScript;
PolicyScript shadowScript;

template <PolicyScript& script>
Result<std::shared_ptr<const policy::Policy>> make(const boost::json::object&, const policy::Services&)
{
    return std::shared_ptr<const policy::Policy>(std::make_shared<ScriptedPolicy>(script));
}

constexpr std::array<policy::PolicyType, 2> kTypes{
    {{.name = "e", .title = "Enforced", .summary = "", .schema = "{}", .make = make<enforcedScript>},
     {.name = "s", .title = "Shadow", .summary = "", .schema = "{}", .make = make<shadowScript>}}};

std::shared_ptr<const policy::GateFactory> gates()
{
    return proxy::makePolicyGates(*policy::Chain::build(
        kTypes, {{.id = "e", .type = "e", .mode = PolicyMode::Enforce},
                 {.id = "s", .type = "s", .mode = PolicyMode::Shadow, .onError = policy::OnError::Block}}));
}

std::string wireWithArguments(const std::string& arguments)
{
    std::string wire = kStreamHead;
    for (const std::string& event :
         {kEvents[0],
          std::string("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
                      "\"content_block\":{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"shell\",\"input\":{}}}\n\n"),
          "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
          "\"input_json_delta\",\"partial_json\":\"{\\\"c\\\":\\\"" +
              arguments + "\\\"}\"}}\n\n",
          kEvents[4],
          std::string("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":"
                      "{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":5}}\n\n"),
          kEvents[6]})
        wire += chunk(event);
    return wire + "0\r\n\r\n";
}

} // namespace

class TestShadowedGate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        enforcedScript = {};
        shadowScript = {};
        m_asked = 0;
        shadowScript.toolCall = [this](const auto&, const policy::JudgedCall&) {
            ++m_asked;
            return policy::PolicyVerdict{.verdict = Verdict::Block, .reason = "No."};
        };
    }

    /// An enforced policy looks at texts only, so no call may be held, refused or judged by what a shadow needs.
    void whatAShadowHoldsIsNotHeldFromTheClient_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::addColumn<bool>("isJudged");
        QTest::newRow("more than a call may hold here") << 5'000 << true;
        QTest::newRow("more than a shadow is shown") << 9'000'000 << false;
    }
    void whatAShadowHoldsIsNotHeldFromTheClient()
    {
        QFETCH(int, bytes);
        QFETCH(bool, isJudged);
        enforcedScript.text = [](std::string text) { return text; };
        HandlerWorld world(gates());
        world.configure([](proxy::ProxySnapshot& snapshot) { snapshot.limits.heldCallBytes = 1000; });
        world.ask();
        const std::string arguments(static_cast<std::size_t>(bytes), 'x');
        if (!isJudged)
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("shadow mode cannot judge")));
        world.handler->upstreamBytes(wireWithArguments(arguments));
        QVERIFY2(world.toClient.find(arguments) != std::string::npos, world.toClient.substr(0, 500).c_str());
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
        QCOMPARE(world.call().ended->response.changedBytes, std::uint64_t(0));
        QCOMPARE(m_asked, isJudged ? 1 : 0);
        QCOMPARE(world.call().decisions.size(), std::size_t(1));
        const conversation::Decision decision = world.call().decisions[0].decision;
        QCOMPARE(decision.mode, PolicyMode::Shadow);
        QCOMPARE(decision.verdict, Verdict::Block);
        QCOMPARE(decision.answeredBy, isJudged ? AnsweredBy::Policy : AnsweredBy::Error);
    }

    void aRequestThatAShadowCannotReadIsAnErrorOfIts()
    {
        enforcedScript.text = [](std::string text) { return text; };
        shadowScript = {};
        shadowScript.request = [this](const auto&, std::span<const conversation::RequestPart>) {
            ++m_asked;
            return policy::PolicyVerdict{};
        };
        HandlerWorld world(gates());
        world.ask(R"({"model":"c","stream":true,"messages":[],"messages":[{"role":"user","content":"x"}]})");
        world.handler->upstreamBytes(wireWithArguments("x"));
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
        QCOMPARE(m_asked, 0);
        QCOMPARE(world.call().decisions.size(), std::size_t(1));
        const conversation::Decision decision = world.call().decisions[0].decision;
        QCOMPARE(decision.answeredBy, AnsweredBy::Error);
        QCOMPARE(decision.mode, PolicyMode::Shadow);
        QVERIFY(!decision.reason.empty());
    }

    void bothJudgeWhatCame()
    {
        enforcedScript.toolCall = [](const auto&, const policy::JudgedCall&) {
            return policy::PolicyVerdict{.verdict = Verdict::Block, .reason = "No."};
        };
        HandlerWorld world(gates());
        world.ask();
        world.handler->upstreamBytes(wireWithArguments("secret"));
        QVERIFY(world.toClient.find("secret") == std::string::npos);
        QCOMPARE(m_asked, 1);
        QCOMPARE(world.call().decisions.size(), std::size_t(2));
    }

private:
    int m_asked = 0;
};

LUTHIEN_TEST(tst_shadowed_gate, TestShadowedGate)
#include "tst_shadowed_gate.moc"
