// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "messages_sample.h"
#include "scripted_gate.h"
#include "support/test_registry.h"

#include <QObject>

#include <zlib.h>

#include <map>

using namespace luthien;
using namespace luthien::test;
using conversation::CallStatus;
using conversation::kMaxWireBytes;
using conversation::WireKind;

namespace {
/// gzip as providers stream it: what is in so far can be read at the end of each part.
std::vector<std::string> gzipped(const std::vector<std::string>& parts)
{
    constexpr int kGzip = 15 + 16;
    z_stream stream{};
    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY);
    std::vector<std::string> packed;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        std::string out(parts[i].size() + 256, '\0');
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(parts[i].data()));
        stream.avail_in = static_cast<uInt>(parts[i].size());
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        deflate(&stream, i + 1 == parts.size() ? Z_FINISH : Z_SYNC_FLUSH);
        out.resize(out.size() - stream.avail_out);
        packed.push_back(std::move(out));
    }
    deflateEnd(&stream);
    return packed;
}

std::string wholeReply(std::size_t textBytes)
{
    return R"({"id":"m","type":"message","role":"assistant","model":"c","content":[{"type":"text","text":")" +
           std::string(textBytes, 'x') + R"("}],"stop_reason":"end_turn"})";
}

std::string textEvent(std::size_t textBytes)
{
    return R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":")" +
           std::string(textBytes, 'y') + "\"}}\n\n";
}

const std::string kGzipHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n"
                              "Transfer-Encoding: chunked\r\n\r\n";
} // namespace

class TestReplyTap : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aCompressedStreamPassesAsItCameAndIsRecordedDecoded()
    {
        const auto packed = gzipped(kEvents);
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes(kGzipHead);
        for (std::size_t i = 0; i < packed.size(); ++i) {
            world.handler->upstreamBytes(chunk(packed[i]));
            QVERIFY2(world.call().receivedBody().size() >= kEvents[i].size(), "each event is read when it comes");
        }
        world.handler->upstreamBytes("0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), joined(packed));
        QCOMPARE(headerIn(world.toClient, "Content-Encoding"), std::string("gzip"));
        const RecordedCall call = world.call();
        QCOMPARE(call.receivedBody(), joined(kEvents));
        QCOMPARE(call.ended->status, CallStatus::Completed);
        QCOMPARE(call.ended->response.bytes, std::uint64_t(joined(packed).size()));
        QCOMPARE(call.ended->response.sha256, Sha256::of(joined(packed)));
        QVERIFY(call.reply.find("\"Hi\"") != std::string::npos);
        QVERIFY(call.hasGaplessNumbers());
    }

    void behindAGateItPassesDecoded()
    {
        GateDesk desk;
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kGzipHead);
        for (const std::string& part : gzipped(kEvents))
            world.handler->upstreamBytes(chunk(part));
        world.handler->upstreamBytes("0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), joined(kEvents));
        QVERIFY(headerIn(world.toClient, "Content-Encoding").empty());
        QCOMPARE(world.call().ended->response.changedBytes, std::uint64_t(0));
    }

    void beforeAGateThatOnlyWatchesItPassesAsItCame()
    {
        const auto packed = gzipped(kEvents);
        GateDesk desk{.enforces = false};
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kGzipHead);
        for (const std::string& part : packed)
            world.handler->upstreamBytes(chunk(part));
        world.handler->upstreamBytes("0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), joined(packed));
        QCOMPARE(headerIn(world.toClient, "Content-Encoding"), std::string("gzip"));
        QCOMPARE(desk.events, static_cast<int>(kEvents.size()));
    }

    void aStreamThatDoesNotDecodePassesAndIsCounted()
    {
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes(kGzipHead + chunk("this is not gzip") + chunk("nor is this") + "0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), std::string("this is not gzipnor is this"));
        QCOMPARE(world.metrics.value(Metric::ParseErrors), std::uint64_t(1));
        QVERIFY(world.call().ended.has_value());
    }

    void noEventOfTheRecordIsTooLarge_data()
    {
        const std::size_t size = 3 * kMaxWireBytes + 7;
        const std::string json = wholeReply(size);
        const std::string event = textEvent(size);
        const std::string tooLarge = "data: " + std::string((16 << 20) + 1, 'z');
        const auto headFor = [](const std::string& type, const std::string& body) {
            return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) +
                   "\r\n\r\n";
        };
        QTest::addColumn<std::string>("head");
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::size_t>("read");
        QTest::addColumn<WireKind>("lastKind");
        QTest::newRow("a whole body in one read")
            << headFor("application/json", json) << json << json.size() << WireKind::Stop;
        QTest::newRow("a whole body in many")
            << headFor("application/json", json) << json << 70'000UL << WireKind::Stop;
        QTest::newRow("reads that fill events to the last byte")
            << headFor("image/png", tooLarge) << tooLarge << kMaxWireBytes << WireKind::Head;
        QTest::newRow("a coding nobody knows")
            << "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: " + std::to_string(json.size()) + "\r\n\r\n"
            << json << 100'000UL << WireKind::Head;
        const std::string stream = joined(kEvents) + event + kEvents[5];
        QTest::newRow("an event of a stream")
            << headFor("text/event-stream", stream) << stream << 100'000UL << WireKind::Stop;
        QTest::newRow("one that is too large to be read")
            << headFor("text/event-stream", tooLarge) << tooLarge << 100'000UL << WireKind::Head;
    }
    void noEventOfTheRecordIsTooLarge()
    {
        QFETCH(std::string, head);
        QFETCH(std::string, body);
        QFETCH(std::size_t, read);
        QFETCH(WireKind, lastKind);
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes(head);
        std::string passed;
        for (std::size_t at = 0; at < body.size(); at += read) {
            world.handler->upstreamBytes(std::string_view(body).substr(at, read));
            passed += world.takeToClient();
        }
        const RecordedCall call = world.call();
        QVERIFY(call.ended.has_value());
        QVERIFY2(passed.ends_with(body), "what the client gets is not changed");
        QVERIFY2(call.receivedBody() == body, "nor is the record of it");
        QVERIFY(call.hasGaplessNumbers());
        std::map<std::uint32_t, std::size_t> sizes;
        for (const RecordedCall::Wire& wire : call.wires)
            sizes[wire.seq] += wire.bytes.size();
        for (const auto& [seq, size] : sizes)
            QVERIFY2(size <= kMaxWireBytes, qPrintable(QStringLiteral("%1: %2").arg(seq).arg(size)));
        QVERIFY(!call.wires.back().partial);
        QCOMPARE(call.wires.back().kind, lastKind);
        if (lastKind != WireKind::Head)
            QVERIFY2(call.reply.find("end_turn") != std::string::npos, "it is understood as a whole");
    }

    void aGateGetsALargeEventWhole()
    {
        const std::string event = textEvent(2 * kMaxWireBytes);
        std::vector<std::string> seen;
        GateDesk desk;
        desk.decide = [&seen](const policy::GatedEvent& gated) {
            seen.emplace_back(gated.bytes);
            return GateAction::Forward;
        };
        HandlerWorld world(std::make_shared<ScriptedGates>(desk));
        world.ask();
        world.handler->upstreamBytes(kStreamHead + chunk(joined(kEvents)));
        for (std::size_t at = 0; at < event.size(); at += 100'000)
            world.handler->upstreamBytes(chunk(event.substr(at, 100'000)));
        world.handler->upstreamBytes("0\r\n\r\n");
        QVERIFY(seen.back() == event);
        QCOMPARE(seen.size(), kEvents.size() + 1);
        QVERIFY(bodyIn(world.toClient) == joined(kEvents) + event);
    }

    void aBodyTooLargeToUnderstandPassesAndIsRecorded()
    {
        const std::string piece(1024 * 1024, 'x');
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                                     std::to_string(20 * piece.size()) + "\r\n\r\n");
        std::size_t passed = 0;
        for (int i = 0; i < 20; ++i) {
            world.handler->upstreamBytes(piece);
            passed += world.takeToClient().size();
        }
        QVERIFY(passed > 20 * piece.size());
        QCOMPARE(world.call().receivedBody().size(), 20 * piece.size());
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
        QCOMPARE(world.call().reply, std::string());
    }
};

LUTHIEN_TEST(tst_reply_tap, TestReplyTap)
#include "tst_reply_tap.moc"
