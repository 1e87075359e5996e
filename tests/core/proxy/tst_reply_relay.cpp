// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "messages_sample.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::CallStatus;
using conversation::EventKind;
using conversation::WireKind;
using policy::GateAction;

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
const std::string kStop =
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},"
    "\"usage\":{\"output_tokens\":5}}\n\n"
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

bool isToolEvent(const policy::GatedEvent& event)
{
    return std::ranges::any_of(event.meaning, [](const conversation::StreamEvent& part) {
        return part.kind == EventKind::ToolStart || part.kind == EventKind::ToolArgs || part.kind == EventKind::ToolEnd;
    });
}

/// What the gates of one test share with it.
struct Desk
{
    std::function<GateAction(const policy::GatedEvent&)> decide = [](const policy::GatedEvent& event) {
        return isToolEvent(event) ? GateAction::Hold : GateAction::Forward;
    };
    std::string replacement;
    std::vector<std::uint32_t> held;
    bool replyEnded = false;
    policy::ReleaseFunction release;
    int open = 0;
};

class TestGate final : public policy::StreamGate
{
public:
    explicit TestGate(Desk& desk)
        : m_desk(desk)
    {
        ++m_desk.open;
    }
    ~TestGate() override { --m_desk.open; }
    policy::GateAnswer judge(const policy::GatedEvent& event) override
    {
        const GateAction action = m_desk.decide(event);
        if (action == GateAction::Hold)
            m_desk.held.push_back(event.seq);
        return {action, action == GateAction::Replace ? m_desk.replacement : std::string()};
    }
    void replyEnded() override { m_desk.replyEnded = true; }

private:
    Desk& m_desk;
};

class TestGates final : public policy::GateFactory
{
public:
    explicit TestGates(Desk& desk)
        : m_desk(desk)
    {
    }
    std::unique_ptr<policy::StreamGate> open(const policy::GatedCall& call,
                                             policy::ReleaseFunction release) const override
    {
        if (call.api == conversation::Api::Other)
            return nullptr;
        m_desk.release = std::move(release);
        return std::make_unique<TestGate>(m_desk);
    }

private:
    Desk& m_desk;
};
} // namespace

class TestReplyRelay : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aHeldToolCallLeavesOnlyWhenReleased()
    {
        Desk desk;
        HandlerWorld world(std::make_shared<TestGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart) + chunk(kTool) + chunk(kArguments));
        QCOMPARE(bodyIn(world.toClient), kStart);
        world.handler->upstreamBytes(chunk(kToolEnd) + chunk(kPing) + chunk(kStop) + "0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), kStart);
        QVERIFY(desk.replyEnded);
        QVERIFY2(!world.call().ended, "the call lasts as long as something is held");
        world.pass(3s);
        desk.release({.throughSeq = desk.held.back(), .by = policy::ReleasedBy::Person, .replacement = {}});
        QCOMPARE(bodyIn(world.toClient), kStart + kTool + kArguments + kToolEnd + kPing + kStop);
        QVERIFY(world.toClient.ends_with("0\r\n\r\n"));
        const RecordedCall call = world.call();
        QCOMPARE(call.ended->status, CallStatus::Completed);
        QCOMPARE(call.ended->heldByPerson, std::chrono::microseconds(3s));
        QCOMPARE(call.ended->response.changedBytes, std::uint64_t(0));
        QVERIFY(call.hasGaplessNumbers());
        QCOMPARE(desk.open, 0);
    }

    void eventsCutByReadsAreJudgedWhole()
    {
        const std::string wire = kHead + chunk(kStart + kTool + kArguments + kToolEnd + kStop) + "0\r\n\r\n";
        for (std::size_t cut = 1; cut < wire.size(); ++cut) {
            Desk desk;
            HandlerWorld world(std::make_shared<TestGates>(desk));
            world.ask();
            world.handler->upstreamBytes(std::string_view(wire).substr(0, cut));
            world.handler->upstreamBytes(std::string_view(wire).substr(cut));
            QVERIFY(bodyIn(world.toClient).find("Bash") == std::string::npos);
            desk.release({.throughSeq = desk.held.back()});
            QCOMPARE(bodyIn(world.toClient), kStart + kTool + kArguments + kToolEnd + kStop);
        }
    }

    void releaseGoesEventByEventInOrder()
    {
        Desk desk;
        HandlerWorld world(std::make_shared<TestGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kTool) + chunk(kPing) + chunk(kArguments) + chunk(kPing));
        QCOMPARE(desk.held.size(), std::size_t(2));
        desk.release({.throughSeq = desk.held[0]});
        QCOMPARE(bodyIn(world.toClient), kTool + kPing);
        desk.release({.throughSeq = desk.held[0]});
        QCOMPARE(bodyIn(world.toClient), kTool + kPing);
        desk.release({.throughSeq = desk.held[1]});
        QCOMPARE(bodyIn(world.toClient), kTool + kPing + kArguments + kPing);
    }

    void aReleaseMayPutSomethingElseInItsPlace()
    {
        Desk desk;
        HandlerWorld world(std::make_shared<TestGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart) + chunk(kTool) + chunk(kArguments) + chunk(kStop) +
                                     "0\r\n\r\n");
        const std::string notice = "event: ping\ndata: {\"blocked\":true}\n\n";
        desk.release({.throughSeq = desk.held.back(), .by = policy::ReleasedBy::Policy, .replacement = notice});
        QCOMPARE(bodyIn(world.toClient), kStart + notice + kStop);
        QCOMPARE(world.call().ended->response.changedBytes, std::uint64_t(kTool.size() + kArguments.size()));
    }

    void anEventIsReplacedAtOnce()
    {
        Desk desk;
        desk.replacement = "event: ping\ndata: {}\n\n";
        desk.decide = [](const auto& event) { return isToolEvent(event) ? GateAction::Replace : GateAction::Forward; };
        HandlerWorld world(std::make_shared<TestGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart) + chunk(kTool) + chunk(kStop) + "0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), kStart + desk.replacement + kStop);
        const RecordedCall call = world.call();
        QCOMPARE(call.ended->response.changedBytes, std::uint64_t(kTool.size()));
        QVERIFY2(call.receivedBody().find("Bash") != std::string::npos, "what was received stays in the record");
    }

    void keepalivesAreSentWhileSomethingIsHeld()
    {
        Desk desk;
        HandlerWorld world(std::make_shared<TestGates>(desk));
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
        desk.release({.throughSeq = desk.held.back()});
        QCOMPARE(world.takeToClient(), chunk(kTool));
        world.pass(20s);
        QCOMPARE(world.toClient, std::string());
    }

    void tooMuchHeldEndsInAnErrorAndNothingOfItLeaves()
    {
        Desk desk;
        HandlerWorld world(std::make_shared<TestGates>(desk));
        world.configure([](proxy::ProxySnapshot& snapshot) { snapshot.limits.heldCallBytes = 1000; });
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart));
        for (int i = 0; i < 10; ++i)
            world.handler->upstreamBytes(chunk(kArguments));
        const std::string body = bodyIn(world.toClient);
        QVERIFY(body.find("input_json_delta") == std::string::npos);
        QVERIFY(body.find("event: error\n") != std::string::npos);
        QCOMPARE(world.call().ended->status, CallStatus::Truncated);
        QCOMPARE(world.log.back(), std::string("close client when sent"));
    }

    void aReleaseAfterTheClientLeftDoesNothing()
    {
        Desk desk;
        HandlerWorld world(std::make_shared<TestGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kHead + chunk(kStart) + chunk(kTool));
        world.handler->clientClosed();
        QCOMPARE(desk.open, 0);
        QCOMPARE(world.call().ended->status, CallStatus::Cancelled);
        world.takeToClient();
        desk.release({.throughSeq = desk.held.back()});
        QCOMPARE(world.toClient, std::string());
    }

    void aWholeReplysHeadWaitsForTheVerdict()
    {
        const std::string body = R"({"id":"m","type":"message","model":"c","content":[{"type":"tool_use","id":"t1",)"
                                 R"("name":"Bash","input":{"command":"ls"}}],"stop_reason":"tool_use"})";
        Desk desk;
        HandlerWorld world(std::make_shared<TestGates>(desk));
        world.ask(R"({"model":"c","messages":[]})");
        world.handler->upstreamBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                                     std::to_string(body.size()) + "\r\n\r\n" + body);
        QCOMPARE(desk.held.size(), std::size_t(1));
        world.pass(30s);
        QCOMPARE(world.toClient, std::string());
        desk.release(
            {.throughSeq = desk.held.back(), .by = policy::ReleasedBy::Policy, .replacement = "{\"blocked\":1}"});
        QCOMPARE(headerIn(world.toClient, "Content-Length"), std::string("13"));
        QCOMPARE(bodyIn(world.toClient), std::string("{\"blocked\":1}"));
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
    }

    void aReplyNobodyCanReadDoesNotPassAGate()
    {
        Desk desk;
        HandlerWorld world(std::make_shared<TestGates>(desk));
        world.ask();
        world.handler->upstreamBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: br\r\n"
                                     "Content-Length: 4\r\n\r\n\x01\x02\x03\x04");
        QVERIFY(world.toClient.starts_with("HTTP/1.1 502 "));
        QVERIFY(world.toClient.find("\x01\x02\x03\x04") == std::string::npos);
    }

    void aCallNobodyIsInterestedInHasNoGate()
    {
        Desk desk;
        HandlerWorld world(std::make_shared<TestGates>(desk));
        world.handler->clientBytes("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:4000\r\n\r\n");
        QCOMPARE(desk.open, 0);
    }
};

LUTHIEN_TEST(tst_reply_relay, TestReplyRelay)
#include "tst_reply_relay.moc"
