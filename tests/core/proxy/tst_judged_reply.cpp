// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "messages_sample.h"
#include "scripted_gate.h"
#include "support/test_registry.h"

#include <QObject>
#include <QRegularExpression>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::CallStatus;
using conversation::Direction;
using conversation::WireKind;

namespace {
const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string kStart =
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":\"c\","
    "\"content\":[],\"usage\":{\"input_tokens\":1}}}\n\n";
const std::string kTool = "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
                          "\"content_block\":{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"Bash\",\"input\":{}}}\n\n";
const std::string kArguments =
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
    "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"command\\\":\\\"ls\\\"}\"}}\n\n";
const std::string kToolEnd = "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n";
const std::string kPing = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
const std::string kNotice =
    "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
    "{\"type\":\"text\",\"text\":\"blocked\"}}\n\n";
const std::string kStop =
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},"
    "\"usage\":{\"output_tokens\":5}}\n\n"
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
const std::string kWholeCall = R"({"id":"m","type":"message","model":"c","content":[{"type":"tool_use","id":"t1",)"
                               R"("name":"Bash","input":{"command":"ls"}}],"stop_reason":"tool_use"})";
const std::string kWholeRequest = R"({"model":"c","messages":[]})";

/// "received head", "sent hold", ...: the record in short.
std::vector<std::string> recordOf(const RecordedCall& call, Direction direction)
{
    std::vector<std::string> kinds;
    for (const RecordedCall::Wire& wire : call.wires) {
        if (wire.direction == direction)
            kinds.emplace_back(conversation::wireKindName(wire.kind));
    }
    return kinds;
}
using Kinds = std::vector<std::string>;
} // namespace

class TestJudgedReply : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aHeldToolCallLeavesOnlyWhenReleased()
    {
        GateDesk desk{.releasedBy = policy::ReleasedBy::Person};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart) + chunk(kTool) + chunk(kArguments));
        QCOMPARE(bodyIn(world.toClient), kStart);
        world.handler->upstreamBytes(chunk(kToolEnd) + chunk(kPing) + chunk(kStop) + "0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), kStart);
        QVERIFY(desk.replyEnded);
        QVERIFY2(!world.call().ended, "the call lasts as long as something is held");
        world.pass(3s);
        desk.release();
        QCOMPARE(bodyIn(world.toClient), kStart + kTool + kArguments + kToolEnd + kPing + kStop);
        QVERIFY(world.toClient.ends_with("0\r\n\r\n"));
        const RecordedCall call = world.call();
        QCOMPARE(call.ended->status, CallStatus::Completed);
        QCOMPARE(call.ended->heldByPerson, std::chrono::microseconds(3s));
        QCOMPARE(call.ended->heldByPolicy, std::chrono::microseconds(0));
        QCOMPARE(call.ended->response.changedBytes, std::uint64_t(0));
        QCOMPARE(recordOf(call, Direction::Sent), (Kinds{"hold", "release"}));
        QVERIFY2(call.ended->sentReply.empty(), "the client got what was received");
        QVERIFY(call.hasGaplessNumbers());
        QCOMPARE(desk.open, 0);
    }

    void eventsCutByReadsAreJudgedWhole()
    {
        const std::string wire = kHead + chunk(kStart + kTool + kArguments + kToolEnd + kStop) + "0\r\n\r\n";
        for (std::size_t cut = 1; cut < wire.size(); ++cut) {
            GateDesk desk;
            HandlerWorld world(std::make_shared<ScriptedGates>(desk));
            world.ask();
            world.handler->upstreamBytes(std::string_view(wire).substr(0, cut));
            world.handler->upstreamBytes(std::string_view(wire).substr(cut));
            QVERIFY(bodyIn(world.toClient).find("Bash") == std::string::npos);
            desk.release();
            QCOMPARE(bodyIn(world.toClient), kStart + kTool + kArguments + kToolEnd + kStop);
        }
    }

    void lineEndsCutByReadsLeaveByteForByte()
    {
        std::string events = kStart + kPing + kStop;
        for (std::size_t at = 0; (at = events.find('\n', at)) != std::string::npos; at += 2)
            events.insert(at, "\r");
        GateDesk desk;
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead);
        for (const char byte : events)
            world.handler->upstreamBytes(chunk(std::string(1, byte)));
        world.handler->upstreamBytes("0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), events);
        QCOMPARE(world.call().ended->response.changedBytes, std::uint64_t(0));
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
    }

    void aWakeUpBeforeTheAnswerIsThereChangesNothing()
    {
        GateDesk desk;
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart) + chunk(kTool));
        desk.wake();
        QCOMPARE(bodyIn(world.toClient), kStart);
        desk.release();
        QCOMPARE(bodyIn(world.toClient), kStart + kTool);
    }

    void whatLeavesInsteadIsRecordedAndTold()
    {
        GateDesk desk{.replacement = kNotice};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart) + chunk(kTool) + chunk(kArguments));
        desk.release();
        world.handler->upstreamBytes(chunk(kPing));
        desk.decide = [](const auto&) { return GateAction::Forward; };
        world.handler->upstreamBytes(chunk(kStop) + "0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), kStart + kNotice + kPing + kStop);
        const RecordedCall call = world.call();
        QCOMPARE(call.ended->response.changedBytes, std::uint64_t(kTool.size() + kArguments.size()));
        QCOMPARE(recordOf(call, Direction::Sent), (Kinds{"hold", "text", "release"}));
        QVERIFY2(call.receivedBody().find("Bash") != std::string::npos, "what was received stays in the record");
        QVERIFY(call.reply.find("Bash") != std::string::npos);
        QVERIFY(call.sentReply.find("Bash") == std::string::npos);
        QVERIFY(call.sentReply.find("blocked") != std::string::npos);
        QVERIFY(call.sentReply.find("tool_use") != std::string::npos);
        QCOMPARE(call.decisions.size(), std::size_t(1));
        const auto& [decision, wiresBefore] = call.decisions[0];
        QCOMPARE(decision.call, call.id);
        QVERIFY(!decision.id.isNil());
        QCOMPARE(decision.at, world.clock.now());
        QCOMPARE(call.wires.at(wiresBefore).bytes, kNotice);
        const auto judged = std::ranges::find(call.wires, decision.seq, &RecordedCall::Wire::seq);
        QCOMPARE(judged->bytes, kArguments);
    }

    void anEventIsReplacedAtOnce()
    {
        GateDesk desk{.replacement = kPing};
        desk.decide = [](const auto& event) { return isToolEvent(event) ? GateAction::Replace : GateAction::Forward; };
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart) + chunk(kTool) + chunk(kStop) + "0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), kStart + kPing + kStop);
        QCOMPARE(world.call().ended->response.changedBytes, std::uint64_t(kTool.size()));
        QCOMPARE(recordOf(world.call(), Direction::Sent), (Kinds{"keepalive"}));
    }

    void keepalivesAreSentWhileSomethingIsHeld()
    {
        GateDesk desk;
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart) + chunk(kTool));
        world.takeToClient();
        world.pass(9'999ms);
        QCOMPARE(world.toClient, std::string());
        world.pass(1ms);
        const std::string keepalive(protocol::dialectFor(conversation::Api::AnthropicMessages).keepalive());
        QCOMPARE(world.takeToClient(), chunk(keepalive));
        world.pass(20s);
        QCOMPARE(world.takeToClient(), chunk(keepalive) + chunk(keepalive));
        QCOMPARE(recordOf(world.call(), Direction::Sent), (Kinds{"hold", "keepalive", "keepalive", "keepalive"}));
        desk.release();
        QCOMPARE(world.takeToClient(), chunk(kTool));
        world.pass(20s);
        QCOMPARE(world.toClient, std::string());
    }

    void tooMuchHeldEndsInAnErrorAndNothingOfItLeaves()
    {
        GateDesk desk;
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.configure([](proxy::ProxySnapshot& snapshot) { snapshot.limits.heldCallBytes = 1000; });
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart));
        for (int i = 0; i < 10; ++i)
            world.handler->upstreamBytes(chunk(kArguments));
        const std::string body = bodyIn(world.toClient);
        QVERIFY(body.find("input_json_delta") == std::string::npos);
        QVERIFY(body.find("event: error\n") != std::string::npos);
        QCOMPARE(world.call().ended->status, CallStatus::Blocked);
        QVERIFY(world.call().ended->response.changedBytes >= 1000);
        QCOMPARE(world.log.back(), std::string("close client when sent"));
        QCOMPARE(desk.open, 0);
    }

    void aStreamCutWhileSomethingIsHeldEndsInAnErrorWithoutIt()
    {
        GateDesk desk;
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart) + chunk(kTool) + chunk(kArguments));
        world.handler->upstreamClosed(proxy::StreamEnd::Broken);
        const std::string body = bodyIn(world.toClient);
        QVERIFY(body.starts_with(kStart + "event: error\n"));
        QVERIFY(body.find("Bash") == std::string::npos && body.find("command") == std::string::npos);
        QCOMPARE(world.call().ended->status, CallStatus::Truncated);
        QCOMPARE(world.call().ended->response.changedBytes, std::uint64_t(kTool.size() + kArguments.size()));
        QVERIFY(world.call().sentReply.find("Bash") == std::string::npos);
        QVERIFY(!world.call().sentReply.empty());
    }

    void anUnfinishedLastEventNeverLeavesAndIsCounted()
    {
        GateDesk desk;
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        const std::string unfinished = kTool.substr(0, kTool.size() - 1);
        world.handler->upstreamBytes(kHead + chunk(kStart) + chunk(kStop) + chunk(unfinished) + "0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), kStart + kStop);
        QVERIFY(world.toClient.ends_with("0\r\n\r\n"));
        QCOMPARE(world.call().ended->response.changedBytes, std::uint64_t(unfinished.size()));
    }

    void aStreamThatEndsInsideAnEventBeforeItsEndIsAnError()
    {
        GateDesk desk;
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kWholeCall) + "0\r\n\r\n");
        QVERIFY(bodyIn(world.toClient).starts_with("event: error\n"));
        QVERIFY(world.toClient.find("Bash") == std::string::npos);
        QCOMPARE(world.call().ended->status, CallStatus::Blocked);
        QCOMPARE(world.call().ended->response.changedBytes, std::uint64_t(kWholeCall.size()));
    }

    void whatTheGateCannotReadEndsInAnErrorAndNothingFollows()
    {
        GateDesk desk;
        desk.decide = [](const auto& event) { return isToolEvent(event) ? GateAction::Fail : GateAction::Forward; };
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart + kTool + kArguments + kPing + kStop) + "0\r\n\r\n");
        const std::string body = bodyIn(world.toClient);
        QVERIFY(body.starts_with(kStart + "event: error\n"));
        QVERIFY2(body.find("message_stop") == std::string::npos, "nothing follows the error");
        QCOMPARE(desk.events, 2);
        QCOMPARE(world.call().ended->status, CallStatus::Blocked);
        QVERIFY(world.call().error.find("byte 7") != std::string::npos);
    }

    void aWakeUpAfterTheClientLeftDoesNothing()
    {
        GateDesk desk;
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart) + chunk(kTool));
        world.pass(2s);
        world.handler->clientClosed();
        QCOMPARE(desk.open, 0);
        QCOMPARE(world.call().ended->status, CallStatus::Cancelled);
        QCOMPARE(world.call().ended->heldByPolicy, std::chrono::microseconds(2s));
        QVERIFY2(world.call().sentReply.find("Bash") == std::string::npos, "the client never got the call");
        world.takeToClient();
        desk.release();
        QCOMPARE(world.toClient, std::string());
    }

    void aWholeReplysHeadWaitsForTheVerdict()
    {
        GateDesk desk{.replacement = "{\"blocked\":1}"};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask(kWholeRequest);
        world.handler->upstreamBytes(jsonReply(200, kWholeCall));
        world.pass(30s);
        QCOMPARE(world.toClient, std::string());
        desk.release();
        QCOMPARE(headerIn(world.toClient, "Content-Length"), std::string("13"));
        QCOMPARE(bodyIn(world.toClient), std::string("{\"blocked\":1}"));
        const RecordedCall call = world.call();
        QCOMPARE(call.ended->status, CallStatus::Completed);
        QCOMPARE(call.ended->response.changedBytes, std::uint64_t(kWholeCall.size()));
        QCOMPARE(call.ended->heldByPolicy, std::chrono::microseconds(30s));
        QVERIFY(call.reply.find("Bash") != std::string::npos);
        QVERIFY(!call.sentReply.empty() && call.sentReply.find("Bash") == std::string::npos);
    }

    void aWholeReplyWithoutABodyLeavesAsItIs()
    {
        GateDesk desk;
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask(kWholeRequest);
        world.handler->upstreamBytes(jsonReply(200, ""));
        QCOMPARE(headerIn(world.toClient, "Content-Length"), std::string("0"));
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
    }

    void aReplyThatCannotBeReadIs502AndNothingOfItLeaves_data()
    {
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("a coding we do not know")
            << QByteArray("Content-Type: application/json\r\nContent-Encoding: br\r\n") << QByteArray("Bash");
        QTest::newRow("two codings") << QByteArray("Content-Type: application/json\r\nContent-Encoding: gzip, zstd\r\n")
                                     << QByteArray("Bash");
        QTest::newRow("two coding fields")
            << QByteArray("Content-Type: application/json\r\nContent-Encoding: identity\r\nContent-Encoding: br\r\n")
            << QByteArray("Bash");
        QTest::newRow("a coding it does not have")
            << QByteArray("Content-Type: application/json\r\nContent-Encoding: gzip\r\n") << QByteArray("Bash");
        QTest::newRow("a stream nobody asked for")
            << QByteArray("Content-Type: text/event-stream\r\n") << QByteArray("event: x\ndata: Bash\n\n");
    }
    void aReplyThatCannotBeReadIs502AndNothingOfItLeaves()
    {
        QFETCH(QByteArray, fields);
        QFETCH(QByteArray, body);
        GateDesk desk;
        desk.decide = [](const auto&) { return GateAction::Forward; };
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask(kWholeRequest);
        world.handler->upstreamBytes("HTTP/1.1 200 OK\r\n" + fields.toStdString() + "Content-Length: " +
                                     std::to_string(body.size()) + "\r\n\r\n" + body.toStdString());
        QVERIFY(world.toClient.starts_with("HTTP/1.1 502 "));
        QVERIFY(world.toClient.find("Bash") == std::string::npos);
        QVERIFY(bodyIn(world.toClient).find("\"type\":\"error\"") != std::string::npos);
        QCOMPARE(world.call().ended->status, CallStatus::Blocked);
        QCOMPARE(world.call().ended->httpStatus, std::uint16_t(502));
    }

    void aRedirectionPastThePoliciesIs502_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::newRow("with a body") << QByteArray("HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/v1\r\n"
                                                   "Content-Type: text/html\r\nContent-Length: 2\r\n\r\nok");
        QTest::newRow("without one") << QByteArray(
            "HTTP/1.1 307 Temporary Redirect\r\nlocation: /v1/messages\r\nContent-Length: 0\r\n\r\n");
    }
    /// Clients follow it by themselves, and what they then get no policy sees.
    void aRedirectionPastThePoliciesIs502()
    {
        QFETCH(QByteArray, wire);
        GateDesk desk;
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask(kWholeRequest);
        world.handler->upstreamBytes(wire.toStdString());
        QVERIFY2(world.toClient.starts_with("HTTP/1.1 502 "), world.toClient.c_str());
        QVERIFY(world.toClient.find("ocation:") == std::string::npos);
        QCOMPARE(world.call().ended->status, CallStatus::Blocked);

        HandlerWorld plain;
        plain.ask(kWholeRequest);
        plain.handler->upstreamBytes(wire.toStdString());
        QVERIFY(plain.toClient.find("ocation:") != std::string::npos);
    }

    void aReplyThatIsNoSuccessIsNotJudged_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::newRow("an error") << QByteArray::fromStdString(
            jsonReply(529, R"({"type":"error","error":{"type":"overloaded_error","message":"busy"}})"));
        QTest::newRow("an error of a proxy in a coding we do not know")
            << QByteArray("HTTP/1.1 503 No\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n"
                          "Content-Length: 3\r\n\r\nabc");
        QTest::newRow("nothing") << QByteArray("HTTP/1.1 204 No Content\r\n\r\n");
        QTest::newRow("not modified") << QByteArray("HTTP/1.1 304 Not Modified\r\nContent-Length: 12\r\n\r\n");
    }
    void aReplyThatIsNoSuccessIsNotJudged()
    {
        QFETCH(QByteArray, wire);
        GateDesk desk;
        HandlerWorld judged(std::make_shared<ScriptedGates>(desk));
        HandlerWorld plain;
        for (HandlerWorld* world : {&judged, &plain}) {
            world->ask(kWholeRequest);
            world->handler->upstreamBytes(wire.toStdString());
            const std::string id = world->call().id.toString();
            world->toClient.replace(world->toClient.find(id), id.size(), "ID");
        }
        QCOMPARE(judged.toClient, plain.toClient);
        QCOMPARE(judged.call().ended->status, plain.call().ended->status);
        QCOMPARE(desk.events, 0);
    }

    void aGateThatOnlyWatchesChangesNothing()
    {
        const std::string unfinished = "data: never ended";
        GateDesk desk{.enforces = false, .replacement = kNotice};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart + kTool) + chunk(kArguments.substr(0, 20)));
        QCOMPARE(bodyIn(world.toClient), kStart + kTool + kArguments.substr(0, 20));
        desk.release();
        world.handler->upstreamBytes(chunk(kArguments.substr(20) + kToolEnd + kStop + unfinished) + "0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), kStart + kTool + kArguments + kToolEnd + kStop + unfinished);
        const RecordedCall call = world.call();
        QCOMPARE(call.ended->response.changedBytes, std::uint64_t(0));
        QCOMPARE(call.decisions.size(), std::size_t(1));
        QCOMPARE(recordOf(call, Direction::Sent), Kinds{});
        QVERIFY(call.sentReply.empty());
    }

    void aWatchingGateThatFailsIsNotAskedAgain()
    {
        GateDesk desk{.enforces = false};
        desk.decide = [](const auto&) { return GateAction::Fail; };
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("shadow mode cannot judge")));
        world.handler->upstreamBytes(kHead + chunk(kStart + kTool + kStop) + "0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), kStart + kTool + kStop);
        QCOMPARE(desk.events, 1);
        QCOMPARE(desk.open, 0);
        QCOMPARE(world.metrics.value(Metric::ParseErrors), std::uint64_t(1));
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
    }

    void aCallNobodyIsInterestedInHasNoGate()
    {
        GateDesk desk;
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.handler->clientBytes("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:4000\r\n\r\n");
        QCOMPARE(desk.open, 0);
    }
};

LUTHIEN_TEST(tst_judged_reply, TestJudgedReply)
#include "tst_judged_reply.moc"
