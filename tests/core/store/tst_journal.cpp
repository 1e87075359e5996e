// SPDX-License-Identifier: Apache-2.0
#include "store/journal_reader.h"
#include "store/journal_record.h"
#include "store/journal_writer.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <fstream>
#include <random>
#include <sys/resource.h>
#include <thread>

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

/// Prints every member of every event, so that two streams can be compared.
class Transcript final : public EventSink
{
public:
    void opened(const CallOpened& e) override
    {
        const Identity& who = e.identity;
        line() << "opened" << e.call.toString() << toMicros(e.at) << who.session << who.agent << who.parentAgent
               << who.client << who.clientVersion << who.user << who.traceId << who.sessionDerived << apiName(e.api)
               << e.upstream << e.method << e.path << e.model << e.preview << e.stream;
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
    void ended(const CallEnded& e) override
    {
        line() << "ended" << e.call.toString() << e.seq << toMicros(e.at) << callStatusName(e.status) << e.httpStatus
               << stopReasonName(e.stopReason) << e.rawStopReason << e.model << e.heldByPolicy.count()
               << e.heldByPerson.count() << e.reply << e.error;
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
    sink.request({kCall, 0, fromMicros(1), Direction::Sent, "{\"a\":1}", std::string("body\0x", 6), spans});
    sink.request({kCall, 1, fromMicros(2), Direction::Received, "", "", {}});
    for (int kind = 0; kind <= static_cast<int>(WireKind::End); ++kind)
        sink.wire(
            {kCall, 7, fromMicros(3), Direction::Received, static_cast<WireKind>(kind), kind % 2 == 0, "bytes", {}});
    sink.wire({kCall, 8, fromMicros(3), Direction::Sent, WireKind::Text, false, "", {}});
    sink.ended(sampleEnded());
    sink.ended({});
}

struct Files
{
    QTemporaryDir directory;
    std::filesystem::path path{directory.path().toStdString()};
    std::shared_ptr<JournalBudget> budget = std::make_shared<JournalBudget>(1 << 30);

    [[nodiscard]] std::shared_ptr<Journal> journal(std::uint64_t segmentBytes, std::uint64_t first = 0) const
    {
        return std::make_shared<Journal>(path, 0, first, segmentBytes, budget);
    }
    /// What a new process finds.
    [[nodiscard]] JournalReader reopen(JournalPosition start = {}) const
    {
        std::vector<std::shared_ptr<Segment>> left;
        const auto found = Journal::scan(path);
        for (const SegmentName& name : found.at(0))
            left.push_back(*Segment::openExisting(path, name));
        return {journal(1 << 16, 1000), std::move(left), start};
    }
};

std::vector<std::string> readAll(JournalReader& reader)
{
    std::vector<std::string> records;
    while (const auto record = reader.next())
        records.emplace_back(*record);
    return records;
}
} // namespace

class TestJournal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordKindComesBackWhole();
    void noPrefixOfARecordIsTaken();
    void damagedRecordsNeverReachTheSinkOutOfBounds();
    void aWriterAndAReaderAgreeAcrossSegments();
    void theTailIsCutCleanlyAt_data();
    void theTailIsCutCleanlyAt();
    void readingContinuesFromAPosition();
    void releasedSegmentsAreRemoved();
    void aReaderFollowsAWriterOnAnotherThread();
    void afterAFullDiskNothingIsMissing();
    void linksAreNotFollowed();
};

void TestJournal::everyRecordKindComesBackWhole()
{
    Files files;
    const auto journal = files.journal(1 << 16);
    JournalReader reader(journal, {}, {});
    JournalWriter writer(journal);
    feedSamples(writer);
    Transcript expected;
    feedSamples(expected);
    Transcript actual;
    while (const auto record = reader.next())
        QVERIFY(decode(*record, actual));
    QCOMPARE(actual.text(), expected.text());
}

void TestJournal::noPrefixOfARecordIsTaken()
{
    std::string record;
    record.append(encode(sampleEnded(), record));
    const std::size_t members = record.size() - sampleEnded().reply.size();
    for (std::size_t size = 0; size < members; ++size) {
        Transcript sink;
        QVERIFY2(!decode(std::string_view(record).substr(0, size), sink), qPrintable(QString::number(size)));
        QVERIFY(sink.text().empty());
    }
}

void TestJournal::damagedRecordsNeverReachTheSinkOutOfBounds()
{
    std::mt19937 random(1);
    std::string head;
    const std::vector<Span> spans = {{1, 2}, {4, 5}};
    const RequestRecorded request{kCall, 0, fromMicros(1), Direction::Sent, "{}", "body", spans};
    for (int i = 0; i < 20'000; ++i) {
        const std::string_view body = i % 2 == 0 ? encode(request, head) : encode(sampleOpened(), head);
        std::string record = head + std::string(body);
        for (int flips = 0; flips < 3; ++flips)
            record[random() % record.size()] = static_cast<char>(random());
        Transcript sink; // touches every byte of every member; run under the address sanitizer
        (void)decode(record, sink);
    }
}

void TestJournal::aWriterAndAReaderAgreeAcrossSegments()
{
    Files files;
    const auto journal = files.journal(1 << 12);
    JournalReader reader(journal, {}, {});
    std::mt19937 random(2);
    std::vector<std::string> written;
    for (int i = 0; i < 500; ++i) {
        written.emplace_back(1 + random() % (i % 50 == 0 ? 20'000 : 300), static_cast<char>(i));
        journal->append(written.back(), {});
        if (i % 40 == 0)
            journal->maintain();
    }
    QVERIFY(Journal::scan(files.path)[0].size() > 10);
    QVERIFY(readAll(reader) == written);
    QVERIFY(!reader.next());
    reader.rewind();
    QVERIFY(readAll(reader) == written);
    auto reopened = files.reopen();
    QVERIFY(!reopened.recovered());
    QVERIFY(readAll(reopened) == written);
    QVERIFY(reopened.recovered());
}

void TestJournal::theTailIsCutCleanlyAt_data()
{
    QTest::addColumn<int>("offset"); // in the third of three records of 24 bytes
    QTest::addColumn<int>("truncateTo");
    QTest::addColumn<int>("expected");
    for (const int offset : {48, 49, 52, 55, 56, 60, 63})
        QTest::addRow("a flipped byte %d", offset) << offset << -1 << 2;
    QTest::newRow("the end of the file inside the length") << -1 << 50 << 2;
    QTest::newRow("the end of the file inside the payload") << -1 << 64 << 2;
    QTest::newRow("the end of the file after the record") << -1 << 72 << 3;
    QTest::newRow("no damage") << -1 << -1 << 3;
}

void TestJournal::theTailIsCutCleanlyAt()
{
    QFETCH(int, offset);
    QFETCH(int, truncateTo);
    QFETCH(int, expected);
    Files files;
    const auto journal = files.journal(1 << 12);
    for (const char* text : {"first record 123", "second record 12", "third record 123"})
        journal->append(text, {});
    const auto file = files.path / SegmentName{0, 0}.fileName();
    if (offset >= 0) {
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekg(offset);
        const char flipped = static_cast<char>(stream.get() ^ 0x40);
        stream.seekp(offset);
        stream.put(flipped);
    }
    if (truncateTo >= 0)
        std::filesystem::resize_file(file, static_cast<std::uintmax_t>(truncateTo));
    auto reader = files.reopen();
    QCOMPARE(readAll(reader).size(), static_cast<std::size_t>(expected));
    QVERIFY(reader.recovered());
}

void TestJournal::readingContinuesFromAPosition()
{
    Files files;
    const auto journal = files.journal(1 << 12);
    std::vector<std::string> written;
    for (int i = 0; i < 300; ++i) {
        written.push_back("record " + std::to_string(i));
        journal->append(written.back(), {});
    }
    auto whole = files.reopen();
    for (std::size_t i = 0; i < written.size(); ++i) {
        QCOMPARE(std::string(*whole.next()), written[i]);
        if (whole.recordPosition().segment != 0 || i % 7 != 0)
            continue;
        auto rest = files.reopen({0, whole.recordPosition().offset, 0});
        QCOMPARE(readAll(rest).size(), written.size() - i);
    }
}

void TestJournal::releasedSegmentsAreRemoved()
{
    Files files;
    const auto journal = files.journal(1 << 12);
    JournalReader reader(journal, {}, {});
    for (int i = 0; i < 100; ++i)
        journal->append(std::string(500, 'x'), {});
    const auto before = Journal::scan(files.path)[0].size();
    QVERIFY(before >= 10);
    QVERIFY(files.budget->backlog.load() >= 50'000);
    QCOMPARE(readAll(reader).size(), std::size_t{100});
    reader.release(reader.position());
    QCOMPARE(files.budget->backlog.load(), std::uint64_t{0});
    QCOMPARE(Journal::scan(files.path)[0].size(), std::size_t{1});
    journal->append("after", {});
    QCOMPARE(readAll(reader), std::vector<std::string>{"after"});
    reader.release(reader.position());
    reader.removeIfDrained();
    QVERIFY(Journal::scan(files.path).empty());
}

void TestJournal::aReaderFollowsAWriterOnAnotherThread()
{
    constexpr int kRecords = 200'000;
    Files files;
    const auto journal = files.journal(1 << 16);
    JournalReader reader(journal, {}, {});
    std::jthread writer([&] {
        for (int i = 0; i < kRecords; ++i)
            journal->append(std::to_string(i), "body");
    });
    int seen = 0;
    while (seen < kRecords) {
        journal->maintain();
        while (const auto record = reader.next()) {
            if (*record != std::to_string(seen) + "body")
                QFAIL(qPrintable(
                    QStringLiteral("record %1 is %2").arg(seen).arg(QString::fromStdString(std::string(*record)))));
            ++seen;
        }
        reader.release(reader.position());
    }
    QVERIFY(Journal::scan(files.path)[0].size() <= 2);
}

void TestJournal::afterAFullDiskNothingIsMissing()
{
    Files files;
    const auto journal = files.journal(1 << 16);
    JournalReader reader(journal, {}, {});
    journal->append("first", {});
    // No file may grow past this: reserving a segment fails as on a full disk.
    struct rlimit before = {};
    getrlimit(RLIMIT_FSIZE, &before);
    struct rlimit limit = before;
    limit.rlim_cur = 1 << 12;
    const auto ignore = signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    std::vector<std::string> written = {"first"};
    int whileRoom = 0;
    for (int i = 0; i < 200; ++i) {
        journal->maintain();
        whileRoom += journal->hasRoom() ? 1 : 0;
        written.push_back(std::string(1000, static_cast<char>('a' + i % 26)));
        journal->append(written.back(), {});
    }
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, ignore);
    QVERIFY2(whileRoom > 20 && whileRoom < 40, "half a segment is kept for what was read before");
    QVERIFY(journal->hasRoom());
    QVERIFY(readAll(reader) == written);
}

void TestJournal::linksAreNotFollowed()
{
    Files files;
    std::filesystem::create_symlink(files.path / "elsewhere", files.path / SegmentName{0, 0}.fileName());
    QVERIFY(!Segment::create(files.path, {0, 0}, 4096));
    std::ofstream(files.path / "elsewhere") << "12345678";
    QVERIFY(!Segment::openExisting(files.path, {0, 0}));
    QCOMPARE(SegmentName::parse((SegmentName{7, 12345678901}).fileName()).value().number, std::uint64_t{12345678901});
    QVERIFY(!SegmentName::parse("x-1.journal") && !SegmentName::parse("1-.journal") && !SegmentName::parse("ballast"));
}

LUTHIEN_TEST(tst_journal, TestJournal)
#include "tst_journal.moc"
