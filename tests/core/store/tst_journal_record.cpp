// SPDX-License-Identifier: Apache-2.0
#include "store/journal_record.h"
#include "support/test_registry.h"

#include <QtTest>

#include <random>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;

namespace {
const CallId kCall = CallId(std::array<std::uint8_t, 16>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});

CallOpened sampleOpened()
{
    CallOpened event;
    event.call = kCall;
    event.at = fromMicros(1'700'000'000'123'456);
    event.identity = {"s", "agent", "parent", "client", "1.2", "user", "trace", true};
    event.api = Api::Gemini;
    event.upstream = "up";
    event.method = "POST";
    event.path = "/p?q=1";
    event.model = "m";
    event.preview = "text \xe2\x82\xac";
    event.stream = true;
    return event;
}

CallEnded sampleEnded()
{
    CallEnded event;
    event.call = kCall;
    event.seq = 4'000'000'000;
    event.at = fromMicros(-5);
    event.status = CallStatus::Blocked;
    event.httpStatus = 529;
    event.stopReason = StopReason::Refusal;
    event.rawStopReason = "raw";
    event.usage = {1, std::nullopt, 0, -3, 1'000'000'000'000};
    event.model = "m2";
    event.firstTokenAt = fromMicros(77);
    event.heldByPolicy = std::chrono::microseconds(12);
    event.heldByPerson = std::chrono::microseconds(13);
    event.request = {1, 2, Sha256::of("a")};
    event.response = {3, 4, Sha256::of("b")};
    event.reply = "{}";
    event.error = "why";
    return event;
}

Decision sampleDecision()
{
    Decision decision;
    decision.id = *CallId::parse("01890a5d-ac96-774b-bcce-b302099a8057");
    decision.call = kCall;
    decision.at = fromMicros(1'700'000'000'123'457);
    decision.seq = 17;
    decision.policyId = "sql";
    decision.policyVersion = std::string(64, 'a');
    decision.mode = PolicyMode::Shadow;
    decision.verdict = Verdict::Block;
    decision.answeredBy = AnsweredBy::Error;
    decision.score = -0.625;
    decision.reason = "DROP TABLE is destructive";
    decision.agentText = "[Tool call `Bash` was blocked by policy]";
    decision.tool = "Bash";
    decision.toolId = "toolu_1";
    decision.matched = {{"/command", 6, 90'000}, {"", 0, 0}};
    decision.original = R"({"command":"psql -c 'DROP TABLE users'"})";
    decision.final = std::string("text\0more", 9);
    decision.latency = std::chrono::microseconds(42);
    return decision;
}

/// Prints every member of every event, so that two streams can be compared.
class Transcript final : public EventSink
{
public:
    void opened(const CallOpened& e) override
    {
        const Identity& who = e.identity;
        line() << "opened" << e.call.toString() << toMicros(e.at) << who.session << who.agent << who.parentAgent
               << who.client << who.clientVersion << who.user << who.traceId << who.sessionDerived << apiName(e.api)
               << e.upstream << e.method << e.path << e.model << e.preview << e.stream << e.cause.toString()
               << e.causePolicy;
    }
    void request(const RequestRecorded& e) override
    {
        line() << "request" << e.call.toString() << e.seq << toMicros(e.at) << directionName(e.direction) << e.head
               << e.body;
        for (const Span& span : e.messages)
            m_out << span.offset << span.length;
    }
    void wire(const WireEvent& e) override
    {
        line() << "wire" << e.call.toString() << e.seq << toMicros(e.at) << directionName(e.direction)
               << wireKindName(e.kind) << e.partial << e.bytes;
    }
    void decided(const Decision& d) override
    {
        line() << "decided" << d.id.toString() << d.call.toString() << toMicros(d.at) << d.seq << d.policyId
               << d.policyVersion << policyModeName(d.mode) << verdictName(d.verdict) << answeredByName(d.answeredBy)
               << (d.score ? std::to_string(*d.score) : std::string("none")) << d.reason << d.agentText << d.tool
               << d.toolId << d.original << d.final << d.latency.count() << d.responseId << d.conversationId
               << d.inference.toString() << d.isRepeat;
        for (const Match& match : d.matched)
            m_out << match.pointer << match.start << match.end;
    }
    void ended(const CallEnded& e) override
    {
        line() << "ended" << e.call.toString() << e.seq << toMicros(e.at) << callStatusName(e.status) << e.httpStatus
               << stopReasonName(e.stopReason) << e.rawStopReason << e.model << e.heldByPolicy.count()
               << e.heldByPerson.count() << e.reply << e.sentReply << e.error
               << (e.costNanoUsd ? std::to_string(*e.costNanoUsd) : std::string("none"));
        for (const auto& count :
             {e.usage.input, e.usage.output, e.usage.cacheRead, e.usage.cacheWrite, e.usage.reasoning})
            m_out << (count ? std::to_string(*count) : std::string("none"));
        for (const auto& time : {e.firstByteAt, e.firstTokenAt})
            m_out << (time ? std::to_string(toMicros(*time)) : std::string("none"));
        for (const BodyTotals& totals : {e.request, e.response})
            m_out << totals.bytes << totals.changedBytes << toHex(totals.sha256);
    }
    [[nodiscard]] bool hasRoom() const override { return true; }

    [[nodiscard]] std::string text() const { return m_out.text; }

private:
    struct Out
    {
        std::string text;
        Out& operator<<(std::string_view value) { return text.append("|").append(value), *this; }
        Out& operator<<(const char* value) { return *this << std::string_view(value); }
        Out& operator<<(const std::string& value) { return *this << std::string_view(value); }
        Out& operator<<(std::integral auto value) { return *this << std::to_string(value); }
    };
    Out& line() { return m_out << "\n"; }
    Out m_out;
};

void feedSamples(EventSink& sink)
{
    const std::vector<Span> spans = {{1, 2}, {4, 0}, {70'000, 80'000}};
    sink.opened(sampleOpened());
    sink.opened({});
    CallOpened judge = sampleOpened();
    judge.cause = kCall;
    judge.causePolicy = "judge";
    sink.opened(judge);
    sink.request({kCall, 0, fromMicros(1), Direction::Sent, "{\"a\":1}", std::string("body\0x", 6), spans});
    sink.request({kCall, 1, fromMicros(2), Direction::Received, "", "", {}});
    for (int kind = 0; kind <= static_cast<int>(WireKind::End); ++kind)
        sink.wire(
            {kCall, 7, fromMicros(3), Direction::Received, static_cast<WireKind>(kind), kind % 2 == 0, "bytes", {}});
    sink.wire({kCall, 8, fromMicros(3), Direction::Sent, WireKind::Text, false, "", {}});
    sink.decided(sampleDecision());
    sink.decided({});
    for (int member = 0; member < 4; ++member) { // each of them alone, so that none can stand in another's place
        Decision placed = sampleDecision();
        placed.responseId = member == 0 ? "resp_1" : "";
        placed.conversationId = member == 1 ? "conv_1" : "";
        placed.inference = member == 2 ? kCall : CallId();
        placed.isRepeat = member == 3;
        sink.decided(placed);
    }
    sink.ended(sampleEnded());
    CallEnded changed = sampleEnded();
    changed.sentReply = R"({"blocks":[]})";
    sink.ended(changed);
    changed.costNanoUsd = 1'234'567;
    sink.ended(changed);
    changed.sentReply = {};
    sink.ended(changed);
    sink.ended({});
}

class Encoded final : public EventSink
{
public:
    void opened(const CallOpened& event) override { add(event); }
    void request(const RequestRecorded& event) override { add(event); }
    void wire(const WireEvent& event) override { add(event); }
    void decided(const Decision& decision) override { add(decision); }
    void ended(const CallEnded& event) override { add(event); }
    [[nodiscard]] bool hasRoom() const override { return true; }

    std::vector<std::string> records;

private:
    void add(const auto& event)
    {
        const std::string_view body = encode(event, m_head);
        records.push_back(m_head + std::string(body));
    }
    std::string m_head;
};
} // namespace

class TestJournalRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordKindComesBackWhole();
    void earlierJournalsStayReadable();
    void noPrefixOfARecordIsTaken_data();
    void noPrefixOfARecordIsTaken();
    void decisionsAreBounded();
    void damagedRecordsNeverReachTheSinkOutOfBounds();
};

void TestJournalRecord::everyRecordKindComesBackWhole()
{
    Encoded encoded;
    feedSamples(encoded);
    Transcript expected;
    feedSamples(expected);
    Transcript actual;
    for (const std::string& record : encoded.records)
        QVERIFY(decode(record, actual));
    QCOMPARE(actual.text(), expected.text());
    QCOMPARE(callOf(encoded.records.front()), kCall);
    QVERIFY(callOf(encoded.records[1]).isNil());
    QVERIFY(callOf({}).isNil() && callOf(encoded.records.front().substr(0, 16)).isNil());
}

void TestJournalRecord::earlierJournalsStayReadable()
{
    // Written by version 0.1 before there were decisions.
    const std::string record =
        QByteArray::fromHex(
            "040102030405060708090a0b0c0d0e0f1080d0acf30e090591040503726177010200010001050180c0a8ca9a3a02"
            "6d3200019a01181a0102ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb03043e23"
            "e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d037768797b7d")
            .toStdString();
    Transcript sink;
    QVERIFY(decode(record, sink));
    Transcript expected;
    expected.ended(sampleEnded());
    QCOMPARE(sink.text(), expected.text());
    std::string written;
    written.append(encode(sampleEnded(), written));
    QCOMPARE(written, record); // as long as there is nothing new to say, earlier programs can read ours
}

void TestJournalRecord::decisionsAreBounded()
{
    Decision decision = sampleDecision();
    decision.reason = std::string(kMaxDecisionText - 1, 'r') + "\xe2\x82\xac";
    decision.toolId.assign(1 << 20, 'i');
    decision.matched.resize(kMaxMatches + 1);
    decision.matched[0].pointer.assign(1 << 20, 'p');
    std::string record;
    record.append(encode(decision, record));
    Transcript sink;
    QVERIFY(decode(record, sink));
    decision.reason.resize(kMaxDecisionText - 1); // no half of a character
    decision.toolId.resize(kMaxDecisionName);
    decision.matched.resize(kMaxMatches);
    decision.matched[0].pointer.resize(kMaxDecisionName);
    Transcript expected;
    expected.decided(decision);
    QCOMPARE(sink.text(), expected.text());
}

void TestJournalRecord::noPrefixOfARecordIsTaken_data()
{
    QTest::addColumn<std::string>("head"); // a record without the member that ends it
    std::string head;
    (void)encode(sampleEnded(), head);
    QTest::newRow("an end") << head;
    CallEnded changed = sampleEnded();
    changed.sentReply = "{}";
    (void)encode(changed, head);
    QTest::newRow("an end with what was sent") << head;
    changed.costNanoUsd = 1;
    (void)encode(changed, head);
    QTest::newRow("an end with what it cost") << head;
    Decision placed = sampleDecision();
    placed.responseId = "resp_1";
    (void)encode(placed, head);
    QTest::newRow("a decision about a reply that the provider keeps") << head;
    (void)encode(sampleDecision(), head);
    QTest::newRow("a decision") << head;
}

void TestJournalRecord::noPrefixOfARecordIsTaken()
{
    QFETCH(std::string, head);
    const std::string record = head + "the last member";
    const std::size_t members = head.size();
    for (std::size_t size = 0; size < members; ++size) {
        Transcript sink;
        QVERIFY2(!decode(std::string_view(record).substr(0, size), sink), qPrintable(QString::number(size)));
        QVERIFY(sink.text().empty());
    }
}

void TestJournalRecord::damagedRecordsNeverReachTheSinkOutOfBounds()
{
    std::mt19937 random(1);
    std::string head;
    const std::vector<Span> spans = {{1, 2}, {4, 5}};
    const Decision decision = sampleDecision();
    const RequestRecorded request{kCall, 0, fromMicros(1), Direction::Sent, "{}", "body", spans};
    for (int i = 0; i < 20'000; ++i) {
        const std::string_view body = i % 3 == 0   ? encode(request, head)
                                      : i % 3 == 1 ? encode(decision, head)
                                                   : encode(sampleOpened(), head);
        std::string record = head + std::string(body);
        for (int flips = 0; flips < 3; ++flips)
            record[random() % record.size()] = static_cast<char>(random());
        Transcript sink; // touches every byte of every member; run under the address sanitizer
        (void)decode(record, sink);
    }
}

LUTHIEN_TEST(tst_journal_record, TestJournalRecord)
#include "tst_journal_record.moc"
