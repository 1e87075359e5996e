// SPDX-License-Identifier: Apache-2.0
#include "store/journal_reader.h"
#include "support/full_disk.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <fstream>
#include <random>
#include <sys/resource.h>
#include <thread>

using namespace luthien;
using namespace luthien::store;
namespace full_disk = luthien::test::full_disk;

namespace {
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
        for (const SegmentName& name : found->at(0))
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
    void aWriterAndAReaderAgreeAcrossSegments();
    void theTailIsCutCleanlyAt_data();
    void theTailIsCutCleanlyAt();
    void readingContinuesFromAPosition();
    void releasedSegmentsAreRemoved();
    void whatEarlierProcessesLeftWaitsToo_data();
    void whatEarlierProcessesLeftWaitsToo();
    void aReaderFollowsAWriterOnAnotherThread();
    void afterAFullDiskNothingIsMissing();
    void oneRefusalHoldsNobodyBackForGood();
};

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
    QVERIFY(Journal::scan(files.path).value()[0].size() > 10);
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
    const auto before = Journal::scan(files.path).value()[0].size();
    QVERIFY(before >= 10);
    QVERIFY(files.budget->backlog.load() >= 50'000);
    QCOMPARE(readAll(reader).size(), std::size_t{100});
    reader.release(reader.position());
    QCOMPARE(files.budget->backlog.load(), std::uint64_t{0});
    QCOMPARE(Journal::scan(files.path).value()[0].size(), std::size_t{1});
    journal->append("after", {});
    QCOMPARE(readAll(reader), std::vector<std::string>{"after"});
    reader.release(reader.position());
    reader.removeIfDrained();
    QVERIFY(Journal::scan(files.path)->empty());
}

void TestJournal::whatEarlierProcessesLeftWaitsToo_data()
{
    QTest::addColumn<int>("offset"); // of the position in the database
    QTest::addColumn<int>("damage"); // a byte of the first file
    QTest::newRow("all of it") << 0 << -1;
    QTest::newRow("from the position on") << 3 * 512 << -1;
    QTest::newRow("a torn payload") << 0 << 2 * 512 + 100;
    QTest::newRow("a torn length") << 0 << 2 * 512 + 2;
}

void TestJournal::whatEarlierProcessesLeftWaitsToo()
{
    QFETCH(int, offset);
    QFETCH(int, damage);
    Files files;
    const auto journal = files.journal(1 << 12);
    for (int i = 0; i < 20; ++i)
        journal->append(std::string(504, 'x'), {}); // 512 bytes each
    if (damage >= 0) {
        std::fstream stream(files.path / SegmentName{0, 0}.fileName(), std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(damage);
        stream.put('?');
    }
    files.budget = std::make_shared<JournalBudget>(8 << 10);
    auto reader = files.reopen({0, static_cast<std::uint64_t>(offset), 0});
    const std::uint64_t unread = (damage == 2 * 512 + 2 ? 14 : 20) * 512 - static_cast<std::uint64_t>(offset);
    QCOMPARE(files.budget->backlog.load(), unread);
    QVERIFY2(files.budget->hasRoom() == (unread <= 7 << 10), "the quota counts it");
    const auto first = reader.next();
    QVERIFY(first);
    reader.release(reader.position());
    QCOMPARE(files.budget->backlog.load(), unread - 512);
    while (reader.next())
        reader.release(reader.position());
    reader.rewind();
    QVERIFY(!reader.next());
    reader.release(reader.position());
    QCOMPARE(files.budget->backlog.load(), std::uint64_t{0});
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
    QVERIFY(Journal::scan(files.path).value()[0].size() <= 2);
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

/// The disk refuses the writer's spare while the worker, which cannot wait for it, gets a file of its own.
void TestJournal::oneRefusalHoldsNobodyBackForGood()
{
    Files files;
    const auto journal = files.journal(1 << 12);
    journal->append(std::string(3000, 'a'), {}); // it is time for a spare
    full_disk::refuse(files.path.string(), 1, 1, [&] { journal->append(std::string(1500, 'b'), {}); });
    journal->maintain();
    QCOMPARE(full_disk::refusals(), 1);
    full_disk::free();
    journal->maintain();
    QVERIFY2(journal->hasRoom() && files.budget->hasDisk(), "nobody records any more, so that no file is ever needed");
    JournalReader reader(journal, {}, {});
    QCOMPARE(readAll(reader).size(), std::size_t{2});
}

LUTHIEN_TEST(tst_journal, TestJournal)
#include "tst_journal.moc"
