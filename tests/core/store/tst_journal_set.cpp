// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "recording.h"
#include "store/journal_set.h"
#include "store/journal_writer.h"
#include "support/stored_events.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace luthien;
using namespace luthien::store;
using luthien::test::eventsOf;
using luthien::test::openStore;
using luthien::test::RecordedCall;
using luthien::test::TestDatabase;

namespace {
constexpr std::uint64_t kSegment = 4096;

/// What worker 0 of a process that was killed left: three files of two records each, named by their order.
struct Left
{
    QTemporaryDir directory;
    std::filesystem::path path{directory.path().toStdString()};

    Left()
    {
        Journal journal(path, 0, 0, kSegment, std::make_shared<JournalBudget>(1 << 30));
        for (char name = 'a'; name < 'g'; ++name)
            journal.append(std::string(2000, name), {});
    }
    [[nodiscard]] std::filesystem::path file(std::uint64_t number) const
    {
        return path / SegmentName{0, number}.fileName();
    }
    [[nodiscard]] Result<std::unique_ptr<JournalSet>> open(JournalPosition start = {}) const
    {
        return JournalSet::open(path, kSegment, std::make_shared<JournalBudget>(1 << 30), {{0, start}});
    }
};

/// The first byte of each record.
std::string readAll(JournalSet& set)
{
    std::string names;
    while (const auto record = set.readers().front()->next())
        names += record->front();
    return names;
}

std::size_t filesIn(const std::filesystem::path& directory)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(std::filesystem::directory_iterator(directory), [](const auto& entry) {
            return SegmentName::parse(entry.path().filename().string()).has_value();
        }));
}

/// In the file's place, while there is one of these: nobody can read it, not even root.
class Unreadable
{
public:
    explicit Unreadable(std::filesystem::path file)
        : m_file(std::move(file))
    {
        std::filesystem::rename(m_file, m_file.string() + ".aside");
        std::filesystem::create_directory(m_file);
    }
    ~Unreadable()
    {
        std::filesystem::remove(m_file);
        std::filesystem::rename(m_file.string() + ".aside", m_file);
    }
    Unreadable(const Unreadable&) = delete;
    Unreadable& operator=(const Unreadable&) = delete;

private:
    std::filesystem::path m_file;
};
} // namespace

class TestJournalSet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFileThatCannotBeReadIsAnErrorAndNothingGoes();
    void aDirectoryThatCannotBeListedIsAnError();
    void whatIsDamagedIsReadAsFarAsItIsWhole();
    void whatIsInTheDatabaseIsRemovedUnread();
    void aStoreWithAFileThatCannotBeReadIsNotOpened();
    void anotherDatabasesRecordsAreNotTouched();
};

void TestJournalSet::aFileThatCannotBeReadIsAnErrorAndNothingGoes()
{
    const Left left;
    {
        const Unreadable middle(left.file(1));
        const auto set = left.open();
        QVERIFY(!set);
        QCOMPARE(set.error().code, ErrorCode::Io);
        QCOMPARE(set.error().context, left.file(1).string());
        QVERIFY2(set.error().message.find("move it elsewhere") != std::string::npos, set.error().message.c_str());
    }
    QCOMPARE(filesIn(left.path), std::size_t{3});
    QCOMPARE(readAll(**left.open()), std::string("abcdef"));
}

void TestJournalSet::aDirectoryThatCannotBeListedIsAnError()
{
    const Left left;
    const auto file = left.file(0);
    const auto set = JournalSet::open(file, kSegment, std::make_shared<JournalBudget>(1 << 30), {});
    QVERIFY(!set);
    QCOMPARE(set.error().context, file.string());
}

void TestJournalSet::whatIsDamagedIsReadAsFarAsItIsWhole()
{
    const Left left;
    {
        std::fstream torn(left.file(0), std::ios::in | std::ios::out | std::ios::binary);
        torn.seekp(3000); // in the second record
        torn.put('?');
    }
    std::filesystem::resize_file(left.file(1), 7); // not even the length of a record
    const auto set = left.open();
    QVERIFY(set);
    QCOMPARE(readAll(**set), std::string("aef"));
    QVERIFY(!std::filesystem::exists(left.file(1)));
}

void TestJournalSet::whatIsInTheDatabaseIsRemovedUnread()
{
    const Left left;
    const Unreadable first(left.file(0));
    const auto set = left.open({1, 2008, 0}); // after the first record of the second file
    QVERIFY(set);
    QVERIFY(!std::filesystem::exists(left.file(0)));
    QCOMPARE(readAll(**set), std::string("def"));
    (*set)->journal(0)->append("after what was left", {});
    QVERIFY(std::filesystem::exists(left.file(3)));
}

void TestJournalSet::aStoreWithAFileThatCannotBeReadIsNotOpened()
{
    const TestDatabase directory(QStringLiteral("sqlite"));
    const auto journal = std::filesystem::path(directory.path().toStdString()) / "journal";
    std::filesystem::create_directory(journal);
    JournalWriter sink(std::make_shared<Journal>(journal, 0, 0, kSegment, std::make_shared<JournalBudget>(1 << 30)));
    RecordedCall call(sink, "s");
    for (int i = 0; i < 5; ++i)
        call.wire(std::string(1500, static_cast<char>('a' + i)));
    call.end();
    QCOMPARE(filesIn(journal), std::size_t{3});
    {
        const Unreadable middle(journal / SegmentName{0, 1}.fileName());
        for (int start = 0; start < 2; ++start)
            QVERIFY(!openStore(directory));
    }
    QCOMPARE(filesIn(journal), std::size_t{3});
    for (int start = 0; start < 2; ++start) {
        const auto store = openStore(directory);
        QVERIFY(store);
        const auto events = eventsOf(**store->openReader(), call.id());
        QCOMPARE(events->size(), call.bytes().size() + 1);
        for (std::size_t i = 0; i < call.bytes().size(); ++i)
            QVERIFY((*events)[i].bytes == call.bytes()[i]);
    }
}

/// Positions in one database say nothing about what was recorded for another: files would count as read, and go.
void TestJournalSet::anotherDatabasesRecordsAreNotTouched()
{
    const TestDatabase directory(QStringLiteral("sqlite"));
    const std::filesystem::path path = directory.path().toStdString();
    const auto move = [&path](const char* from, const char* to) {
        for (const char* const end : {"", "-wal", "-shm"})
            if (std::filesystem::exists(path / (from + std::string(end))))
                std::filesystem::rename(path / (from + std::string(end)), path / (to + std::string(end)));
    };
    {
        const auto first = openStore(directory, kSegment);
        const auto sink = first->makeSink(0);
        RecordedCall call(*sink, "s");
        for (int i = 0; i < 9; ++i) // so that its position is in a later file than the other's
            call.wire(std::string(1500, 'x'));
        call.end();
        QVERIFY(first->flush(std::chrono::seconds(20)));
    }
    move("luthien.db", "first.db");
    QVERIFY(openStore(directory)); // nothing is left in the journal: it may belong to another
    JournalWriter sink(
        std::make_shared<Journal>(path / "journal", 0, 0, kSegment, std::make_shared<JournalBudget>(1 << 30)));
    RecordedCall left(sink, "s"); // by a process that was killed
    left.wire("what the first database does not have");
    left.end();
    move("luthien.db", "second.db");
    move("first.db", "luthien.db");
    const auto refused = Store::open({.directory = path, .ballastBytes = 0});
    QVERIFY(!refused && refused.error().code == ErrorCode::Conflict);
    QVERIFY(refused.error().context.ends_with("journal"));
    QVERIFY(refused.error().message.find("(sqlite)") != std::string::npos);
    move("luthien.db", "first.db");
    move("second.db", "luthien.db");
    QTest::ignoreMessage(QtInfoMsg,
                         QRegularExpression(QStringLiteral("^took in 3 records of an earlier run in \\d+ ms$")));
    const auto second = openStore(directory);
    QVERIFY(second);
    const auto events = eventsOf(**second->openReader(), left.id());
    QVERIFY(events && events->front().bytes == left.bytes().front());
}

LUTHIEN_TEST(tst_journal_set, TestJournalSet)
#include "tst_journal_set.moc"
