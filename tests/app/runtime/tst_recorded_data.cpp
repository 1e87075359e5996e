// SPDX-License-Identifier: Apache-2.0
#include "archive/read_texts.h"
#include "runtime/recorded_data.h"
#include "store/journal_writer.h"
#include "store/name_file.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

using namespace luthien;
using namespace luthien::runtime;
using test::TestDatabase;

namespace {
constexpr auto kNoKey = [] { return nullptr; };

/// A call that is open when its process is killed: it is in the journal only.
void recordAndDie(const Paths& paths, const char* session)
{
    constexpr int kWorker = 7; // of whom the database knows nothing yet
    store::JournalWriter sink(std::make_shared<store::Journal>(paths.database().journal(), kWorker, 0, 1 << 16,
                                                               std::make_shared<store::JournalBudget>(1 << 30)));
    const CallId call = CallId::make(fromMicros(2));
    sink.opened({.call = call, .identity = {.session = session}});
    sink.wire({.call = call, .kind = conversation::WireKind::Head, .bytes = R"({"status":429,"headers":[]})"});
}

void recordAndEnd(const Paths& paths, const char* session)
{
    auto opened = store::Store::open({.directory = paths.dataDirectory,
                                      .database = paths.databaseUrl,
                                      .ballastBytes = 0,
                                      .readTexts = archive::readTexts});
    QVERIFY2(opened, opened ? "" : opened.error().toString().c_str());
    const CallId call = CallId::make(fromMicros(1));
    const auto sink = (*opened)->makeSink(0);
    sink->opened({.call = call, .identity = {.session = session}});
    sink->ended({.call = call});
}
} // namespace

class TestRecordedData : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { test::addEngines(); }
    void makesNothing();
    void readsBesideARunningInstance();
    void onlyReadsWhatIsInTheDatabase();
    void takesInWhatACrashLeft();
    void anothersJournalStaysAsItIs();

private:
    [[nodiscard]] static Paths pathsOf(const TestDatabase& database)
    {
        return {.dataDirectory = database.path().toStdString(), .databaseUrl = database.url()};
    }
};

void TestRecordedData::makesNothing()
{
    const TestDatabase database(TestDatabase::Content::Nothing);
    Paths paths = pathsOf(database);
    paths.dataDirectory /= "typo";
    const auto opened = RecordedData::open(paths, kNoKey);
    QCOMPARE(opened.error().code, ErrorCode::NotFound);
    const std::string said = opened.error().toString();
    QVERIFY2(said.find("nothing was recorded here yet") != std::string::npos, said.c_str());
    QVERIFY2(said.find("luthiend serve") != std::string::npos, said.c_str());
    QVERIFY2(said.starts_with(database.isSqlite() ? paths.dataDirectory.string() : describe(database.location())),
             said.c_str());
    QVERIFY(!std::filesystem::exists(paths.dataDirectory));
    QVERIFY(database.isSqlite() ||
            database.ask(QStringLiteral("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")) == 0);
}

void TestRecordedData::readsBesideARunningInstance()
{
    const TestDatabase database;
    const Paths paths = pathsOf(database);
    const auto lock = DataDirectoryLock::acquire(paths, "luthiend");
    QVERIFY(lock.hasValue());
    auto opened =
        store::Store::open({.directory = paths.dataDirectory, .database = paths.databaseUrl, .ballastBytes = 0});
    QVERIFY(opened.hasValue());
    (*opened)->makeSink(0)->opened({.call = CallId::make(fromMicros(1)), .identity = {.session = "s"}});
    QVERIFY((*opened)->flush(std::chrono::seconds(20)).hasValue());
    auto beside = RecordedData::open(paths, kNoKey);
    QVERIFY2(beside.hasValue(), beside ? "" : beside.error().toString().c_str());
    QCOMPARE(*beside->reader().sessionCount(), 1);
}

void TestRecordedData::onlyReadsWhatIsInTheDatabase()
{
    const TestDatabase database;
    const Paths paths = pathsOf(database);
    recordAndEnd(paths, "s");
    auto data = RecordedData::open(paths, [] {
        qFatal("nothing is written that could be signed");
        return nullptr;
    });
    QVERIFY2(data.hasValue(), data ? "" : data.error().toString().c_str());
    QCOMPARE(*data->reader().sessionCount(), 1);
    QVERIFY(!DataDirectoryLock::isHeld(paths));
    QVERIFY2(!std::filesystem::exists(paths.lockFile()), "not even that is made");
}

void TestRecordedData::takesInWhatACrashLeft()
{
    const TestDatabase database;
    const Paths paths = pathsOf(database);
    recordAndEnd(paths, "s");
    recordAndDie(paths, "killed");
    const auto key = std::make_shared<const store::EvidenceKey>(*store::EvidenceKey::parse(std::string(64, 'a')));
    auto data = RecordedData::open(paths, [&key] { return key; });
    QVERIFY2(data.hasValue(), data ? "" : data.error().toString().c_str());
    QCOMPARE(*data->reader().sessionCount(), 2);
    const auto calls = data->reader().callsOfSession("killed", store::Order::Ascending, std::nullopt, 2);
    QVERIFY(calls && calls->items.size() == 1);
    QCOMPARE(calls->items.front().status, conversation::CallStatus::Truncated);
    QCOMPARE(calls->items.front().httpStatus, 429);              // what its events say is read
    QCOMPARE(data->reader().evidenceKeyId().value(), key->id()); // the end of the call that was left open is signed
    QVERIFY(DataDirectoryLock::isHeld(paths));
}

void TestRecordedData::anothersJournalStaysAsItIs()
{
    const TestDatabase database;
    const Paths paths = pathsOf(database);
    recordAndEnd(paths, "s");
    recordAndDie(paths, "of another database");
    const auto owner = paths.database().journal() / "database";
    QVERIFY(store::writeNameFile(owner, CallId::make(fromMicros(3)).toString(), "postgresql:///elsewhere"));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("journal.*recorded for another database")));
    auto data = RecordedData::open(paths, kNoKey);
    QVERIFY2(data.hasValue(), data ? "" : data.error().toString().c_str());
    QCOMPARE(*data->reader().sessionCount(), 1);
    QCOMPARE(store::readNameNote(owner), "postgresql:///elsewhere");
    QCOMPARE(store::Journal::scan(paths.database().journal())->at(7).size(), std::size_t{1});
}

LUTHIEN_TEST(tst_recorded_data, TestRecordedData)
#include "tst_recorded_data.moc"
