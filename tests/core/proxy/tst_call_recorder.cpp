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

class TestCallRecorder : public QObject
{
    Q_OBJECT
private Q_SLOTS:
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
        const auto longest = [&world](Latency latency) { return quantileOf(world.metrics.observed(latency), 1); };
        QVERIFY(longest(Latency::FirstToken) >= 1s && longest(Latency::FirstToken) > longest(Latency::FirstByte));
        QCOMPARE(call.ended->request, (conversation::BodyTotals{kBody.size(), 0, Sha256::of(kBody)}));
        const std::string body = joined(kEvents);
        QCOMPARE(call.ended->response, (conversation::BodyTotals{body.size(), 0, Sha256::of(body)}));
        QVERIFY(call.reply.find("\"Hi\"") != std::string::npos);
    }

    void aHeadIsOneEventWhateverItsSize()
    {
        HandlerWorld world;
        world.configure([](proxy::ProxySnapshot& snapshot) { snapshot.limits.headerBytes = 1 << 20; });
        world.ask();
        const std::string value(700'000, 'v');
        world.handler->upstreamBytes("HTTP/1.1 200 OK\r\nx-large: " + value + "\r\nContent-Length: 2\r\n\r\n{}");
        const RecordedCall call = world.call();
        QCOMPARE(call.wires.size(), std::size_t(2));
        QVERIFY(call.wires[0].bytes.find(value) != std::string::npos);
        QCOMPARE(call.wires[1].bytes, std::string("{}"));
    }
};

LUTHIEN_TEST(tst_call_recorder, TestCallRecorder)
#include "tst_call_recorder.moc"
