// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::CallStatus;
using conversation::Direction;
using conversation::WireKind;

namespace {
const std::string kBody = R"({"model":"claude-x","stream":true,"messages":[{"role":"user","content":"hello"}]})";
const std::string kRequest =
    "POST /v1/messages?beta=true HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nx-api-key: sk-secret\r\n"
    "Accept-Encoding: gzip, br, zstd\r\nConnection: keep-alive\r\nanthropic-version: 2023-06-01\r\n"
    "Content-Length: " +
    std::to_string(kBody.size()) + "\r\n\r\n" + kBody;
const std::string kUpstreamHead = "POST /v1/messages?beta=true HTTP/1.1\r\nHost: up.test\r\nx-api-key: sk-secret\r\n"
                                  "Accept-Encoding: gzip, zstd\r\nanthropic-version: 2023-06-01\r\n"
                                  "Content-Length: " +
                                  std::to_string(kBody.size()) + "\r\n\r\n";

const std::vector<std::string> kEvents = {
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"claude-x\","
    "\"role\":\"assistant\",\"content\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n",
    "event: content_block_start\ndata: "
    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\","
    "\"text\":\"\"}}\n\n",
    "event: content_block_delta\ndata: "
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","
    "\"text\":\"Hi\"}}\n\n",
    ": a comment\n\n",
    "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":"
    "{\"output_tokens\":5}}\n\n",
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
};
const std::string kStreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nrequest-id: req_1\r\n"
                                "alt-svc: h3=\":443\"\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string chunk(const std::string& bytes)
{
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    return size + bytes + "\r\n";
}

std::string joined(const std::vector<std::string>& parts)
{
    std::string all;
    for (const std::string& part : parts)
        all += part;
    return all;
}

std::string streamReply()
{
    std::string wire = kStreamHead;
    for (const std::string& event : kEvents)
        wire += chunk(event);
    return wire + "0\r\n\r\n";
}

std::string jsonReply(int status, const std::string& body, const std::string& fields = {})
{
    return "HTTP/1.1 " + std::to_string(status) + " Said\r\nContent-Type: application/json\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
} // namespace

class TestCallHandler : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aStreamPassesWhereverItsReadsCut()
    {
        const std::string wire = streamReply();
        for (std::size_t cut = 1; cut < wire.size(); ++cut) {
            HandlerWorld world;
            world.handler->clientBytes(kRequest);
            QCOMPARE(world.log, std::vector<std::string>{"open up.test"});
            world.handler->upstreamOpened(false);
            QCOMPARE(world.takeToUpstream(), kUpstreamHead + kBody);
            world.handler->upstreamBytes(std::string_view(wire).substr(0, cut));
            world.handler->upstreamBytes(std::string_view(wire).substr(cut));
            const RecordedCall call = world.call();
            QCOMPARE(bodyIn(world.toClient), joined(kEvents));
            QCOMPARE(headerIn(world.toClient, "request-id"), std::string("req_1"));
            QCOMPARE(headerIn(world.toClient, "x-luthien-call-id"), call.id.toString());
            QVERIFY(headerIn(world.toClient, "alt-svc").empty());
            QCOMPARE(call.receivedBody(), joined(kEvents));
            QVERIFY(call.hasGaplessNumbers());
            QVERIFY(call.ended.has_value());
            QCOMPARE(call.ended->status, CallStatus::Completed);
            QCOMPARE(world.log.back(), std::string("keep upstream"));
        }
    }

    void aStreamPassesByteByByte()
    {
        HandlerWorld world;
        for (const char& byte : kRequest)
            world.handler->clientBytes({&byte, 1});
        world.handler->upstreamOpened(false);
        QCOMPARE(world.takeToUpstream(), kUpstreamHead + kBody);
        const std::string wire = streamReply();
        for (const char& byte : wire)
            world.handler->upstreamBytes({&byte, 1});
        QCOMPARE(bodyIn(world.toClient), joined(kEvents));
        QCOMPARE(world.call().receivedBody(), joined(kEvents));
        QVERIFY(world.call().hasGaplessNumbers());
    }

    void theRecordTellsWhatHappened()
    {
        HandlerWorld world;
        world.handler->clientBytes(kRequest);
        world.handler->upstreamOpened(false);
        world.pass(2s);
        world.handler->upstreamBytes(kStreamHead + chunk(kEvents[0]) + chunk(kEvents[1]));
        world.pass(1s);
        world.handler->upstreamBytes(chunk(kEvents[2]));
        for (std::size_t i = 3; i < kEvents.size(); ++i)
            world.handler->upstreamBytes(chunk(kEvents[i]));
        world.handler->upstreamBytes("0\r\n\r\n");
        const RecordedCall call = world.call();
        QCOMPARE(call.api, conversation::Api::AnthropicMessages);
        QCOMPARE(call.upstream, std::string("anthropic"));
        QCOMPARE(call.path, std::string("/v1/messages?beta=true"));
        QCOMPARE(call.model, std::string("claude-x"));
        QCOMPARE(call.preview, std::string("hello"));
        QVERIFY(call.stream);
        QCOMPARE(call.requestBody, kBody);
        QVERIFY(call.requestHead.find("sk-secret") == std::string::npos);
        std::vector<WireKind> kinds;
        for (const auto& wire : call.wires)
            kinds.push_back(wire.kind);
        const std::vector<WireKind> expected = {WireKind::Head,      WireKind::Head, WireKind::Head, WireKind::Text,
                                                WireKind::Keepalive, WireKind::Head, WireKind::Stop, WireKind::Head};
        // message_start carries usage and so is named after it.
        QCOMPARE(kinds.size(), expected.size());
        QCOMPARE(kinds[3], expected[3]);
        QCOMPARE(kinds[4], expected[4]);
        QCOMPARE(kinds[6], expected[6]);
        QCOMPARE(call.ended->seq, std::uint32_t(9));
        QCOMPARE(call.ended->httpStatus, std::uint16_t(200));
        QCOMPARE(call.ended->stopReason, conversation::StopReason::EndTurn);
        QCOMPARE(call.rawStopReason, std::string("end_turn"));
        QCOMPARE(call.ended->usage.input.value_or(-1), 3);
        QCOMPARE(call.ended->usage.output.value_or(-1), 5);
        QCOMPARE(*call.ended->firstTokenAt - *call.ended->firstByteAt, 1s);
        QCOMPARE(call.ended->request, (conversation::BodyTotals{kBody.size(), 0, Sha256::of(kBody)}));
        const std::string body = joined(kEvents);
        QCOMPARE(call.ended->response, (conversation::BodyTotals{body.size(), 0, Sha256::of(body)}));
        QVERIFY(call.reply.find("\"Hi\"") != std::string::npos);
    }

    void aWholeBodyPassesWhereverItsReadsCut()
    {
        const std::string body = R"({"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":)"
                                 R"("text","text":"whole"}],"stop_reason":"end_turn","usage":{"input_tokens":1}})";
        const std::string wire = jsonReply(200, body, "retry-after: 3\r\n");
        for (std::size_t cut = 1; cut < wire.size(); ++cut) {
            HandlerWorld world;
            world.ask(kBody);
            world.handler->upstreamBytes(std::string_view(wire).substr(0, cut));
            world.handler->upstreamBytes(std::string_view(wire).substr(cut));
            const RecordedCall call = world.call();
            QCOMPARE(bodyIn(world.toClient), body);
            QVERIFY(world.toClient.starts_with("HTTP/1.1 200 Said\r\n"));
            QCOMPARE(headerIn(world.toClient, "Content-Length"), std::to_string(body.size()));
            QCOMPARE(headerIn(world.toClient, "retry-after"), std::string("3"));
            QCOMPARE(call.receivedBody(), body);
            QVERIFY(call.hasGaplessNumbers());
            QVERIFY(call.reply.find("whole") != std::string::npos);
            QVERIFY(!call.wires.back().partial);
        }
    }

    void nothingReachesTheClientBeforeTheUpstreamsStatus()
    {
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
        QCOMPARE(world.toClient, std::string());
        world.handler->upstreamBytes("Transfer-Encoding: chunked\r\n\r\n");
        QVERIFY(world.toClient.starts_with("HTTP/1.1 200 OK\r\n"));
    }

    void anErrorOfTheUpstreamPassesAndFailsTheCall()
    {
        HandlerWorld world;
        world.ask();
        const std::string body = R"({"type":"error","error":{"type":"rate_limit_error","message":"slow down"}})";
        world.handler->upstreamBytes(jsonReply(429, body, "retry-after: 7\r\n"));
        QVERIFY(world.toClient.starts_with("HTTP/1.1 429 "));
        QCOMPARE(headerIn(world.toClient, "retry-after"), std::string("7"));
        QCOMPARE(bodyIn(world.toClient), body);
        QCOMPARE(world.call().ended->status, CallStatus::Failed);
        QCOMPARE(world.call().error, std::string("HTTP 429: slow down"));
    }

    void anErrorInTheStreamFailsTheCall()
    {
        HandlerWorld world;
        world.ask();
        const std::string event =
            "event: error\ndata: "
            "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n";
        world.handler->upstreamBytes(kStreamHead + chunk(kEvents[0]) + chunk(event) + "0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), kEvents[0] + event);
        QCOMPARE(world.call().ended->status, CallStatus::Failed);
        QCOMPARE(world.call().error, std::string("busy"));
    }

    void aReplyWithoutItsLastEventIsTruncated()
    {
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes(kStreamHead + chunk(kEvents[0]) + "0\r\n\r\n");
        QCOMPARE(world.call().ended->status, CallStatus::Truncated);
    }

    void aCutUpstreamEndsTheStreamInTheApisErrorForm_data()
    {
        QTest::addColumn<QByteArray>("partOfEvent");
        QTest::newRow("between events") << QByteArray();
        QTest::newRow("inside an event") << QByteArray("event: content_block_d");
    }
    void aCutUpstreamEndsTheStreamInTheApisErrorForm()
    {
        QFETCH(QByteArray, partOfEvent);
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes(kStreamHead + chunk(kEvents[0] + partOfEvent.toStdString()));
        world.handler->upstreamClosed();
        const std::string body = bodyIn(world.toClient);
        QVERIFY(body.starts_with(kEvents[0] + partOfEvent.toStdString()));
        QVERIFY(body.find("\n\nevent: error\n") != std::string::npos);
        QVERIFY2(!world.toClient.ends_with("0\r\n\r\n"), "a cut reply must not look complete");
        QCOMPARE(world.log.back(), std::string("close client when sent"));
        QCOMPARE(world.call().ended->status, CallStatus::Truncated);
        QCOMPARE(world.call().wires.back().direction, Direction::Sent);
        QVERIFY(world.call().hasGaplessNumbers());
    }

    void aCutBeforeTheStatusIs502()
    {
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes("HTTP/1.1 200 O");
        world.handler->upstreamClosed();
        QVERIFY(world.toClient.starts_with("HTTP/1.1 502 "));
        QCOMPARE(headerIn(world.toClient, "x-luthien-call-id"), world.call().id.toString());
        QVERIFY(bodyIn(world.toClient).find("\"type\":\"error\"") != std::string::npos);
        QCOMPARE(world.call().ended->status, CallStatus::Failed);
        QCOMPARE(world.call().ended->httpStatus, std::uint16_t(502));
        QVERIFY2(world.log.back() != "close client when sent", "the client's connection is still good");
    }

    void aPooledConnectionThatFailedAtOnceIsTriedAgainFresh()
    {
        HandlerWorld world;
        world.handler->clientBytes(kRequest);
        world.handler->upstreamOpened(true);
        const std::string sent = world.takeToUpstream();
        world.handler->upstreamClosed();
        QCOMPARE(world.log, (std::vector<std::string>{"open up.test", "abort upstream", "open fresh up.test"}));
        QCOMPARE(world.toClient, std::string());
        world.handler->upstreamOpened(false);
        QCOMPARE(world.takeToUpstream(), sent);
        world.handler->upstreamClosed();
        QVERIFY2(world.toClient.starts_with("HTTP/1.1 502 "), "once only");
    }

    void theClientLeavingAbortsTheUpstream()
    {
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes(kStreamHead + chunk(kEvents[0]));
        world.handler->clientClosed();
        QCOMPARE(world.log, (std::vector<std::string>{"open up.test", "abort upstream", "close client now"}));
        QCOMPARE(world.call().ended->status, CallStatus::Cancelled);
        QCOMPARE(world.openCalls.load(), std::size_t(0));
    }

    void pipelinedRequestsAreAnsweredInOrder()
    {
        HandlerWorld world;
        world.handler->clientBytes(kRequest + kRequest + "GET / HTTP/1.1\r\nHost: 127.0.0.1:4000\r\n\r\n");
        QCOMPARE(world.recording.calls().size(), std::size_t(1));
        world.handler->upstreamOpened(false);
        world.handler->upstreamBytes(jsonReply(200, R"({"n":1})"));
        QCOMPARE(world.recording.calls().size(), std::size_t(2));
        world.handler->upstreamOpened(true);
        world.handler->upstreamBytes(jsonReply(200, R"({"n":2})"));
        const auto first = world.toClient.find(R"({"n":1})");
        const auto second = world.toClient.find(R"({"n":2})");
        const auto root = world.toClient.find("\"luthien\"");
        QVERIFY(first < second && second < root && root != std::string::npos);
        QCOMPARE(std::ranges::count(world.log, "pause client"), 1);
        QCOMPARE(world.log.back(), std::string("resume client"));
    }

    void aSilentUpstreamIsGivenUp_data()
    {
        QTest::addColumn<int>("stage");
        QTest::addColumn<int>("seconds");
        QTest::newRow("connecting") << 0 << 10;
        QTest::newRow("waiting for the status") << 1 << 300;
        QTest::newRow("in the middle of the reply") << 2 << 300;
    }
    void aSilentUpstreamIsGivenUp()
    {
        QFETCH(int, stage);
        QFETCH(int, seconds);
        HandlerWorld world;
        world.handler->clientBytes(kRequest);
        if (stage > 0)
            world.handler->upstreamOpened(false);
        if (stage > 1)
            world.handler->upstreamBytes(kStreamHead + chunk(kEvents[0]));
        world.pass(std::chrono::seconds(seconds) - 1ms);
        QVERIFY(!world.call().ended);
        world.pass(2ms);
        QVERIFY(world.call().ended.has_value());
        QCOMPARE(world.call().ended->status, stage == 2 ? CallStatus::Truncated : CallStatus::Failed);
        if (stage < 2)
            QVERIFY(world.toClient.starts_with("HTTP/1.1 504 "));
    }

    void aWholeCallIsBoundedIfAsked()
    {
        HandlerWorld world;
        world.configure([](proxy::ProxySnapshot& snapshot) { snapshot.limits.total = 60s; });
        world.ask();
        world.handler->upstreamBytes(kStreamHead);
        for (int i = 0; i < 5; ++i) {
            world.pass(11s);
            world.handler->upstreamBytes(chunk(kEvents[3]));
        }
        QVERIFY(!world.call().ended);
        world.pass(6s);
        QCOMPARE(world.call().ended->status, CallStatus::Truncated);
    }

    void aQuietClientIsClosed()
    {
        HandlerWorld idle;
        idle.pass(121s);
        QCOMPARE(idle.log, std::vector<std::string>{"close client when sent"});
        QCOMPARE(idle.toClient, std::string());
        HandlerWorld trickling;
        for (int i = 0; i < 61; ++i) {
            trickling.handler->clientBytes(std::string_view(kRequest).substr(static_cast<std::size_t>(i), 1));
            trickling.pass(1s);
        }
        QVERIFY(trickling.toClient.starts_with("HTTP/1.1 408 "));
        QCOMPARE(trickling.log.back(), std::string("close client when sent"));
    }

    void aSlowClientStopsTheUpstream()
    {
        HandlerWorld world;
        world.ask();
        world.log.clear();
        world.handler->upstreamBytes(kStreamHead);
        world.unsent = 256 * 1024 + 1;
        world.handler->upstreamBytes(chunk(kEvents[3]));
        world.unsent = 65 * 1024;
        world.handler->clientDrained();
        QCOMPARE(world.log, std::vector<std::string>{"pause upstream"});
        world.unsent = 64 * 1024;
        world.handler->clientDrained();
        QCOMPARE(world.log.back(), std::string("resume upstream"));
        world.unsent = 300 * 1024;
        world.handler->upstreamBytes(chunk(kEvents[3]));
        world.pass(301s);
        QCOMPARE(world.call().ended->status, CallStatus::Cancelled);
    }

    void aFullJournalStopsAllReading()
    {
        HandlerWorld world;
        world.ask();
        world.log.clear();
        world.recording.setRoom(false);
        world.handler->upstreamBytes(kStreamHead);
        QCOMPARE(world.log, (std::vector<std::string>{"pause upstream", "pause client"}));
        QCOMPARE(world.metrics.value(Metric::JournalStalls), std::uint64_t(1));
        world.pass(10min);
        QCOMPARE(world.log.size(), std::size_t(2));
        QVERIFY2(!world.call().ended, "waiting for room is not the upstream's silence");
        world.recording.setRoom(true);
        world.pass(50ms);
        QCOMPARE(world.log.size(), std::size_t(4));
        QVERIFY(std::ranges::count(world.log, "resume upstream") == 1);
    }

    void drainingEndsAfterTheCall()
    {
        HandlerWorld idle;
        idle.handler->beginDrain();
        QCOMPARE(idle.log, std::vector<std::string>{"close client when sent"});
        HandlerWorld busy;
        busy.ask();
        busy.handler->beginDrain();
        QCOMPARE(busy.log, std::vector<std::string>{"open up.test"});
        busy.handler->upstreamBytes(jsonReply(200, "{}"));
        QCOMPARE(headerIn(busy.toClient, "Connection"), std::string("close"));
        QCOMPARE(busy.log.back(), std::string("close client when sent"));
        QCOMPARE(busy.call().ended->status, CallStatus::Completed);
    }

    void bytesBehindAReplyEndTheUpstreamConnection()
    {
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes(jsonReply(200, "{}") + "HTTP/1.1 200 OK\r\n");
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
        QCOMPARE(world.log.back(), std::string("abort upstream"));
    }
};

LUTHIEN_TEST(tst_call_handler, TestCallHandler)
#include "tst_call_handler.moc"
