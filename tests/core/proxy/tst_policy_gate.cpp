// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "messages_sample.h"
#include "proxy/policy_gate.h"
#include "support/no_drops.h"
#include "support/scripted_policy.h"
#include "support/test_registry.h"

#include <QObject>
#include <QRegularExpression>

using namespace luthien;
using namespace luthien::test;
using conversation::Api;
using conversation::CallStatus;
using conversation::PolicyMode;

namespace {
const std::string kCall = R"({"id":"m","type":"message","role":"assistant","model":"c","content":[{"type":"tool_use",)"
                          R"("id":"t1","name":"drop_table","input":{"sql":"DROP"}}],"stop_reason":"tool_use",)"
                          R"("usage":{"input_tokens":1,"output_tokens":1}})";
const std::string kTwice = R"({"id":"m","type":"message","role":"assistant","model":"c","content":[{"type":"tool_use",)"
                           R"("id":"t1","name":"list","name":"drop_table","input":{}}],"stop_reason":"tool_use"})";
const std::string kWholeRequest = R"({"model":"c","messages":[]})";
} // namespace

class TestPolicyGate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aChainOfNothingCostsNothing()
    {
        QVERIFY(!proxy::makePolicyGates(nullptr));
        QVERIFY(!gatesWith(PolicyMode::Off));
    }

    void everyGenerationIsJudged()
    {
        const auto gates = gatesWith(PolicyMode::Enforce);
        const conversation::Identity nobody;
        const FakeClock clock;
        for (const Api api :
             {Api::AnthropicMessages, Api::OpenAiChat, Api::OpenAiResponses, Api::Gemini, Api::Ollama}) {
            const auto gate = gates->open({.api = api, .identity = nobody, .clock = clock}, {});
            QVERIFY(gate && gate->enforces() && gate->looksAtReply() && !gate->onlyWatches());
        }
        const auto other = gates->open({.api = Api::Other, .identity = nobody, .clock = clock}, {});
        QVERIFY2(!other->looksAtReply(), "embeddings, lists of models: nothing that a policy could judge");
        const auto watching = gatesWith(PolicyMode::Shadow);
        const auto gate = watching->open({.api = Api::OpenAiChat, .identity = nobody, .clock = clock}, {});
        QVERIFY(gate && gate->onlyWatches() && !gate->enforces());
    }

    /// What nobody can read is refused to those that a policy looks at, and to nobody else.
    void onlyCallsInTheScopeOfAnEnforcedPolicyMustBeReadable_data()
    {
        QTest::addColumn<QByteArray>("client");
        QTest::addColumn<bool>("isAsked");
        QTest::newRow("in scope") << QByteArray("claude-cli/2.1.0 (external, cli)") << false;
        QTest::newRow("out of scope") << QByteArray("curl/8.0") << true;
    }
    void onlyCallsInTheScopeOfAnEnforcedPolicyMustBeReadable()
    {
        QFETCH(QByteArray, client);
        QFETCH(bool, isAsked);
        PolicyScript script{.toolCall = [](const auto&, const auto&) { return policy::PolicyVerdict(); }};
        HandlerWorld world(proxy::makePolicyGates(
            chainOf(script, {.id = "p", .mode = PolicyMode::Enforce, .scope = {.clients = {"claude-code"}}})));
        world.handler->clientBytes("POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nContent-Encoding: br\r\n"
                                   "User-Agent: " +
                                   client.toStdString() + "\r\nContent-Length: 2\r\n\r\n{}");
        QCOMPARE(world.log == std::vector<std::string>{"open up.test"}, isAsked);
        QCOMPARE(world.toClient.starts_with("HTTP/1.1 415 "), !isAsked);
    }

    void whatIsNoGenerationPassesButIsCounted()
    {
        int asked = 0;
        PolicyScript script{.request = [&asked](const auto&, auto parts) -> PolicyScript::Verdict {
            if (!parts.empty() || ++asked == 1)
                return policy::PolicyVerdict();
            return policy::PolicyVerdict{.verdict = conversation::Verdict::Block, .reason = "Enough."};
        }};
        HandlerWorld world(proxy::makePolicyGates(chainOf(script, {.id = "p", .mode = PolicyMode::Enforce})));
        const std::string request = "POST /v1/embeddings HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nContent-Encoding: br\r\n"
                                    "Content-Length: 2\r\n\r\n{}";
        world.handler->clientBytes(request);
        world.handler->upstreamOpened(false);
        QVERIFY(world.takeToUpstream().ends_with("\r\n\r\n{}"));
        world.handler->upstreamBytes(jsonReply(200, "[1, 2]"));
        QCOMPARE(bodyIn(world.takeToClient()), std::string("[1, 2]"));
        world.handler->clientBytes(request);
        QVERIFY2(world.toClient.starts_with("HTTP/1.1 400 "), world.toClient.c_str());
        QVERIFY(world.toUpstream.empty());
    }

    void aBlockedCallBecomesTextAndTheDecisionIsRecorded()
    {
        HandlerWorld world(gatesWith(PolicyMode::Enforce));
        world.ask(kWholeRequest);
        world.handler->upstreamBytes(jsonReply(200, kCall));
        const std::string body = bodyIn(world.toClient);
        QCOMPARE(headerIn(world.toClient, "Content-Length"), std::to_string(body.size()));
        QVERIFY(body.find("tool_use") == std::string::npos && body.find("DROP") == std::string::npos);
        QVERIFY(body.find("blocked by policy") != std::string::npos);
        const RecordedCall call = world.call();
        QCOMPARE(call.ended->status, CallStatus::Completed);
        QCOMPARE(call.decisions.size(), std::size_t(1));
        QCOMPARE(call.decisions[0].decision.tool, std::string("drop_table"));
        QCOMPARE(call.decisions[0].decision.reason, std::string("It drops something."));
    }

    void aReplyThatCanBeReadInTwoWaysIs502_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("a name twice") << QByteArray("application/json") << QByteArray::fromStdString(kTwice);
        QTest::newRow("a stream said to be JSON")
            << QByteArray("application/json") << QByteArray::fromStdString("data: " + kCall + "\n\n");
        QTest::newRow("bytes behind the JSON")
            << QByteArray("application/json") << QByteArray::fromStdString(kCall + "{}");
        QTest::newRow("a stream said to be text")
            << QByteArray("text/plain") << QByteArray::fromStdString("data: " + kCall + "\n\n");
    }
    void aReplyThatCanBeReadInTwoWaysIs502()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        const std::string wire = "HTTP/1.1 200 OK\r\nContent-Type: " + type.toStdString() +
                                 "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body.toStdString();
        HandlerWorld world(gatesWith(PolicyMode::Enforce));
        world.ask(kWholeRequest);
        world.handler->upstreamBytes(wire);
        QVERIFY2(world.toClient.starts_with("HTTP/1.1 502 "), world.toClient.c_str());
        QVERIFY(world.toClient.find("t1") == std::string::npos && world.toClient.find("DROP") == std::string::npos);
        QCOMPARE(world.call().ended->status, CallStatus::Blocked);

        HandlerWorld watched(gatesWith(PolicyMode::Shadow));
        watched.ask(kWholeRequest);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("shadow mode cannot judge")));
        watched.handler->upstreamBytes(wire);
        QCOMPARE(bodyIn(watched.toClient), body.toStdString());
        QCOMPARE(watched.call().ended->status, CallStatus::Completed);
    }

    void jsonSaidToBeAStreamNeverLeaves_data()
    {
        QTest::addColumn<QByteArray>("behind");
        QTest::newRow("as it is") << QByteArray();
        QTest::newRow("like an event") << QByteArray("\n\n");
    }
    void jsonSaidToBeAStreamNeverLeaves()
    {
        QFETCH(QByteArray, behind);
        HandlerWorld world(gatesWith(PolicyMode::Enforce));
        world.ask();
        world.handler->upstreamBytes(kStreamHead + chunk(kCall + behind.toStdString()) + "0\r\n\r\n");
        QVERIFY2(world.toClient.find("t1") == std::string::npos, world.toClient.c_str());
    }

    void otherRepliesOfAnApiPassByteForByte_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("body");
        const QByteArray host = " HTTP/1.1\r\nHost: 127.0.0.1:4000\r\n";
        QTest::newRow("a count of tokens") << "POST /v1/messages/count_tokens" + host + "Content-Length: 2\r\n\r\n{}"
                                           << QByteArray(R"({"input_tokens": 42})");
        QTest::newRow("the items of a stored reply's input")
            << "GET /v1/responses/resp_1/input_items" + host + "\r\n"
            << QByteArray(R"({"object": "list", "data": [{"type": "message", "role": "user", "content": []}]})");
        QTest::newRow("a compaction") << "POST /v1/responses/compact" + host + "Content-Length: 2\r\n\r\n{}"
                                      << QByteArray(R"({"id":"resp_1","object":"response.compaction","output":)"
                                                    R"([{"type":"compaction","encrypted_content":"x"}]})");
    }
    void otherRepliesOfAnApiPassByteForByte()
    {
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, body);
        HandlerWorld world(gatesWith(PolicyMode::Enforce));
        world.handler->clientBytes(request.toStdString());
        world.handler->upstreamOpened(false);
        world.handler->upstreamBytes(jsonReply(200, body.toStdString()));
        QCOMPARE(bodyIn(world.toClient), body.toStdString());
        QCOMPARE(world.call().ended->response.changedBytes, std::uint64_t(0));
    }
};

LUTHIEN_TEST(tst_policy_gate, TestPolicyGate)
#include "tst_policy_gate.moc"
