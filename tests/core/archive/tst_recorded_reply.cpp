// SPDX-License-Identifier: Apache-2.0
#include "archive/recorded_reply.h"
#include "conversation/response.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::archive;
using conversation::Api;
using conversation::Direction;
using conversation::WireEvent;
using conversation::WireKind;
using Part = ReplyPieces::Part;

namespace {
WireEvent row(WireKind kind, std::string_view bytes, Direction direction = Direction::Received)
{
    WireEvent event;
    event.direction = direction;
    event.kind = kind;
    event.bytes = bytes;
    return event;
}

constexpr std::string_view kStreamHead = "{\"status\":200,\"headers\":[[\"Content-Type\",\"text/event-stream\"]]}";
constexpr std::string_view kWholeHead = "{\"status\":200,\"headers\":[[\"content-type\",\"application/json\"]]}";
constexpr std::string_view kErrorHead = "{\"status\":529,\"headers\":[[\"content-type\",\"application/json\"]]}";
constexpr std::string_view kUnknownCoding =
    "{\"status\":200,\"headers\":[[\"content-type\",\"text/event-stream\"],[\"content-encoding\",\"br\"]]}";
constexpr std::string_view kTwoCodings = "{\"status\":200,\"headers\":[[\"content-type\",\"text/event-stream\"],"
                                         "[\"content-encoding\",\"identity\"],[\"content-encoding\",\"identity\"]]}";
constexpr std::string_view kTwoTypes = "{\"status\":200,\"headers\":[[\"content-type\",\"text/event-stream\"],"
                                       "[\"content-type\",\"text/plain\"]]}";
constexpr std::string_view kBegin = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"One\"}}]}\n\n";
constexpr std::string_view kMore = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" two\"}}]}\n\n";
constexpr std::string_view kHalf = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" lo";
constexpr std::string_view kWhole =
    "{\"id\":\"c\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"All\"}}]}";
} // namespace

class TestRecordedReply : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aReplyIsAllThatComesAfterItsHead()
    {
        const std::vector<WireEvent> events = {
            row(WireKind::Request, "{}"),
            row(WireKind::Hold, {}, Direction::Sent),
            row(WireKind::Release, {}, Direction::Sent),
            row(WireKind::Head, "{\"status\":200,\"headers\":[]}"),
            row(WireKind::Head, "{\"object\":"), // a first piece of what is too large for one event
            row(WireKind::Keepalive, ": ours", Direction::Sent),
            row(WireKind::Text, "\"list\"}"),
            row(WireKind::Request, "{}", Direction::Sent),
            row(WireKind::Head, "{\"status\":200,\"headers\":[]}"),
            row(WireKind::Head, "{\"second\":"),
            row(WireKind::Head, "{ours", Direction::Sent),
            row(WireKind::Text, "true}"),
            row(WireKind::End, "{}"),
        };
        ReplyPieces pieces;
        std::string body;
        int heads = 0;
        for (const WireEvent& event : events) {
            const Part part = pieces.partOf(event.direction, event.kind);
            heads += part == Part::Head ? 1 : 0;
            if (part == Part::Body)
                body += event.bytes;
        }
        QCOMPARE(heads, 2);
        QCOMPARE(body, std::string("{\"object\":\"list\"}{\"second\":true}"));
    }

    void itsHeadTellsHowItIsRead_data()
    {
        QTest::addColumn<QList<WireEvent>>("events");
        QTest::addColumn<QString>("text");
        QTest::addColumn<unsigned>("status");
        QTest::addColumn<unsigned>("at"); // what the last step was completed by
        const auto add = [](const char* name, QList<WireEvent> events, const char* text, unsigned status, unsigned at) {
            std::uint32_t seq = 0;
            for (WireEvent& event : events)
                event.seq = seq++;
            QTest::newRow(name) << events << QString::fromLatin1(text) << status << at;
        };
        const WireEvent asked = row(WireKind::Request, "{}");
        add("a stream, cut inside of an event",
            {asked, row(WireKind::Head, kStreamHead), row(WireKind::Text, kBegin), row(WireKind::Text, kMore),
             row(WireKind::Head, kHalf)},
            "One two", 200, 3);
        add("an event in two pieces",
            {asked, row(WireKind::Head, kStreamHead), row(WireKind::Head, kBegin.substr(0, 20)),
             row(WireKind::Text, kBegin.substr(20))},
            "One", 200, 3);
        add("a whole body", {asked, row(WireKind::Head, kWholeHead), row(WireKind::Text, kWhole)}, "All", 200, 2);
        add("a whole body in two pieces",
            {asked, row(WireKind::Head, kWholeHead), row(WireKind::Head, kWhole.substr(0, 30)),
             row(WireKind::Text, kWhole.substr(30))},
            "All", 200, 3);
        add("half of a whole body", {asked, row(WireKind::Head, kWholeHead), row(WireKind::Head, kWhole.substr(0, 30))},
            "", 200, 2);
        add("an error, where a stream was asked for",
            {asked, row(WireKind::Head, kErrorHead), row(WireKind::Text, "{\"error\":{\"message\":\"busy\"}}")}, "",
            529, 2);
        add("a coding nobody could take away",
            {asked, row(WireKind::Head, kUnknownCoding), row(WireKind::Text, kBegin)}, "", 200, 0);
        add("what the client got instead is none of it",
            {asked, row(WireKind::Head, kStreamHead), row(WireKind::Text, kBegin),
             row(WireKind::Text, kMore, Direction::Sent)},
            "One", 200, 2);
        const WireEvent again = row(WireKind::Request, "{}", Direction::Sent);
        add("asked again, and no answer yet",
            {asked, row(WireKind::Head, kWholeHead), row(WireKind::Text, kWhole), again}, "All", 0, 2);
        add("two codings", {asked, row(WireKind::Head, kTwoCodings), row(WireKind::Text, kBegin)}, "", 200, 0);
        add("of two types the first", {asked, row(WireKind::Head, kTwoTypes), row(WireKind::Text, kBegin)}, "One", 200,
            2);
        add("two replies",
            {asked, row(WireKind::Head, kWholeHead), row(WireKind::Text, kWhole), again,
             row(WireKind::Head, kStreamHead), row(WireKind::Text, kBegin)},
            "AllOne", 200, 5);
        add("a head that is none", {asked, row(WireKind::Head, "[1]"), row(WireKind::Text, kWhole)}, "All", 0, 2);
    }
    void itsHeadTellsHowItIsRead()
    {
        QFETCH(QList<WireEvent>, events);
        std::string text;
        std::uint32_t at = 0;
        RecordedReply reply(Api::OpenAiChat, true, [&](const WireEvent& piece, const conversation::StreamEvent& step) {
            if (step.kind == conversation::EventKind::Text)
                text += step.text;
            at = piece.seq;
        });
        for (const WireEvent& event : events)
            reply.read(event);
        reply.finish();
        QTEST(QString::fromStdString(text), "text");
        QTEST(reply.httpStatus(), "status");
        QTEST(at, "at");
    }

    void whatIsNoListAnyMoreIsNotReadOn()
    {
        std::string text;
        RecordedReply reply(Api::Gemini, true, [&](const WireEvent&, const conversation::StreamEvent& step) {
            if (step.kind == conversation::EventKind::Text)
                text += step.text;
        });
        const std::string one = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"One\"}]}}]}";
        const std::string broken = '[' + one + " {\"x\":1}";
        reply.read(row(WireKind::Request, "{}"));
        reply.read(row(WireKind::Head, kWholeHead));
        reply.read(row(WireKind::Text, broken));
        reply.read(row(WireKind::Text, ',' + one + ']'));
        reply.finish();
        QCOMPARE(text, std::string("One"));
    }
};

LUTHIEN_TEST(tst_recorded_reply, TestRecordedReply)
#include "tst_recorded_reply.moc"
