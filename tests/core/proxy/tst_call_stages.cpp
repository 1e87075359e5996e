// SPDX-License-Identifier: Apache-2.0
// What a gate makes of a call besides its reply: the request it looks at, the reply it throws away, and the record it
// keeps open when the client has all of it.
#include "handler_world.h"
#include "messages_sample.h"
#include "scripted_gate.h"
#include "support/test_registry.h"

#include <QObject>

#include <zlib.h>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::CallStatus;
using conversation::Direction;
using conversation::WireKind;
using policy::RequestRuling;

namespace {
using Ruling = Result<std::optional<RequestRuling>>;
using Log = std::vector<std::string>;
const std::string kAnother = R"({"model":"claude-x","stream":true,"messages":[{"role":"user","content":"again"}]})";
const std::string kKeepalive(protocol::dialectFor(conversation::Api::AnthropicMessages).keepalive());

Ruling heldRequest()
{
    return std::optional<RequestRuling>();
}
Ruling ruled(RequestRuling ruling)
{
    return std::optional(std::move(ruling));
}

std::string gzipped(const std::string& text)
{
    constexpr int kGzip = 15 + 16;
    z_stream stream{};
    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY);
    std::string packed(text.size() + 256, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::string usageReply(int tokens)
{
    return jsonReply(200, R"({"id":"m","type":"message","model":"c","content":[],"stop_reason":"end_turn",)"
                          R"("usage":{"input_tokens":)" +
                              std::to_string(tokens) + R"(,"output_tokens":1}})");
}

std::size_t wiresOf(const RecordedCall& call, WireKind kind)
{
    return static_cast<std::size_t>(std::ranges::count(call.wires, kind, &RecordedCall::Wire::kind));
}
} // namespace

class TestCallStages : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aRequestIsSentOnlyWhenItMayBe()
    {
        GateDesk desk{.request = heldRequest};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.handler->clientBytes(kRequest);
        QCOMPARE(desk.seenRequest, kBody);
        QVERIFY2(world.log.empty() && world.toUpstream.empty(), "nothing goes upstream");
        desk.wake();
        world.pass(2s);
        QVERIFY(world.log.empty());
        desk.request = [] { return ruled({}); };
        desk.wake();
        QCOMPARE(world.log, Log{"open up.test"});
        world.handler->upstreamOpened(false);
        QCOMPARE(world.takeToUpstream(), kUpstreamHead + kBody);
        world.handler->upstreamBytes(streamReply());
        const RecordedCall call = world.call();
        QCOMPARE(call.ended->status, CallStatus::Completed);
        QCOMPARE(call.ended->heldByPolicy, std::chrono::microseconds(2s));
        QCOMPARE(quantileOf(world.metrics.observed(Latency::Added), 1),
                 LatencySteps::longestOf(LatencySteps::stepOf(2s)));
        QCOMPARE(call.ended->request.changedBytes, std::uint64_t(0));
        QVERIFY(call.sentRequests.empty() && call.hasGaplessNumbers());
        QCOMPARE(desk.ended, 1);
        QCOMPARE(desk.open, 0);
    }

    void aBlockedRequestIs400InTheFormOfItsApi_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        const QByteArray openai =
            R"({"error":{"message":"No.","type":"invalid_request_error","param":null,"code":"blocked_by_policy"}})";
        QTest::newRow("Messages") << QByteArray("/v1/messages")
                                  << QByteArray(R"({"type":"error","error":{"type":"invalid_request_error",)"
                                                R"("message":"No.","details":{"code":"blocked_by_policy"}},)"
                                                R"("request_id":"CALL"})");
        QTest::newRow("Chat") << QByteArray("/v1/chat/completions") << openai;
        QTest::newRow("Responses") << QByteArray("/v1/responses") << openai;
        QTest::newRow("Gemini") << QByteArray("/v1beta/models/g:generateContent")
                                << QByteArray(R"({"error":{"code":400,"message":"No.","status":"INVALID_ARGUMENT",)"
                                              R"("details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo",)"
                                              R"("reason":"blocked_by_policy"}]}})");
        QTest::newRow("Ollama") << QByteArray("/api/chat") << QByteArray(R"({"error":"No."})");
    }
    void aBlockedRequestIs400InTheFormOfItsApi()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        GateDesk desk{.request = [] { return ruled({.isBlocked = true, .notice = "No."}); }};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.configure([](proxy::ProxySnapshot& snapshot) {
            const auto base = snapshot.upstreams.front().baseUrl;
            snapshot.upstreams.push_back({"gemini", base, proxy::ApiFamily::Gemini, {}});
            snapshot.upstreams.push_back({"ollama", base, proxy::ApiFamily::Ollama, {}});
        });
        const std::string request =
            "POST " + path.toStdString() + " HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nContent-Length: 2\r\n\r\n{}";
        world.handler->clientBytes(request);
        QVERIFY2(world.toClient.starts_with("HTTP/1.1 400 "), world.toClient.c_str());
        QCOMPARE(headerIn(world.toClient, "x-should-retry"), std::string("false"));
        const RecordedCall call = world.call();
        QByteArray expected = body;
        QCOMPARE(QByteArray::fromStdString(bodyIn(world.toClient)),
                 expected.replace("CALL", QByteArray::fromStdString(call.id.toString())));
        QCOMPARE(call.ended->status, CallStatus::Blocked);
        QCOMPARE(call.ended->httpStatus, std::uint16_t(400));
        QVERIFY2(world.log == Log{"abort upstream"} && world.toUpstream.empty(), "nothing went upstream");
        world.takeToClient();
        desk.request = [] { return ruled({}); };
        world.handler->clientBytes(request);
        QCOMPARE(world.log.back(), std::string("open up.test"));
    }

    void aChangedRequestGoesUpstreamWithAHeadThatFits_data()
    {
        QTest::addColumn<QByteArray>("coding");
        QTest::newRow("as it is") << QByteArray();
        QTest::newRow("compressed") << QByteArray("Content-Encoding: gzip\r\nDigest: sha-256=x\r\n");
    }
    void aChangedRequestGoesUpstreamWithAHeadThatFits()
    {
        QFETCH(QByteArray, coding);
        GateDesk desk{.request = [] { return ruled({.body = kAnother}); }};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        std::string body = kBody;
        if (!coding.isEmpty())
            body = gzipped(kBody);
        world.handler->clientBytes("POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nx-api-key: k\r\n" +
                                   coding.toStdString() + "Content-Length: " + std::to_string(body.size()) +
                                   "\r\n\r\n" + body);
        QCOMPARE(desk.seenRequest, kBody);
        world.handler->upstreamOpened(true);
        const std::string sent = "POST /v1/messages HTTP/1.1\r\nHost: up.test\r\nx-api-key: k\r\nContent-Length: " +
                                 std::to_string(kAnother.size()) + "\r\n\r\n" + kAnother;
        QCOMPARE(world.takeToUpstream(), sent);
        world.handler->upstreamClosed(proxy::StreamEnd::Orderly);
        world.handler->upstreamOpened(false);
        QCOMPARE(world.takeToUpstream(), sent);
        world.handler->upstreamBytes(streamReply());
        const RecordedCall call = world.call();
        QCOMPARE(call.requestBody, kBody);
        QCOMPARE(call.sentRequests.size(), std::size_t(1));
        QCOMPARE(call.sentRequests[0].body, kAnother);
        QCOMPARE(call.ended->request.bytes, std::uint64_t(body.size()));
        QCOMPARE(call.ended->request.changedBytes, std::uint64_t(std::string("hello").size()));
        QVERIFY(call.hasGaplessNumbers());
    }

    void aRequestThatCannotBeJudgedIsRefused()
    {
        GateDesk desk{.request = [] { return Ruling(Error{ErrorCode::InvalidInput, "a name twice", "body"}); }};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.handler->clientBytes(kRequest);
        QVERIFY(world.toClient.starts_with("HTTP/1.1 400 "));
        QVERIFY2(world.call().error.find("a name twice") != std::string::npos, world.call().error.c_str());
        QCOMPARE(world.call().ended->status, CallStatus::Blocked);
        QVERIFY(world.toUpstream.empty());
    }

    void aClientThatLeavesWithdrawsItsRequest()
    {
        GateDesk desk{.request = heldRequest};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.handler->clientBytes(kRequest);
        world.handler->clientClosed();
        const RecordedCall call = world.call();
        QCOMPARE(call.ended->status, CallStatus::Cancelled);
        QCOMPARE(call.decisions.size(), std::size_t(1));
        QCOMPARE(call.decisions[0].decision.reason, std::string("withdrawn"));
        QCOMPARE(desk.open, 0);
        desk.wake();
        QVERIFY(world.toUpstream.empty());
    }

    void aRequestIsHeldNoLongerThanACallMayTake()
    {
        GateDesk desk{.request = heldRequest};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.configure([](proxy::ProxySnapshot& snapshot) { snapshot.limits.total = 30s; });
        world.handler->clientBytes(kRequest);
        world.pass(29s);
        QVERIFY(!world.call().ended);
        world.pass(1s);
        QVERIFY(world.toClient.starts_with("HTTP/1.1 504 "));
        QCOMPARE(world.call().ended->status, CallStatus::Blocked);
    }

    void aGateIsAskedAgainWhenItIsDue()
    {
        GateDesk desk{.request = heldRequest};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        desk.due = world.clock.steady() + 5s;
        world.handler->clientBytes(kRequest);
        world.pass(4s);
        desk.request = [] { return ruled({}); };
        QVERIFY(world.log.empty());
        world.pass(1s);
        QCOMPARE(world.log, Log{"open up.test"});
        desk.due = world.clock.steady() + 5s;
        world.handler->upstreamOpened(false);
        world.handler->upstreamBytes(kStreamHead + chunk(kEvents[0]));
        const int before = desk.resumed;
        world.pass(4s);
        QCOMPARE(desk.resumed, before);
        world.pass(1s);
        QVERIFY(desk.resumed > before);
        desk.due = SteadyPoint::max();
    }

    void aReplyThatIsThrownAwayLeavesNoTraceAtTheClient()
    {
        GateDesk desk{.decide = [](const auto&) { return GateAction::Forward; }, .nextRequests = {kAnother, kBody}};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.handler->clientBytes(kRequest);
        world.handler->upstreamOpened(false);
        world.takeToUpstream();
        world.handler->upstreamBytes(streamReply());
        QVERIFY(world.takeToClient().starts_with("HTTP/1.1 200 OK\r\n"));
        QCOMPARE(world.log, (Log{"open up.test", "keep upstream", "open up.test"}));
        world.handler->upstreamOpened(true);
        world.pass(10s);
        QCOMPARE(world.takeToClient(), chunk(kKeepalive));
        QVERIFY(world.takeToUpstream().ends_with("Content-Length: " + std::to_string(kAnother.size()) + "\r\n\r\n" +
                                                 kAnother));
        for (const char byte : streamReply())
            world.handler->upstreamBytes({&byte, 1});
        QCOMPARE(world.toClient, std::string());
        world.handler->upstreamOpened(true);
        QVERIFY(world.takeToUpstream().ends_with(kBody));
        world.handler->upstreamBytes(streamReply());
        QVERIFY(world.toClient.starts_with(chunk(kEvents[0])) && world.toClient.ends_with("0\r\n\r\n"));

        const RecordedCall call = world.call();
        QCOMPARE(call.ended->status, CallStatus::Completed);
        QCOMPARE(call.sentRequests.size(), std::size_t(2));
        QCOMPARE(wiresOf(call, WireKind::Stop), std::size_t(3));
        QVERIFY2(call.sentRequests[0].wiresBefore > 7 && call.sentRequests[1].wiresBefore > 14, "in the order it went");
        QCOMPARE(wiresOf(call, WireKind::Hold), std::size_t(1));
        QCOMPARE(call.ended->usage.input.value(), std::int64_t(9));
        QCOMPARE(call.ended->usage.output.value(), std::int64_t(15));
        QVERIFY(call.hasGaplessNumbers() && call.sentReply.empty());
        QCOMPARE(desk.ended, 1);
    }

    void aWholeReplyIsAskedForAgainToo()
    {
        GateDesk desk{.decide = [](const auto&) { return GateAction::Forward; }, .nextRequests = {kAnother}};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.configure([](proxy::ProxySnapshot& snapshot) {
            snapshot.prices = std::make_shared<conversation::PriceTable>(
                std::vector<conversation::ModelPrice>{{.model = "c", .input = 1, .output = 10}});
        });
        world.ask(R"({"model":"c","messages":[]})");
        world.handler->upstreamBytes(usageReply(30));
        QCOMPARE(world.takeToClient(), std::string());
        world.handler->upstreamOpened(true);
        world.handler->upstreamBytes(usageReply(50));
        QVERIFY(bodyIn(world.toClient).find("\"input_tokens\":50") != std::string::npos);
        QCOMPARE(headerIn(world.toClient, "Content-Length"), std::to_string(bodyIn(world.toClient).size()));
        QCOMPARE(world.call().ended->usage.input.value(), std::int64_t(80));
        QCOMPARE(world.call().ended->costNanoUsd.value(), std::int64_t(80 * 1000 + 2 * 10'000));
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
    }

    void anAnswerThatDoesNotComeEndsInTheApisErrorForm_data()
    {
        QTest::addColumn<bool>("stream");
        QTest::addColumn<QByteArray>("answer");
        for (const bool stream : {true, false}) {
            const char* what = stream ? "stream" : "body";
            QTest::addRow("HTTP 429, %s", what) << stream << QByteArray::fromStdString(jsonReply(429, "{}"));
            QTest::addRow("the other form, %s", what)
                << stream << QByteArray::fromStdString(stream ? usageReply(1) : streamReply());
            QTest::addRow("no connection, %s", what) << stream << QByteArray();
            QTest::addRow("a cut, %s", what) << stream << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n");
        }
    }
    void anAnswerThatDoesNotComeEndsInTheApisErrorForm()
    {
        QFETCH(bool, stream);
        QFETCH(QByteArray, answer);
        GateDesk desk{.decide = [](const auto&) { return GateAction::Forward; }, .nextRequests = {kAnother}};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask(stream ? kBody : R"({"model":"c","messages":[]})");
        world.handler->upstreamBytes(stream ? streamReply() : usageReply(1));
        if (answer.isEmpty()) {
            world.handler->upstreamFailed({.code = "upstream_unreachable", .message = "gone"});
        } else {
            world.handler->upstreamOpened(false);
            world.handler->upstreamBytes(answer.toStdString());
            if (!world.call().ended)
                world.handler->upstreamClosed(proxy::StreamEnd::Orderly);
        }
        if (stream)
            QVERIFY2(world.toClient.find("event: error\n") != std::string::npos, world.toClient.c_str());
        else
            QVERIFY2(world.toClient.starts_with("HTTP/1.1 502 "), world.toClient.c_str());
        QVERIFY(world.toClient.find("content_block") == std::string::npos);
        QCOMPARE(world.call().ended->status, CallStatus::Failed);
        QVERIFY(world.call().hasGaplessNumbers());
        QCOMPARE(desk.open, 0);
    }

    void aClientThatLeavesWhileTheUpstreamIsAskedAgainEndsIt()
    {
        GateDesk desk{.nextRequests = {kAnother}};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(streamReply());
        world.handler->upstreamOpened(false);
        world.handler->clientClosed();
        QCOMPARE(world.log[3], std::string("abort upstream"));
        QCOMPARE(world.call().ended->status, CallStatus::Cancelled);
        QCOMPARE(desk.open, 0);
    }

    void whoOnlyWatchesKeepsTheRecordOpenButNotTheClient()
    {
        GateDesk desk{.enforces = false, .isWaiting = true};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        const policy::WakeFunction wakeFirst = desk.wake;
        world.handler->upstreamBytes(streamReply());
        QVERIFY(world.toClient.ends_with("0\r\n\r\n"));
        QVERIFY(!world.call().ended && world.handler->isWatching());
        const TimePoint answered = world.clock.now();
        world.pass(3s);
        world.ask();
        world.handler->upstreamBytes(kStreamHead + chunk(kEvents[0]));
        desk.isWaiting = false;
        wakeFirst();
        QCOMPARE(world.call(0).ended->status, CallStatus::Completed);
        QCOMPARE(world.call(0).ended->at, answered);
        QVERIFY2(world.log.back() != "abort upstream", "the next call has its upstream");
        world.handler->upstreamBytes(chunk(kEvents[5] + kEvents[6]) + "0\r\n\r\n");
        QCOMPARE(world.call(1).ended->status, CallStatus::Completed);
        QCOMPARE(desk.open, 0);
    }

    void aWatcherHasTheLastWordAfterItsClientHasGone()
    {
        GateDesk desk{.enforces = false, .isWaiting = true};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(streamReply());
        world.handler->clientClosed();
        QVERIFY(!world.call().ended && world.handler->isWatching());
        desk.isWaiting = false;
        desk.wake();
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
        QVERIFY(!world.handler->isWatching());
        QVERIFY(world.call().decisions.empty());
    }

    void aWatcherIsWithdrawn_data()
    {
        QTest::addColumn<int>("by");
        QTest::newRow("after a quarter of an hour") << 0;
        QTest::newRow("when the proxy drains") << 1;
        QTest::newRow("when too many wait") << 2;
        QTest::newRow("when the connection is cut off") << 3;
        QTest::newRow("when too many of the worker's wait") << 4;
        QTest::newRow("when too much is kept for them") << 5;
        QTest::newRow("when too many wait, here and at the worker") << 6;
    }
    void aWatcherIsWithdrawn()
    {
        QFETCH(int, by);
        GateDesk desk{.enforces = false, .isWaiting = true};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.context.watched = proxy::WatchedCalls({.calls = by == 4   ? 3UL
                                                              : by == 6 ? 16UL
                                                                        : 256UL,
                                                     .bytes = 1'000'000});
        desk.waitingBytes = by == 5 ? 300'000 : 1000;
        world.ask();
        world.handler->upstreamBytes(streamReply());
        if (by == 0)
            world.pass(15min);
        else if (by == 1)
            world.handler->beginDrain();
        else if (by == 3)
            world.handler->withdraw();
        const bool isFull = by == 2 || by >= 4;
        for (int i = 0; isFull && i < (by == 2 || by == 6 ? 16 : 3); ++i) {
            world.ask();
            world.handler->upstreamBytes(streamReply());
        }
        QVERIFY(!isFull || !world.call(1).ended);
        QCOMPARE(world.metrics.value(Metric::WatchedCallsCutOff), std::uint64_t(isFull ? 1 : 0));
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
        QCOMPARE(world.call().decisions[0].decision.reason, std::string("withdrawn"));
        world.handler->withdraw();
        QCOMPARE(desk.open, 0);
        QCOMPARE(world.openCalls.load(), std::size_t(0));
    }
};

LUTHIEN_TEST(tst_call_stages, TestCallStages)
#include "tst_call_stages.moc"
