// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "messages_sample.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::CallStatus;
using conversation::Direction;
using conversation::WireKind;

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

    void aClientThatDoesNotReadIsNotAnsweredForEver()
    {
        HandlerWorld world;
        world.unsent = 300 * 1024;
        const std::string ping = "GET / HTTP/1.1\r\nHost: 127.0.0.1:4000\r\n\r\n";
        world.handler->clientBytes(ping + ping);
        QCOMPARE(world.toClient, std::string());
        QCOMPARE(world.log.back(), std::string("pause client"));
        world.unsent = 0;
        world.handler->clientDrained();
        QCOMPARE(world.log.back(), std::string("resume client"));
        QVERIFY(world.toClient.find("HTTP/1.1 200", 1) != std::string::npos);
    }

    void theTimeOfAFullJournalIsNotTheClients()
    {
        HandlerWorld world;
        world.recording.setRoom(false);
        world.handler->clientBytes(std::string_view(kRequest).substr(0, 10));
        world.clock.advance(61s);
        world.wake = SteadyPoint::max();
        world.handler->tick();
        QVERIFY2(world.wake > world.clock.steady(), "looking again at once would burn a core");
        world.recording.setRoom(true);
        world.pass(50ms);
        QCOMPARE(world.toClient, std::string());
        world.handler->clientBytes(std::string_view(kRequest).substr(10));
        QCOMPARE(world.log.back(), std::string("open up.test"));
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
};

LUTHIEN_TEST(tst_call_handler, TestCallHandler)
#include "tst_call_handler.moc"
