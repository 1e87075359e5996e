// SPDX-License-Identifier: Apache-2.0
#include "policy/inference.h"
#include "support/open_descriptors.h"
#include "support/running_proxy.h"
#include "support/scripted_policy.h"
#include "support/test_registry.h"

#include <QObject>

#include <future>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::CallStatus;
using conversation::PolicyMode;
using conversation::Verdict;
using policy::PolicyVerdict;

namespace {
const std::string kRequestBody = R"({"model":"c","messages":[{"role":"user","content":"hello"}]})";
const std::string kCall = R"({"id":"m","type":"message","role":"assistant","model":"c","content":[{"type":"tool_use",)"
                          R"("id":"t1","name":"shell","input":{"command":"rm"}}],"stop_reason":"tool_use",)"
                          R"("usage":{"input_tokens":1,"output_tokens":1}})";

std::string said(const std::string& text)
{
    return R"({"id":"j","type":"message","role":"assistant","model":"c","content":[{"type":"text","text":")" + text +
           R"("}],"stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":2}})";
}

ScriptedReply json(unsigned status, const std::string& body)
{
    return {.status = status, .headers = {{"Content-Type", "application/json"}}, .pieces = {body}};
}

bool isQuestion(const ScriptedRequest& request)
{
    return request.header("user-agent") == "luthien";
}

/// Asks a model about each call and does what it says; an error is one. One question a call.
struct Judge
{
    explicit Judge(std::chrono::milliseconds timeout = 20s)
    {
        script.toolCall = [this, timeout](const policy::PolicyContext& context, const auto&) -> Result<PolicyVerdict> {
            if (answer) {
                const auto reply = *answer;
                if (!reply)
                    return reply.error();
                return PolicyVerdict{.verdict = reply->text == "block" ? Verdict::Block : Verdict::Continue,
                                     .reason = reply->text};
            }
            if (!job)
                job = context.inference->ask({.prompt = "rm?", .timeout = timeout, .policyId = "judge"},
                                             [this, wake = context.wake](auto reply) {
                                                 answer = std::move(reply);
                                                 wake();
                                             });
            return PolicyVerdict{.verdict = Verdict::Hold};
        };
        script.ended = [this](const auto&, const auto&) { job.reset(); };
    }
    PolicyScript script;
    std::unique_ptr<policy::InferenceJob> job;
    std::optional<Result<policy::InferenceReply>> answer;
};

std::unique_ptr<RunningProxy> proxyWith(const ScriptedUpstream& upstream, Judge& judge)
{
    const auto gates = proxy::makePolicyGates(chainOf(judge.script, {.id = "judge", .mode = PolicyMode::Enforce}));
    return std::make_unique<RunningProxy>(upstream.baseUrl(),
                                          [&](auto&, proxy::ProxySnapshot& snapshot) { snapshot.gates = gates; });
}
} // namespace

/// Policies that ask a model, on real sockets.
class TestModelQuestion : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aQuestionIsACallInTheRecord()
    {
        ScriptedUpstream upstream(
            [](const ScriptedRequest& request) { return json(200, isQuestion(request) ? said("block") : kCall); });
        Judge judge;
        const auto running = proxyWith(upstream, judge);
        RawClient client(running->port);
        client.send(running->request(kRequestBody, "/v1/messages", "x-api-key: sk-caller\r\n"));
        const auto reply = client.readReply();
        QCOMPARE(reply.status, 200);
        QVERIFY2(reply.body.find("was blocked by policy") != std::string::npos, reply.body.c_str());
        QVERIFY(running->recording.waitForEnded(2));
        const auto calls = running->recording.calls();
        QCOMPARE(calls.size(), std::size_t(2));
        QCOMPARE(calls[1].cause, calls[0].id);
        QCOMPARE(calls[1].causePolicy, std::string("judge"));
        QCOMPARE(calls[1].identity.client, std::string("luthien"));
        QCOMPARE(calls[1].identity.session, calls[0].identity.session);
        QCOMPARE(calls[1].ended->status, CallStatus::Completed);
        QCOMPARE(calls[1].ended->usage.input.value(), std::int64_t(7));
        QVERIFY(calls[1].decisions.empty());
        QCOMPARE(upstream.requests().at(1).header("x-api-key"), std::string("sk-caller"));
        QVERIFY2(upstream.connections() <= 2, "through the pool");
    }

    void aModelThatFailsIsAnError_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("code");
        QTest::newRow("down") << 0 << static_cast<int>(ErrorCode::Unavailable);
        QTest::newRow("slow") << 1 << static_cast<int>(ErrorCode::Timeout);
        QTest::newRow("garbage") << 2 << static_cast<int>(ErrorCode::InvalidInput);
        QTest::newRow("HTTP 500") << 3 << static_cast<int>(ErrorCode::Unavailable);
        QTest::newRow("too long") << 4 << static_cast<int>(ErrorCode::InvalidInput);
    }
    void aModelThatFailsIsAnError()
    {
        QFETCH(int, kind);
        QFETCH(int, code);
        ScriptedUpstream upstream([kind](const ScriptedRequest& request) {
            if (!isQuestion(request))
                return json(200, kCall);
            ScriptedReply reply = json(kind == 3 ? 500 : 200, kind == 4 ? std::string(2'000'000, ' ') : "{]");
            if (kind == 0)
                reply.end = ScriptedReply::End::Cut;
            if (kind == 1) {
                reply.pieces.clear();
                reply.framing = ScriptedReply::Framing::Chunked;
                reply.end = ScriptedReply::End::Hang;
            }
            if (kind == 0)
                reply.raw = "HTTP/1.1 200 OK\r\nContent-Le";
            return reply;
        });
        Judge judge(kind == 1 ? 200ms : 20s);
        const auto running = proxyWith(upstream, judge);
        RawClient client(running->port);
        client.send(running->request(kRequestBody));
        const auto reply = client.readReply();
        QVERIFY2(reply.body.find("was blocked by policy") != std::string::npos, reply.body.c_str());
        QVERIFY2(reply.body.find("\"rm\"") == std::string::npos, "on_error is block");
        QVERIFY(running->recording.waitForEnded(2));
        QVERIFY(judge.answer && !*judge.answer);
        QCOMPARE(static_cast<int>(judge.answer->error().code), code);
        QVERIFY(kind != 3 || judge.answer->error().context == "500");
    }

    void aClientThatLeavesEndsTheQuestion()
    {
        std::promise<void> asked;
        ScriptedUpstream upstream([&](const ScriptedRequest& request) {
            if (!isQuestion(request))
                return json(200, kCall);
            asked.set_value();
            return ScriptedReply{.framing = ScriptedReply::Framing::Chunked, .end = ScriptedReply::End::Hang};
        });
        Judge judge;
        const auto running = proxyWith(upstream, judge);
        const std::size_t before = openDescriptors();
        RawClient client(running->port);
        client.send(running->request(kRequestBody));
        asked.get_future().wait();
        client.close();
        QVERIFY(upstream.waitForAbort(10s));
        QVERIFY(running->recording.waitForEnded(2));
        for (const RecordedCall& call : running->recording.calls())
            QCOMPARE(call.ended->status, CallStatus::Cancelled);
        QVERIFY(!judge.answer);
        QTRY_VERIFY(openDescriptors() <= before + 1); // the kept connection of the call itself
    }
};

LUTHIEN_TEST(tst_model_question, TestModelQuestion)
#include "tst_model_question.moc"
