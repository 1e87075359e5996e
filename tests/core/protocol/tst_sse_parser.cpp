// SPDX-License-Identifier: Apache-2.0
#include "protocol/sse_parser.h"
#include "support/test_registry.h"

#include <string>
#include <vector>

using namespace luthien::protocol;

namespace {

struct Seen
{
    std::string type;
    std::string data;
    std::string raw; ///< the bytes the caller would cut for this event
    bool isComment = false;
    bool hasData = false;
    bool operator==(const Seen&) const = default;
};

struct Reading
{
    std::vector<Seen> events;
    std::string rest; ///< bytes after the last event
    bool isInsideEvent = false;
    bool operator==(const Reading&) const = default;
};

Reading read(std::string_view stream, std::size_t split)
{
    SseParser parser;
    Reading reading;
    const auto take = [&reading](const SseEvent& event) {
        reading.events.push_back(
            {std::string(event.type), std::string(event.data), reading.rest, event.isComment, event.hasData});
        reading.rest.clear();
    };
    for (std::string_view part : {stream.substr(0, split), stream.substr(split)}) {
        while (!part.empty()) {
            const SseParser::Step step = parser.parse(part);
            reading.rest += part.substr(0, step.consumed);
            part.remove_prefix(step.consumed);
            if (step.state == SseParser::State::Event)
                take(step.event);
        }
    }
    if (const SseParser::Step last = parser.finish(); last.state == SseParser::State::Event)
        take(last.event);
    reading.isInsideEvent = parser.isInsideEvent();
    return reading;
}

class TestSseParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eventsAreRead_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<bool>("isComment");
        QTest::addColumn<bool>("hasData");
        const auto row = [](const char* name, const char* stream, const char* type, const char* data,
                            bool isComment = false, bool hasData = true) {
            QTest::newRow(name) << QByteArray(stream) << QByteArray(type) << QByteArray(data) << isComment << hasData;
        };
        row("type and data", "event: ping\ndata: {}\n\n", "ping", "{}");
        row("lines end with CR LF", "event: ping\r\ndata: {}\r\n\r\n", "ping", "{}");
        row("lines end with CR", "event: ping\rdata: {}\r\r", "ping", "{}");
        row("line ends are mixed", "event: ping\rdata: a\r\ndata: b\n\r\n", "ping", "a\nb");
        row("only one blank after the colon is dropped", "data:  x\n\n", "", " x");
        row("no blank after the colon", "data:x\n\n", "", "x");
        row("a data line may be empty", "data:\n\n", "", "");
        row("a field may have no colon", "data\ndata\n\n", "", "\n");
        row("three data lines are joined", "data: a\ndata:\ndata: c\n\n", "", "a\n\nc");
        row("the last type counts", "event: a\nevent: b\ndata: x\n\n", "b", "x");
        row("an unknown field is ignored", "id: 7\nretry: 9\nfoo: bar\ndataset: y\ndata: x\n\n", "", "x");
        row("a comment alone", ": keepalive\n\n", "", "", true, false);
        row("a comment before data", ": OPENROUTER PROCESSING\ndata: x\n\n", "", "x");
        row("an event without data", "event: ping\n\n", "ping", "", false, false);
        row("a byte order mark opens the stream",
            "\xEF\xBB\xBF"
            "data: x\n\n",
            "", "x");
        row("a byte order mark behind a blank line is part of a name",
            "\n\xEF\xBB\xBF"
            "data: x\n\n",
            "", "", false, false);
        row("a byte order mark behind a blank line that ends in CR",
            "\r\n\xEF\xBB\xBF"
            "data: x\n\n",
            "", "", false, false);
        row("blank lines before the event", "\n\r\n\rdata: x\n\n", "", "x");
        row("text is not ASCII", "data: \xF0\x9F\x98\x80\n\n", "", "\xF0\x9F\x98\x80");
    }
    void eventsAreRead()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, data);
        QFETCH(bool, isComment);
        QFETCH(bool, hasData);
        const std::string bytes = stream.toStdString();
        for (std::size_t split = 0; split <= bytes.size(); ++split) {
            const Reading reading = read(bytes, split);
            QCOMPARE(reading.events.size(), std::size_t{1});
            const Seen& event = reading.events.front();
            QCOMPARE(QByteArray::fromStdString(event.type), type);
            QCOMPARE(QByteArray::fromStdString(event.data), data);
            QCOMPARE(event.isComment, isComment);
            QCOMPARE(event.hasData, hasData);
            QVERIFY(!reading.isInsideEvent);
            QCOMPARE(event.raw + reading.rest, bytes);
        }
    }

    void rawBytesAreCutBehindTheBlankLine()
    {
        const std::vector<std::string> parts = {"event: a\ndata: 1\n\n", ": c\r\n\r\n", "data: 2\r\r", "data: 3\n\n"};
        std::string stream;
        for (const std::string& part : parts)
            stream += part;
        for (std::size_t split = 0; split <= stream.size(); ++split) {
            const Reading reading = read(stream, split);
            QVERIFY(reading == read(stream, 0));
            QCOMPARE(reading.events.size(), parts.size());
            for (std::size_t i = 0; i < parts.size(); ++i)
                QCOMPARE(reading.events[i].raw, parts[i]);
        }
    }

    void anEventWhoseCrLfIsCutWaitsForTheNextByte_data()
    {
        QTest::addColumn<QByteArray>("next");
        QTest::addColumn<int>("consumed");
        QTest::newRow("the LF is its own") << QByteArray("\ndata: y\n\n") << 1;
        QTest::newRow("lines end with CR") << QByteArray("data: y\r\r") << 0;
        QTest::newRow("the stream is over") << QByteArray() << 0;
    }
    void anEventWhoseCrLfIsCutWaitsForTheNextByte()
    {
        QFETCH(QByteArray, next);
        QFETCH(int, consumed);
        SseParser parser;
        QCOMPARE(parser.parse("data: x\r\n\r").state, SseParser::State::NeedMore);
        QVERIFY(!parser.isInsideEvent());
        QCOMPARE(parser.parse("").state, SseParser::State::NeedMore);
        const SseParser::Step step = next.isEmpty() ? parser.finish() : parser.parse(next.toStdString());
        QCOMPARE(step.state, SseParser::State::Event);
        QCOMPARE(step.consumed, static_cast<std::size_t>(consumed));
        QCOMPARE(std::string(step.event.data), std::string("x"));
        QVERIFY(!parser.isInsideEvent());
        QCOMPARE(parser.finish().state, SseParser::State::NeedMore);
    }

    void aCutStreamIsNoticed()
    {
        QVERIFY(read("data: x\n\ndata: y\n", 0).isInsideEvent);
        QVERIFY(read("data: x\n\nd", 0).isInsideEvent);
        QVERIFY(!read("data: x\n\n\n", 0).isInsideEvent);
    }

    void anEventInOneReadIsNotCopied()
    {
        const std::string input = "event: ping\ndata: {}\n\n";
        SseParser parser;
        const SseParser::Step step = parser.parse(input);
        QCOMPARE(static_cast<const void*>(step.event.data.data()), static_cast<const void*>(input.data() + 18));
    }

    void anEventBeyondTheBoundIsRefused()
    {
        const std::string line = "data: " + std::string(100, 'x') + "\n";
        SseParser whole(64);
        QCOMPARE(whole.parse(line + "\n").state, SseParser::State::TooLarge);
        SseParser pieces(64);
        SseParser::State state = SseParser::State::NeedMore;
        for (std::size_t i = 0; i < line.size() && state == SseParser::State::NeedMore; ++i)
            state = pieces.parse(line.substr(i, 1)).state;
        QCOMPARE(state, SseParser::State::TooLarge);
        SseParser enough(200);
        QCOMPARE(enough.parse(line + "\n").state, SseParser::State::Event);
    }

    void writtenEventsReadBackTheSame_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("data");
        QTest::newRow("type and data") << QByteArray("ping") << QByteArray("{}");
        QTest::newRow("no type") << QByteArray() << QByteArray("{}");
        QTest::newRow("several lines") << QByteArray("x") << QByteArray("a\n\nb\n");
        QTest::newRow("no data") << QByteArray("x") << QByteArray("");
        QTest::newRow("data begins with a blank") << QByteArray() << QByteArray(" x");
    }
    void writtenEventsReadBackTheSame()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, data);
        const std::string wire = sseEvent(type.toStdString(), data.toStdString());
        const Reading reading = read(wire, 0);
        QCOMPARE(reading.events.size(), std::size_t{1});
        QCOMPARE(QByteArray::fromStdString(reading.events.front().type), type);
        QCOMPARE(QByteArray::fromStdString(reading.events.front().data), data);
        QVERIFY(reading.events.front().hasData);
    }
};

} // namespace

LUTHIEN_TEST(tst_sse_parser, TestSseParser)
#include "tst_sse_parser.moc"
