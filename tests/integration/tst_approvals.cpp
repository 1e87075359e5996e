// SPDX-License-Identifier: Apache-2.0
#include "integration/turn.h"
#include "policy/approval_desk.h"
#include "policy/builtin/builtin.h"
#include "protocol/dialect.h"
#include "proxy/policy_gate.h"
#include "support/running_proxy.h"
#include "support/stream_checker.h"
#include "support/test_registry.h"

#include <QObject>

#include <algorithm>
#include <array>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::AnsweredBy;
using conversation::Api;
using conversation::BlockKind;
using conversation::CallStatus;
using conversation::Verdict;

namespace {
const ScriptedTurn kTurn{"I will drop it.", {{"call_canary", "drop_table", R"({"sql":"DROP TABLE canary_orders"})"}}};
constexpr std::array kApis = {Api::AnthropicMessages, Api::OpenAiChat, Api::OpenAiResponses, Api::Gemini, Api::Ollama};

/// A proxy whose one policy asks a person about every tool call.
struct AskingProxy
{
    /// end = what the upstream does when all of its reply has left.
    AskingProxy(Api theApi, bool isStream, const std::string& timeout, ScriptedReply::End end)
        : api(theApi)
        , stream(isStream)
        , upstream([this, end](const ScriptedRequest&) {
            return ScriptedReply{.headers = {{"Content-Type", contentType(api, stream)}},
                                 .pieces = stream ? streamOf(api, kTurn) : std::vector{bodyOf(api, kTurn)},
                                 .framing = ScriptedReply::Framing::Chunked,
                                 .end = end};
        })
        , chain(policy::Chain::build(policy::builtin::registry(),
                                     {{.id = "ask",
                                       .type = "approval",
                                       .mode = conversation::PolicyMode::Enforce,
                                       .config = R"({"timeout":")" + timeout + "\"}"}},
                                     {.approvals = &desk})
                    .value())
        , running(upstream.baseUrl(), [this](auto&, proxy::ProxySnapshot& snapshot) {
            const auto base = snapshot.upstreams.front().baseUrl;
            snapshot.upstreams.push_back({"gemini", base, proxy::ApiFamily::Gemini, {}});
            snapshot.upstreams.push_back({"ollama", base, proxy::ApiFamily::Ollama, {}});
            snapshot.limits.heartbeat = 20ms;
            snapshot.gates = proxy::makePolicyGates(chain);
        })
    {
    }

    [[nodiscard]] std::string request() const { return running.request(requestOf(api, stream), pathOf(api, stream)); }
    /// The one call, once it is over.
    [[nodiscard]] RecordedCall call() const
    {
        return running.recording.waitForEnded(1) ? running.recording.calls().front() : RecordedCall();
    }

    const Api api;
    const bool stream;
    SystemClock clock;
    policy::ApprovalDesk desk{clock};
    ScriptedUpstream upstream;
    std::shared_ptr<const policy::Chain> chain;
    RunningProxy running;
};
} // namespace

/// A person is asked about a call, over real sockets, and does not answer.
class TestApprovals : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nobodyAnswersInTime_data()
    {
        QTest::addColumn<int>("api");
        QTest::addColumn<bool>("stream");
        for (const Api api : kApis) {
            for (const bool stream : {true, false})
                QTest::addRow("%s, %s", std::string(conversation::apiName(api)).c_str(), stream ? "a stream" : "a body")
                    << static_cast<int>(api) << stream;
        }
    }
    void nobodyAnswersInTime()
    {
        QFETCH(int, api);
        QFETCH(bool, stream);
        const Api kind = static_cast<Api>(api);
        AskingProxy world(kind, stream, "1s", ScriptedReply::End::KeepAlive);
        RawClient client(world.running.port);
        client.send(world.request());
        std::string held;
        if (stream) {
            const std::string keepalive(protocol::dialectFor(kind).keepalive());
            const std::string twice = keepalive + "\r\n";
            held = client.readUntil(kind == Api::Ollama ? "\r\n1\r\n \r\n1\r\n \r\n" : twice);
            QVERIFY2(held.find(twice) != std::string::npos, held.c_str());
            QVERIFY2(world.desk.pending().size() == 1, "it is held meanwhile");
        }
        const RawClient::Reply reply = client.readReply(false, 20s);
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.complete);
        for (const char* canary : {"canary", "DROP TABLE", "\"drop_table\""})
            QVERIFY2(reply.body.find(canary) == std::string::npos, reply.body.c_str());
        QVERIFY2(reply.body.find("[Tool call `drop_table` was blocked by policy]") != std::string::npos,
                 reply.body.c_str());
        const char* form = !stream ? "body" : kind == Api::Ollama ? "ndjson" : "sse";
        const QString fault = breach(kind, splitReply(form, reply.body));
        QVERIFY2(fault.isEmpty(), qPrintable(fault));
        QVERIFY(std::ranges::none_of(folded(kind, stream, reply.body).blocks,
                                     [](const auto& block) { return block.kind == BlockKind::ToolUse; }));

        const RecordedCall call = world.call();
        QCOMPARE(call.ended->status, CallStatus::Completed);
        QCOMPARE(call.decisions.size(), std::size_t(1));
        const conversation::Decision& decision = call.decisions.front().decision;
        QCOMPARE(decision.verdict, Verdict::Block);
        QCOMPARE(decision.answeredBy, AnsweredBy::Timeout);
        QVERIFY(world.desk.pending().empty());
        QVERIFY2(world.desk.rules().empty(), "silence makes no rule");
    }

    void theClientLeavesWhileItsCallIsHeld_data()
    {
        QTest::addColumn<bool>("isUpstreamDone");
        QTest::newRow("the upstream has said everything") << true;
        QTest::newRow("the upstream has more to say") << false;
    }
    void theClientLeavesWhileItsCallIsHeld()
    {
        QFETCH(bool, isUpstreamDone);
        AskingProxy world(Api::OpenAiResponses, true, "1h",
                          isUpstreamDone ? ScriptedReply::End::KeepAlive : ScriptedReply::End::Hang);
        RawClient client(world.running.port);
        client.send(world.request());
        QTRY_COMPARE(world.desk.pending().size(), std::size_t(1));
        const CallId asked = world.desk.pending().front().id;
        client.close();

        const RecordedCall call = world.call();
        QVERIFY(call.ended.has_value());
        QCOMPARE(call.ended->status, CallStatus::Cancelled);
        QVERIFY2(isUpstreamDone || world.upstream.waitForAbort(10s), "nobody reads what it says");
        QTRY_VERIFY2(world.desk.pending().empty(), "the question is withdrawn");
        const auto late = world.desk.answer(asked, {.verb = policy::ApprovalVerb::Allow,
                                                    .scope = policy::ApprovalScope::Tool,
                                                    .duration = policy::ApprovalDuration::Always});
        QVERIFY(!late && late.error().code == ErrorCode::Conflict);
        QVERIFY(world.desk.rules().empty());
        QCOMPARE(call.decisions.size(), std::size_t(1)); // that it was held, and never answered
        QCOMPARE(call.decisions.front().decision.verdict, Verdict::Hold);
        QCOMPARE(call.decisions.front().decision.answeredBy, AnsweredBy::Error);
    }
};

LUTHIEN_TEST(tst_approvals, TestApprovals)
#include "tst_approvals.moc"
