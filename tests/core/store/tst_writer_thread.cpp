// SPDX-License-Identifier: Apache-2.0
#include "recording.h"
#include "steady_calls.h"
#include "store/database.h"
#include "store/store.h"
#include "store/writer_thread.h"
#include "support/full_disk.h"
#include "support/stored_events.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <iterator>
#include <random>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::eventsOf;
using luthien::test::RecordedCall;
using luthien::test::SteadyCalls;
using namespace std::chrono_literals;
namespace full_disk = luthien::test::full_disk;

namespace {
constexpr auto kLong = 20s;

/// A data directory with an empty database, copied: making one takes longer than what is tried in it.
class EmptyStore
{
public:
    EmptyStore()
    {
        if (!Store::open({.directory = m_directory.path().toStdString(), .ballastBytes = 0}))
            qFatal("no store can be made");
    }
    void copyTo(const QString& directory) const
    {
        std::filesystem::copy(m_directory.path().toStdString(), directory.toStdString(),
                              std::filesystem::copy_options::recursive |
                                  std::filesystem::copy_options::overwrite_existing);
    }

private:
    QTemporaryDir m_directory;
};

StoreConfig smallConfig(const QString& directory, Metrics* metrics = nullptr)
{
    return {.directory = directory.toStdString(),
            .segmentBytes = 32 << 10,
            .ballastBytes = 0,
            .blockInterval = 0ms,
            .breaker = {.pause = {.first = 1ms, .most = 20ms}},
            .metrics = metrics};
}

/// Some calls of every kind of record, in several journal files and several commits.
std::vector<RecordedCall> recordSome(Store& store, EventSink& sink)
{
    std::mt19937 random(7);
    std::vector<RecordedCall> calls;
    for (int i = 0; i < 4; ++i) {
        calls.emplace_back(sink, "session-" + std::to_string(i % 2));
        calls.back().request(R"({"messages":["one","two"]})", {{13, 5}, {19, 5}});
        std::string noise;
        for (int byte = 0; byte < 9000; ++byte)
            noise += static_cast<char>(random());
        calls.back().wire(noise);
        calls.back().decide("judged");
        calls.back().split("half", "other half");
        if (i != 2)
            calls.back().end();
        (void)store.flush(1ms); // only so that there are several commits
    }
    return calls;
}

/// Everything that was recorded is there, once, and the database is whole.
void verifyAll(const QString& directory, const std::vector<RecordedCall>& calls)
{
    const auto reader = Reader::open({directory.toStdString()});
    QVERIFY(reader);
    for (const RecordedCall& call : calls) {
        const auto events = eventsOf(**reader, call.id());
        QVERIFY2(events, events ? "" : events.error().toString().c_str());
        QCOMPARE(events->size(), call.bytes().size() + 1); // the one without an end got one as the program stopped
        for (std::size_t i = 0; i < call.bytes().size(); ++i)
            QVERIFY((*events)[i].bytes == call.bytes()[i]);
        QCOMPARE((*reader)->decisionsOfCall(call.id(), {}, 10)->items.size(), std::size_t{1});
    }
    const auto database = Database::open({directory.toStdString()}, Access::ReadWrite);
    const auto ask = [&](const char* sql) { return (*database)->number(QLatin1String(sql))->value_or(-1); };
    QCOMPARE(ask("SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
    QCOMPARE(ask("SELECT count(*) FROM call"), static_cast<std::int64_t>(calls.size()));
    QCOMPARE(ask("SELECT sum(calls) FROM session"), static_cast<std::int64_t>(calls.size()));
    QCOMPARE(ask("SELECT sum(block_decisions) FROM session"), static_cast<std::int64_t>(calls.size()));
}
} // namespace

/// Of SQLite: with PostgreSQL the database's disk is another's, and its server is stopped in tst_postgres_engine.
class TestWriterThread : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWriteThatFailsLosesNothing_data();
    void aWriteThatFailsLosesNothing();
    void aJournalWithoutItsNextFileHoldsReadingBack();
    void aForeignLockDelaysAndLosesNothing();
    void aDiskThatDoesNotAnswerIsTold();
    void aJournalThatIsNotAnsweredIsTold();
    void whatIsNotFlushedAtTheEndIsSaid();
    void slowCommitsGiveTheDatabaseARest();
    void removalThatWaitsForAJournalCommitsNothing();
    void closingWithoutADatabaseIsNoFullDisk();

private:
    const EmptyStore m_empty;
};

void TestWriterThread::aWriteThatFailsLosesNothing_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("step");
    const bool isLong = qEnvironmentVariableIsSet("LUTHIEN_EACH_WRITE");
    QTest::newRow("each write in turn") << 1 << 1;
    QTest::newRow("each write in turn, and what is tried next") << 3 << (isLong ? 1 : 7);
    QTest::newRow("everything from a write on, until there is room") << 1'000'000 << (isLong ? 1 : 9);
}

void TestWriterThread::aWriteThatFailsLosesNothing()
{
    QFETCH(int, count);
    QFETCH(int, step);
    int failed = 0;
    int notOpened = 0;
    int told = 0;
    for (int from = 1, made = from; made >= from; from += step) {
        const QTemporaryDir directory;
        m_empty.copyTo(directory.path());
        full_disk::refuse(directory.path().toStdString(), from, count);
        auto opened = Store::open(smallConfig(directory.path()));
        if (!opened) { // and says why; with room it opens
            ++notOpened;
            QVERIFY(!opened.error().message.empty());
            full_disk::free();
            opened = Store::open(smallConfig(directory.path()));
        }
        QVERIFY2(opened, opened ? "" : opened.error().toString().c_str());
        auto store = *std::move(opened);
        auto sink = store->makeSink(0);
        const auto calls = recordSome(*store, *sink);
        if (count > 100 && !store->flush(300ms)) {
            // SQLite calls some of it, where it makes its index of the log, an input/output error.
            QTRY_VERIFY_WITH_TIMEOUT(store->state() == StoreState::DiskFull || store->state() == StoreState::Broken,
                                     20'000);
            told += store->state() == StoreState::DiskFull ? 1 : 0;
        }
        if (count > 100)
            full_disk::free();
        QVERIFY(store->flush(kLong));
        // Not QTRY_VERIFY, which looks only each 50 ms: this is asked a hundred times.
        QVERIFY(QTest::qWaitFor([&] { return store->state() == StoreState::Ok && sink->hasRoom(); }, 20'000));
        QVERIFY(store->flush(kLong)); // what waited in memory for room in the journal
        failed += full_disk::refusals() > 0 ? 1 : 0;
        made = full_disk::writes();
        full_disk::free();
        sink.reset();
        store.reset();
        QVERIFY(Store::open(smallConfig(directory.path()))); // ends the call that has no end
        verifyAll(directory.path(), calls);
        if (QTest::currentTestFailed()) {
            qWarning("the write that failed: %d", from);
            return;
        }
    }
    qInfo("%d writes failed, %d of them as the store was opened", failed, notOpened);
    QVERIFY(failed > (step == 1 ? 60 : 6));
    QVERIFY(count < 100 || told > 2);
}

void TestWriterThread::aJournalWithoutItsNextFileHoldsReadingBack()
{
    const QTemporaryDir directory;
    m_empty.copyTo(directory.path());
    auto store = *Store::open(smallConfig(directory.path()));
    auto sink = store->makeSink(0);
    full_disk::refuse(directory.path().toStdString(), 1, 1'000'000);
    auto calls = recordSome(*store, *sink); // more than one file holds
    QTRY_VERIFY_WITH_TIMEOUT(!store->health().isRecording, 20'000);
    QVERIFY(!sink->hasRoom());
    QCOMPARE(store->state(), StoreState::DiskFull);
    QVERIFY2(store->stateText().find("Agents wait") != std::string::npos, store->stateText().c_str());
    full_disk::free();
    QTRY_VERIFY_WITH_TIMEOUT(store->health().isRecording && sink->hasRoom(), 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Ok, 20'000);
    sink.reset();
    store.reset();
    QVERIFY(Store::open(smallConfig(directory.path())));
    verifyAll(directory.path(), calls);
}

void TestWriterThread::aForeignLockDelaysAndLosesNothing()
{
    const QTemporaryDir directory;
    m_empty.copyTo(directory.path());
    Metrics metrics;
    auto store = *Store::open(smallConfig(directory.path(), &metrics));
    auto sink = store->makeSink(0);
    auto steadySink = store->makeSink(1);
    SteadyCalls steady(*steadySink);
    QVERIFY(store->flush(kLong));
    const auto other = Database::open({directory.path().toStdString()}, Access::ReadWrite);
    QVERIFY((*other)->begin());
    auto calls = recordSome(*store, *sink);
    // The lock is waited for, 5 s, before anybody is told.
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Broken, 20'000);
    QVERIFY(store->health().isRecording && store->journalBacklog() > 0 && sink->hasRoom());
    QVERIFY((*store->openReader())->sessions({}, 10)); // readers do not care
    (*other)->rollback();
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Ok, 20'000);
    std::ranges::move(steady.end(), std::back_inserter(calls));
    QVERIFY(store->flush(kLong));
    QCOMPARE(metrics.value(Metric::StoreBreakerOpens), metrics.value(Metric::StoreBreakerCloses));
    qInfo("%zu calls recorded around the lock", calls.size());
    sink.reset();
    steadySink.reset();
    store.reset();
    QVERIFY(Store::open(smallConfig(directory.path())));
    verifyAll(directory.path(), calls);
}

void TestWriterThread::aDiskThatDoesNotAnswerIsTold()
{
    const QTemporaryDir directory;
    m_empty.copyTo(directory.path());
    Metrics metrics;
    StoreConfig config = smallConfig(directory.path(), &metrics);
    config.answerLimit = 200ms;
    config.segmentBytes = 1 << 20; // enough for all of it: who records needs no file that is not there yet
    auto store = *Store::open(config);
    auto sink = store->makeSink(0);
    auto calls = recordSome(*store, *sink);
    QVERIFY(store->flush(kLong));
    const auto errors = metrics.value(Metric::StoreErrors);
    std::promise<void> answer;
    const auto answered = answer.get_future().share();
    full_disk::refuse(directory.path().toStdString(), 1, 1, [answered] { answered.wait_for(kLong); });
    std::ranges::move(recordSome(*store, *sink), std::back_inserter(calls)); // and does not wait for that disk
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Broken, 20'000);
    QVERIFY2(store->stateText().find("has not answered for ") != std::string::npos, store->stateText().c_str());
    QVERIFY(store->health().isRecording);
    QCOMPARE(metrics.value(Metric::StoreErrors), errors + 1);
    answer.set_value();
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Ok, 20'000);
    QVERIFY(store->flush(kLong));
    full_disk::free();
    sink.reset();
    store.reset();
    QVERIFY(Store::open(smallConfig(directory.path())));
    verifyAll(directory.path(), calls);
}

void TestWriterThread::aJournalThatIsNotAnsweredIsTold()
{
    const QTemporaryDir directory;
    m_empty.copyTo(directory.path());
    StoreConfig config = smallConfig(directory.path());
    config.answerLimit = 200ms;
    auto store = *Store::open(config);
    std::promise<void> answer;
    const auto answered = answer.get_future().share();
    // Two: the writer, which makes files ahead, may be the first, and the one who records is not let by.
    full_disk::refuse(directory.path().toStdString(), 1, 2, [answered] { answered.wait_for(kLong); });
    auto sink = store->makeSink(0);
    auto recording = std::async(std::launch::async, [&] { return recordSome(*store, *sink); }); // needs a file first
    QTRY_VERIFY_WITH_TIMEOUT(!store->health().isRecording, 20'000);
    QCOMPARE(store->state(), StoreState::Broken);
    QVERIFY2(store->stateText().find("Agents wait") != std::string::npos, store->stateText().c_str());
    QVERIFY2(store->stateText().find("disk has not answered for ") != std::string::npos, store->stateText().c_str());
    answer.set_value();
    const auto calls = recording.get();
    QTRY_VERIFY_WITH_TIMEOUT(store->health().isRecording && store->state() == StoreState::Ok, 20'000);
    QVERIFY(store->flush(kLong));
    full_disk::free();
    sink.reset();
    store.reset();
    QVERIFY(Store::open(smallConfig(directory.path())));
    verifyAll(directory.path(), calls);
}

void TestWriterThread::whatIsNotFlushedAtTheEndIsSaid()
{
    const QTemporaryDir directory;
    m_empty.copyTo(directory.path());
    WriterThread writer(smallConfig(directory.path()), std::make_shared<JournalBudget>(1 << 20), {});
    const auto start = std::chrono::steady_clock::now();
    // The thread does not run: nothing is brought into the database.
    auto waiting = std::async(std::launch::async, [&] { return writer.flush(kLong); });
    QCOMPARE(writer.flush(100ms).error().code, ErrorCode::Timeout);
    writer.stop();
    const auto ended = waiting.get();
    QVERIFY2(std::chrono::steady_clock::now() - start < kLong / 2, "it waits for what cannot come any more");
    QVERIFY(!ended);
    QCOMPARE(ended.error().code, ErrorCode::Unavailable);
    const auto late = writer.flush(kLong);
    QVERIFY(!late);
    QCOMPARE(late.error().code, ErrorCode::Unavailable);
}

void TestWriterThread::slowCommitsGiveTheDatabaseARest()
{
    const QTemporaryDir directory;
    m_empty.copyTo(directory.path());
    Metrics metrics;
    StoreConfig config = smallConfig(directory.path(), &metrics);
    config.breaker.slowCommits = 2;
    config.breaker.slow = -1ms; // every one
    auto store = *Store::open(config);
    auto sink = store->makeSink(0);
    auto calls = recordSome(*store, *sink);
    QVERIFY(store->flush(kLong)); // may be one commit; the next makes two
    std::ranges::move(recordSome(*store, *sink), std::back_inserter(calls));
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Slow, 20'000);
    QVERIFY(store->health().isRecording);
    QVERIFY(store->flush(kLong)); // by trials, each a commit
    QCOMPARE(metrics.value(Metric::StoreBreakerOpens), std::uint64_t{1});
    QVERIFY(metrics.value(Metric::StoreBreakerTrials) >= 1);
    QCOMPARE(metrics.value(Metric::StoreBreakerCloses), std::uint64_t{0});
    QVERIFY((*store->openReader())->sessions({}, 10)); // SQLite's readers are not in the way
    sink.reset();
    store.reset();
    QVERIFY(Store::open(smallConfig(directory.path())));
    verifyAll(directory.path(), calls);
}

void TestWriterThread::removalThatWaitsForAJournalCommitsNothing()
{
    const QTemporaryDir directory;
    m_empty.copyTo(directory.path());
    const auto store = *Store::open(smallConfig(directory.path()));
    const auto sink = store->makeSink(0);
    RecordedCall done(*sink, "goes");
    done.end();
    RecordedCall slow(*sink, "slow");
    slow.request("{}");
    slow.partial("the rest of this is long in coming"); // the journal cannot be let go from here on
    QVERIFY(store->flush(kLong));
    std::atomic<int> commits = 0;
    store->onCommit([&](const CommitNotice& notice) { commits += notice.sessions.empty() ? 1 : 0; });
    std::promise<bool> removed;
    store->removeSession("goes", [&](const Result<void>& outcome) { removed.set_value(outcome.hasValue()); });
    QVERIFY(removed.get_future().get());
    QCOMPARE(store->finishRemovals(300ms).error().code, ErrorCode::Timeout);
    QVERIFY2(commits <= 1, qPrintable(QString::number(commits)));
    slow.end();
    QVERIFY(store->finishRemovals(kLong));
}

void TestWriterThread::closingWithoutADatabaseIsNoFullDisk()
{
    const QTemporaryDir directory;
    QVERIFY(QDir(directory.path()).mkdir(QStringLiteral("journal")));
    StoreConfig config = smallConfig(directory.path());
    config.ballastBytes = 4096;
    config.breaker.pause = {.first = 0ms, .most = 0ms}; // or it would not be asked as it closes
    const auto budget = std::make_shared<JournalBudget>(1 << 20);
    auto journals = JournalSet::open(config.directory / "journal", config.segmentBytes, budget, {});
    WriterThread writer(config, budget, *std::move(journals));
    writer.start();
    QTRY_COMPARE_WITH_TIMEOUT(writer.condition().state(), StoreState::Broken, 20'000); // nobody made the tables
    writer.write([](Database&) { return Result<void>(); }, [](const Result<void>&) {});
    writer.stop();
    QCOMPARE(writer.condition().state(), StoreState::Broken);
    QVERIFY(QFile::exists(directory.filePath(QStringLiteral("ballast"))));
}

LUTHIEN_TEST(tst_writer_thread, TestWriterThread)
#include "tst_writer_thread.moc"
