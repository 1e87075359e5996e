// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "messages_sample.h"
#include "proxy/sent_reply.h"
#include "support/test_registry.h"

#include <QObject>

#include <algorithm>

using namespace luthien;
using namespace luthien::test;
using conversation::Direction;
using conversation::WireKind;
using proxy::Source;

namespace {
std::string wholeReply(std::size_t textBytes)
{
    return R"({"id":"m","type":"message","role":"assistant","model":"c","content":[{"type":"text","text":")" +
           std::string(textBytes, 'x') + R"("}],"stop_reason":"end_turn"})";
}

/// A recorder that has opened a call, and the reader under test.
struct Desk
{
    Desk()
    {
        call.id = CallId::make(world.clock.now());
        call.snapshot = world.context.snapshot;
        call.route.upstream = &call.snapshot->upstreams.front();
        recorder.open(call);
    }
    HandlerWorld world;
    proxy::PreparedCall call;
    proxy::CallRecorder recorder{world.context};
    proxy::SentReply sent{recorder, protocol::dialectFor(conversation::Api::AnthropicMessages)};
};
} // namespace

class TestSentReply : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void allThatLeavesIsFoldedAndOursIsRecorded()
    {
        Desk desk;
        for (const std::string& event : kEvents)
            desk.sent.events(event, event.find("text_delta") == std::string::npos ? Source::Upstream : Source::Proxy);
        QVERIFY(desk.sent.response());
        QCOMPARE(desk.sent.response()->blocks.at(0).text, std::string("Hi"));
        QCOMPARE(desk.sent.response()->rawStopReason, std::string("end_turn"));
        const auto wires = desk.world.call().wires;
        QCOMPARE(wires.size(), std::size_t(1));
        QCOMPARE(wires[0].direction, Direction::Sent);
        QCOMPARE(wires[0].kind, WireKind::Text);
        QCOMPARE(wires[0].bytes, kEvents[2]);
    }

    void eventsPutOutTogetherAreRecordedOneByOne()
    {
        Desk desk;
        desk.sent.events(joined(kEvents), Source::Proxy);
        const auto wires = desk.world.call().wires;
        QCOMPARE(wires.size(), kEvents.size());
        for (std::size_t i = 0; i < kEvents.size(); ++i)
            QCOMPARE(wires[i].bytes, kEvents[i]);
    }

    /// Some servers end lines with CR alone; nothing need follow for an event to be one.
    void anEventThatEndsInCrIsReadAtOnce()
    {
        Desk desk;
        for (std::string event : kEvents) {
            std::ranges::replace(event, '\n', '\r');
            desk.sent.events(event, event.find("text_delta") == std::string::npos ? Source::Upstream : Source::Proxy);
        }
        QCOMPARE(desk.sent.response()->rawStopReason, std::string("end_turn"));
        const auto wires = desk.world.call().wires;
        QCOMPARE(wires.size(), std::size_t(1));
        QCOMPARE(wires[0].kind, WireKind::Text);
    }

    void aWholeBodyIsOneEvent()
    {
        Desk desk;
        const std::string body = R"({"id":"m","type":"message","role":"assistant","model":"c","content":)"
                                 R"([{"type":"text","text":"Hi"}],"stop_reason":"end_turn"})";
        desk.sent.whole(body, Source::Proxy);
        QCOMPARE(desk.sent.response()->blocks.at(0).text, std::string("Hi"));
        QCOMPARE(desk.world.call().wires.size(), std::size_t(1));
        QCOMPARE(desk.world.call().wires[0].bytes, body);
    }

    void aLargeBodyIsRecordedInPieces()
    {
        Desk desk;
        const std::string body = wholeReply(2 * conversation::kMaxWireBytes);
        desk.sent.whole(body, Source::Proxy);
        std::string recorded;
        for (const RecordedCall::Wire& wire : desk.world.call().wires) {
            QVERIFY(wire.bytes.size() <= conversation::kMaxWireBytes);
            QCOMPARE(wire.direction, Direction::Sent);
            recorded += wire.bytes;
        }
        QVERIFY(recorded == body);
        QCOMPARE(desk.world.call().wires.back().kind, WireKind::Stop);
        QVERIFY(desk.world.call().hasGaplessNumbers());
    }

    void whatIsTooLargeToFoldIsRecordedAllTheSame()
    {
        Desk desk;
        desk.sent.events(kEvents[0] + kEvents[1], Source::Upstream);
        std::string large = kEvents[2];
        large.insert(large.find("Hi"), std::string(9 * 1024 * 1024, 'x'));
        desk.sent.events(large, Source::Proxy);
        QVERIFY(desk.sent.response());
        desk.sent.events(large, Source::Proxy);
        QVERIFY(!desk.sent.response());
        std::size_t recorded = 0;
        for (const RecordedCall::Wire& wire : desk.world.call().wires)
            recorded += wire.bytes.size();
        QCOMPARE(recorded, 2 * large.size());
    }
};

LUTHIEN_TEST(tst_sent_reply, TestSentReply)
#include "tst_sent_reply.moc"
