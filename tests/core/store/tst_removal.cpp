// SPDX-License-Identifier: Apache-2.0
#include "core/store/searchable.h"
#include "core/store/set_clock.h"
#include "store/evidence_check.h"
#include "store/removal.h"
#include "store/removed_texts.h"
#include "store/store.h"
#include "support/stored_events.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QDirIterator>
#include <QFile>
#include <QtTest>

#include <algorithm>
#include <future>
#include <map>
#include <random>
#include <set>

using namespace luthien;
using namespace luthien::store;
using namespace std::chrono_literals;
using luthien::test::Body;
using luthien::test::eventsOf;
using luthien::test::found;
using luthien::test::isIndexed;
using luthien::test::RecordedCall;
using luthien::test::SetClock;
using luthien::test::TestDatabase;

/// Deleting sessions, and what retention does: nothing is left of what goes, and all of what stays.
class TestRemoval : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void aDeletedSessionIsNowhere();
    void whatASessionSharesStaysForOthers();
    void aSessionWithAnOpenCallStays();
    void aDeletedIdBeginsAnew();
    void anInterruptedRemovalIsFinishedByTheNextProcess();
    void removedCallsDoNotComeBackFromTheJournal();
    void anUndoneStepIsMadeAgain();
    void textsGoBeforeTheRest();
    void pinnedSessionsAreKept();
    void oldCallsLeaveTheSessionsSummary();
    void wholeDaysAreDropped();
    void spaceIsGivenBack();
    void whatRemainsIsWhole_data();
    void whatRemainsIsWhole();
};

namespace {
constexpr auto kLimit = 60s;
const TimePoint kStart = fromMicros(1'700'000'000'000'000);

std::unique_ptr<Store> openStore(const TestDatabase& database, const Retention& retention = {},
                                 const Clock* clock = nullptr, Metrics* metrics = nullptr)
{
    StoreConfig config;
    config.directory = database.path().toStdString();
    config.database = database.url();
    config.segmentBytes = 1 << 20;
    config.ballastBytes = 1 << 20;
    config.blockInterval = 1ms;
    config.retention = retention;
    config.clock = clock;
    config.metrics = metrics;
    config.readTexts = [](const ContentSource&, std::string_view bytes) {
        return std::vector<SearchText>{{TextKind::User, std::string(bytes)}};
    };
    auto opened = Store::open(config);
    if (!opened)
        qCritical("%s", opened.error().toString().c_str());
    return opened ? std::move(*opened) : nullptr;
}

Result<void> removeSession(Store& store, const std::string& id)
{
    std::promise<Result<void>> answer;
    store.removeSession(id, [&](const Result<void>& done) { answer.set_value(done); });
    return answer.get_future().get();
}

bool pin(Store& store, const std::string& id, bool isPinned)
{
    std::promise<Result<void>> answer;
    store.setPinned(id, isPinned, [&](const Result<void>& done) { answer.set_value(done); });
    return answer.get_future().get().hasValue();
}

/// What is found of a word: the files of the data directory and the columns of PostgreSQL's tables that hold it.
QStringList placesOf(const TestDatabase& test, const QByteArray& word)
{
    QStringList places;
    QDirIterator files(test.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(word))
            places.append(file.fileName());
    }
    if (test.isSqlite())
        return places;
    const QStringList columns = test.texts(
        {QStringLiteral("SELECT table_name || '.' || column_name || ':' || data_type FROM information_schema.columns "
                        "JOIN pg_class ON relname = table_name AND relkind IN ('r', 'p') WHERE table_schema = "
                        "'public' AND data_type IN ('text', 'bytea')")});
    QStringList searches; // over one connection: a hundred would cost seconds
    for (const QString& column : columns) {
        const QString table = column.section(u'.', 0, 0);
        const QString name = column.section(u'.', 1).section(u':', 0, 0);
        const QString found =
            column.endsWith(QLatin1String("bytea"))
                ? QStringLiteral("position('\\x%1'::BYTEA IN %2) > 0").arg(QLatin1String(word.toHex()), name)
                : QStringLiteral("position('%1' IN %2) > 0").arg(QLatin1String(word), name);
        searches.append(
            QStringLiteral("SELECT '%1.%2' WHERE EXISTS (SELECT FROM %1 WHERE %3)").arg(table, name, found));
    }
    places += test.texts(searches);
    return places;
}

/// A call that says the word wherever a call can say something.
void recordEverywhere(conversation::EventSink& sink, const std::string& session, const std::string& word,
                      TimePoint start = kStart)
{
    RecordedCall call(sink, session, start, word + "-preview", word + "-model", word + "-client");
    const Body body({R"({"role":"user","content":")" + word + R"(-first"})",
                     R"({"role":"assistant","content":")" + word + R"(-second"})"});
    call.request(body.bytes, body.spans);
    call.request(body.bytes + word + "-sent", {}, conversation::Direction::Sent);
    for (int i = 0; i < 40; ++i)
        call.wire("event: " + word + "-wire " + std::to_string(i * 7919));
    call.decide(R"({"command":")" + word + R"(-original"})");
    call.end(conversation::CallStatus::Completed, conversation::StopReason::EndTurn, word + "-reply");
}

std::int64_t rowsOf(const TestDatabase& test, const char* table)
{
    return test.ask(QStringLiteral("SELECT count(*) FROM ") + QLatin1String(table));
}

/// Rows of the index of words that hold the word.
std::int64_t wordsLike(const TestDatabase& test, const char* word)
{
    const QString sql =
        test.isSqlite()
            ? QStringLiteral("SELECT count(*) FROM search_words_data WHERE instr(block, CAST('%1' AS BLOB))")
            : QStringLiteral("SELECT count(*) FROM search_words WHERE position('%1' IN words::TEXT) > 0");
    return test.ask(sql.arg(QLatin1String(word)));
}

QString evidenceOf(const TestDatabase& test)
{
    const auto database = test.connect(Access::ReadOnly);
    const auto report = checkEvidence(*database);
    if (!report)
        return QString::fromStdString(report.error().toString());
    if (report->firstBreak)
        qCritical("%s", report->firstBreak->what.c_str());
    return report->firstBreak ? QString::fromStdString(report->firstBreak->what) : QString();
}
} // namespace

void TestRemoval::aDeletedSessionIsNowhere()
{
    const TestDatabase test;
    const auto store = openStore(test);
    QVERIFY(store);
    auto sink = store->makeSink(0);
    for (int i = 0; i < 30; ++i) {
        recordEverywhere(*sink, "goes", "canary", kStart + std::chrono::seconds(i));
        recordEverywhere(*sink, "stays", "robin", kStart + std::chrono::seconds(i));
    }
    QVERIFY(isIndexed(*store));
    QVERIFY(placesOf(test, "canary").size() >= 2);
    const auto reader = store->openReader();
    QVERIFY(!found(**reader, "canary").isEmpty());
    QVERIFY(removeSession(*store, "goes"));
    QVERIFY(reader);
    QCOMPARE((*reader)->session("goes").error().code, ErrorCode::NotFound);
    QCOMPARE((*reader)->sessionCount().value(), 1);
    QVERIFY(store->finishRemovals(kLimit));
    QCOMPARE(placesOf(test, "canary"), QStringList());
    QCOMPARE(placesOf(test, "goes"), QStringList());
    QCOMPARE(wordsLike(test, "canary"), 0);
    QCOMPARE(found(**reader, "canary"), QStringList());
    QVERIFY(!found(**reader, "robin").isEmpty());
    QVERIFY(!placesOf(test, "robin").isEmpty());
    QCOMPARE(rowsOf(test, "call"), 30);
    QCOMPARE(rowsOf(test, "remnant"), 0);
    QCOMPARE(evidenceOf(test), QString());
}

void TestRemoval::whatASessionSharesStaysForOthers()
{
    const TestDatabase test;
    const auto store = openStore(test);
    auto sink = store->makeSink(0);
    const Body body({R"({"role":"user","content":"both ask this"})"});
    RecordedCall first(*sink, "first");
    first.request(body.bytes, body.spans);
    first.end();
    RecordedCall second(*sink, "second");
    second.request(body.bytes, body.spans);
    second.end();
    QVERIFY(store->flush(kLimit));
    QVERIFY(removeSession(*store, "first"));
    QVERIFY(store->finishRemovals(kLimit));
    // What the writer remembered of rows that are gone must not be used again.
    const Body longer({R"({"role":"user","content":"both ask this"})", R"({"role":"user","content":"and more"})"});
    RecordedCall third(*sink, "third");
    third.request(longer.bytes, longer.spans);
    third.end();
    QVERIFY(store->flush(kLimit));
    const auto reader = store->openReader();
    QCOMPARE((*reader)->requestBody(second.id()).value(), body.bytes);
    QCOMPARE((*reader)->requestBody(third.id()).value(), longer.bytes);
    for (const char* id : {"second", "third"})
        QVERIFY(removeSession(*store, id));
    QVERIFY(store->finishRemovals(kLimit));
    for (const char* table : {"session", "session_model", "call", "request", "block", "node", "content", "decision"})
        QCOMPARE(rowsOf(test, table), 0);
}

void TestRemoval::aSessionWithAnOpenCallStays()
{
    const TestDatabase test;
    const auto store = openStore(test);
    auto sink = store->makeSink(0);
    RecordedCall call(*sink, "busy");
    call.request("{}");
    QVERIFY(store->flush(kLimit));
    QCOMPARE(removeSession(*store, "busy").error().code, ErrorCode::Conflict);
    QCOMPARE(removeSession(*store, "nobody").error().code, ErrorCode::NotFound);
    call.end();
    QVERIFY(store->flush(kLimit));
    QVERIFY(removeSession(*store, "busy"));
    QCOMPARE(removeSession(*store, "busy").error().code, ErrorCode::NotFound);
}

void TestRemoval::aDeletedIdBeginsAnew()
{
    const TestDatabase test;
    const auto store = openStore(test);
    auto sink = store->makeSink(0);
    recordEverywhere(*sink, "again", "canary");
    QVERIFY(store->flush(kLimit));
    QVERIFY(removeSession(*store, "again"));
    RecordedCall call(*sink, "again", kStart + 1s);
    call.request(R"({"fresh":true})");
    call.end();
    QVERIFY(store->flush(kLimit));
    QVERIFY(store->finishRemovals(kLimit));
    const auto reader = store->openReader();
    const auto session = (*reader)->session("again");
    QVERIFY(session);
    QCOMPARE(session->calls, 1);
    QCOMPARE((*reader)->requestBody(call.id()).value(), std::string(R"({"fresh":true})"));
    QCOMPARE((*reader)->call(call.id())->freshFrom, 0U);
    QCOMPARE(evidenceOf(test), QString());
}

void TestRemoval::anInterruptedRemovalIsFinishedByTheNextProcess()
{
    const TestDatabase test;
    {
        const auto store = openStore(test);
        auto sink = store->makeSink(0);
        for (int i = 0; i < 60; ++i)
            recordEverywhere(*sink, "goes", "canary" + std::to_string(i), kStart + std::chrono::seconds(i));
        QVERIFY(store->flush(kLimit));
        QVERIFY(removeSession(*store, "goes"));
        sink.reset();
    }
    QVERIFY(rowsOf(test, "call") > 0); // else this test shows nothing
    const auto store = openStore(test);
    const auto reader = store->openReader();
    QVERIFY((*reader)->sessions(std::nullopt, 10)->items.empty());
    QVERIFY((*reader)->decisions(std::nullopt, 10)->items.empty());
    QVERIFY(store->finishRemovals(kLimit));
    QCOMPARE(placesOf(test, "canary"), QStringList());
    QCOMPARE(rowsOf(test, "session"), 0);
    QCOMPARE(evidenceOf(test), QString());
}

void TestRemoval::removedCallsDoNotComeBackFromTheJournal()
{
    const TestDatabase test;
    auto store = openStore(test);
    auto sink = store->makeSink(0);
    RecordedCall slow(*sink, "slow");
    slow.request("{}");
    slow.partial("the rest of this is long in coming"); // the journal cannot be let go from here on
    QVERIFY(store->flush(kLimit));
    recordEverywhere(*sink, "goes", "canary");
    QVERIFY(store->flush(kLimit));
    QVERIFY(removeSession(*store, "goes"));
    QCOMPARE(store->finishRemovals(100ms).error().code, ErrorCode::Timeout);
    sink.reset();
    store.reset();
    Metrics metrics;
    store = openStore(test, {}, nullptr, &metrics); // reads the journal again from the partial event on
    QVERIFY(store->finishRemovals(kLimit));
    QCOMPARE(metrics.value(Metric::StoreErrors), std::uint64_t{0});
    QCOMPARE(placesOf(test, "canary"), QStringList());
    QCOMPARE(rowsOf(test, "call"), 1);
}

void TestRemoval::anUndoneStepIsMadeAgain()
{
    const TestDatabase test;
    {
        const auto store = openStore(test);
        auto sink = store->makeSink(0);
        recordEverywhere(*sink, "old", "canary");
        QVERIFY(isIndexed(*store));
    }
    const auto database = luthien::test::writable(test);
    EvidenceChain evidence(**database);
    SearchIndex index(**database, {});
    SetClock clock(kStart);
    clock.set(kStart + 100h);
    Removal removal(**database, evidence, index, {.bodies = 24h, .metadata = {}}, clock);
    QVERIFY(test.refuse(QStringLiteral("UPDATE OF removal"), QStringLiteral("call"), QStringLiteral("new.id > 0")));
    const auto undone = removal.step();
    QVERIFY(undone && !undone->refused); // it is not known yet what is refused
    QCOMPARE(test.ask(QStringLiteral("SELECT removal FROM call")), 0);
    QVERIFY((*database)->run(test.isSqlite() ? QStringLiteral("DROP TRIGGER refuse")
                                             : QStringLiteral("DROP TRIGGER refuse ON call")));
    auto step = removal.step();
    while (step && step->progress != Removal::Progress::Done)
        step = removal.step();
    QVERIFY2(step, step ? "" : step.error().toString().c_str());
    QCOMPARE(test.ask(QStringLiteral("SELECT removal FROM call")), 2);
    QCOMPARE(rowsOf(test, "block"), 0);
}

void TestRemoval::textsGoBeforeTheRest()
{
    const TestDatabase test;
    SetClock clock(kStart);
    const auto store = openStore(test, {.bodies = 24h, .metadata = 240h}, &clock);
    auto sink = store->makeSink(0);
    recordEverywhere(*sink, "old", "canary");
    recordEverywhere(*sink, "old", "robin", kStart + 36h);
    QVERIFY(store->flush(kLimit));
    const auto reader = store->openReader();
    const auto before = (*reader)->session("old").value();

    clock.set(kStart + 49h); // on PostgreSQL by whole days
    QVERIFY(store->finishRemovals(kLimit));
    const auto calls = (*reader)->callsOfSession("old", Order::Ascending, std::nullopt, 10)->items;
    QCOMPARE(calls.size(), 2U);
    QVERIFY(calls[0].areTextsRemoved);
    QVERIFY(!calls[1].areTextsRemoved);
    QVERIFY(isTextsRemoved(eventsOf(**reader, calls[0].id).error()));
    QVERIFY(isTextsRemoved((*reader)->requestBody(calls[0].id).error()));
    QVERIFY(isTextsRemoved((*reader)->messages(calls[0].id, 0, 10).error()));
    QVERIFY(isTextsRemoved((*reader)->reply(calls[0].id).error()));
    const auto decisions = (*reader)->decisionsOfCall(calls[0].id, std::nullopt, 10)->items;
    QCOMPARE(decisions.size(), 1U);
    QCOMPARE(decisions[0].decision.original, std::string());
    QCOMPARE(decisions[0].decision.reason, std::string("DROP TABLE removes a table"));
    for (const char* word : {"canary-first", "canary-wire", "canary-original", "canary-reply", "canary-sent"})
        QCOMPARE(placesOf(test, word), QStringList());
    QVERIFY(!eventsOf(**reader, calls[1].id)->empty());
    auto after = (*reader)->session("old").value();
    QVERIFY(after.bytes < before.bytes);
    after.bytes = before.bytes;
    QVERIFY(after == before);
    QCOMPARE(evidenceOf(test), QString());

    clock.set(kStart + 400h);
    QVERIFY(store->finishRemovals(kLimit));
    QCOMPARE((*reader)->session("old").error().code, ErrorCode::NotFound);
    QCOMPARE(rowsOf(test, "decision") + rowsOf(test, "call") + rowsOf(test, "content") + rowsOf(test, "session"), 0);
    QCOMPARE((*reader)->sessionCount().value(), 0);
    QCOMPARE(evidenceOf(test), QString());
}

void TestRemoval::pinnedSessionsAreKept()
{
    const TestDatabase test;
    SetClock clock(kStart);
    const auto store = openStore(test, {.bodies = 24h, .metadata = 48h}, &clock);
    auto sink = store->makeSink(0);
    recordEverywhere(*sink, "kept", "robin");
    recordEverywhere(*sink, "goes", "canary");
    QVERIFY(store->flush(kLimit));
    QVERIFY(pin(*store, "kept", true));
    QVERIFY(!pin(*store, "nobody", true));
    clock.set(kStart + 1000h);
    QVERIFY(store->finishRemovals(kLimit));
    const auto reader = store->openReader();
    const auto sessions = (*reader)->sessions(std::nullopt, 10)->items;
    QCOMPARE(sessions.size(), 1U);
    QVERIFY(sessions[0].isPinned);
    QCOMPARE(placesOf(test, "canary"), QStringList());
    const auto calls = (*reader)->callsOfSession("kept", Order::Ascending, std::nullopt, 10)->items;
    QVERIFY(!eventsOf(**reader, calls.at(0).id)->empty());
    QVERIFY(pin(*store, "kept", false));
    QVERIFY(store->finishRemovals(kLimit));
    QVERIFY((*reader)->sessions(std::nullopt, 10)->items.empty());
}

void TestRemoval::oldCallsLeaveTheSessionsSummary()
{
    // What a session is after a part of it went is what it would be had that part never been.
    const TestDatabase test;
    const TestDatabase other;
    SetClock clock(kStart);
    const auto store = openStore(test, {.bodies = {}, .metadata = 100h}, &clock);
    const auto newer = openStore(other);
    auto sink = store->makeSink(0);
    auto newerSink = newer->makeSink(0);
    recordEverywhere(*sink, "long", "canary");
    for (auto* const each : {sink.get(), newerSink.get()}) {
        recordEverywhere(*each, "long", "robin", kStart + 50h);
        recordEverywhere(*each, "long", "wren", kStart + 51h);
    }
    QVERIFY(store->flush(kLimit));
    QVERIFY(newer->flush(kLimit));
    clock.set(kStart + 149h);
    QVERIFY(store->finishRemovals(kLimit));
    auto left = store->openReader().value()->session("long").value();
    auto expected = newer->openReader().value()->session("long").value();
    std::erase(left.models, "canary-model"); // those it ever had
    expected.cursor = left.cursor;
    QVERIFY(left == expected);
    QCOMPARE(placesOf(test, "canary-preview"), QStringList());
    QCOMPARE(evidenceOf(test), QString());
}

void TestRemoval::wholeDaysAreDropped()
{
    const TestDatabase test;
    if (test.isSqlite())
        return; // keeps no days apart
    SetClock clock(kStart);
    const auto store = openStore(test, {.bodies = 24h, .metadata = {}}, &clock);
    auto sink = store->makeSink(0);
    for (int day = 0; day < 4; ++day)
        recordEverywhere(*sink, day == 1 ? "kept" : "s", "canary", kStart + day * 24h);
    QVERIFY(store->flush(kLimit));
    QVERIFY(pin(*store, "kept", true));
    const auto days = [&] {
        return test.texts({QStringLiteral("SELECT relname FROM pg_class WHERE relname ~ '^block_202311' AND relkind = "
                                          "'r' ORDER BY relname")});
    };
    QCOMPARE(days().size(), 4);
    clock.set(kStart + 72h);
    QVERIFY(store->finishRemovals(kLimit));
    QCOMPARE(days(), QStringList({QStringLiteral("block_20231115"), QStringLiteral("block_20231116"),
                                  QStringLiteral("block_20231117")}));
    QCOMPARE(evidenceOf(test), QString());
    clock.set(kStart + 96h);
    QVERIFY(store->finishRemovals(kLimit));
    QCOMPARE(days(), QStringList({QStringLiteral("block_20231115"), QStringLiteral("block_20231117")}));
}

void TestRemoval::spaceIsGivenBack()
{
    const TestDatabase test;
    if (!test.isSqlite())
        return; // its server sees to it
    const auto store = openStore(test);
    auto sink = store->makeSink(0);
    std::mt19937 random(1);
    const auto noise = [&] {
        std::string text(64 << 10, ' ');
        std::ranges::generate(text, [&] { return static_cast<char>('!' + random() % 90); });
        return text;
    };
    constexpr int kCalls = 25;
    for (int i = 0; i < kCalls; ++i) {
        RecordedCall call(*sink, "large", kStart + std::chrono::seconds(i));
        call.request(noise());
        call.wire(noise());
        call.end();
    }
    QVERIFY(store->flush(kLimit));
    const auto size = [&] {
        return QFileInfo(test.filePath(QLatin1String(Database::kFileName))).size() +
               QFileInfo(test.filePath(QStringLiteral("luthien.db-wal"))).size();
    };
    const auto session = store->openReader().value()->session("large");
    QVERIFY(session->bytes > kCalls * 2 * (48 << 10));
    QVERIFY(size() > session->bytes);
    QVERIFY(removeSession(*store, "large"));
    QVERIFY(store->finishRemovals(kLimit));
    QVERIFY2(size() < 1 << 20, qPrintable(QString::number(size())));
}

void TestRemoval::whatRemainsIsWhole_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 2; ++seed)
        QTest::addRow("random history %u", seed) << seed;
}

void TestRemoval::whatRemainsIsWhole()
{
    QFETCH(unsigned, seed);
    const TestDatabase test;
    SetClock clock(kStart);
    auto store = openStore(test, {.bodies = 60h, .metadata = 200h}, &clock);
    auto sink = store->makeSink(0);
    std::mt19937 random(seed);
    struct Past
    {
        CallId id;
        std::vector<std::string> bytes;
        TimePoint at;
        std::string session;
    };
    std::vector<Past> past;
    std::map<std::string, std::vector<std::string>> talks; // messages so far, by session
    TimePoint now = kStart;
    for (int turn = 0; turn < 100; ++turn) {
        now += std::chrono::hours(random() % 6);
        const std::string session = "s" + std::to_string(random() % 6);
        std::vector<std::string>& talk = talks[session];
        if (talk.empty() || random() % 4 != 0)
            talk.push_back(R"({"role":"user","content":"what is )" + std::to_string(random() % 12) + R"("})");
        if (random() % 9 == 0)
            talk.erase(talk.begin()); // a compaction
        const Body body(talk, random() % 2 == 0 ? "," : ", ");
        RecordedCall call(*sink, session, now);
        call.request(body.bytes, body.spans);
        call.wire("answer " + std::to_string(random() % 3));
        if (random() % 3 == 0)
            call.decide(R"({"command":)" + std::to_string(random() % 5) + "}");
        call.end();
        past.push_back({call.id(), call.bytes(), now, session});
        if (random() % 12 == 0) {
            QVERIFY(store->flush(kLimit));
            const std::string gone = "s" + std::to_string(random() % 6);
            const auto removed = removeSession(*store, gone);
            QVERIFY(removed || removed.error().code == ErrorCode::NotFound);
            std::erase_if(past, [&](const Past& each) { return each.session == gone; });
            talks.erase(gone);
        }
        if (random() % 15 == 0) {
            clock.set(now);
            if (random() % 2 == 0)
                QVERIFY(store->finishRemovals(kLimit));
        }
        if (random() % 40 == 0) { // another process goes on
            sink.reset();
            store.reset();
            store = openStore(test, {.bodies = 60h, .metadata = 200h}, &clock);
            QVERIFY(store);
            sink = store->makeSink(0);
        }
    }
    QVERIFY(store->flush(kLimit));
    clock.set(now);
    QVERIFY(store->finishRemovals(kLimit));
    const auto reader = store->openReader();
    std::int64_t kept = 0;
    for (const Past& call : past) {
        const auto row = (*reader)->call(call.id);
        QCOMPARE(row.hasValue(), call.at >= now - 200h);
        if (!row)
            continue;
        ++kept;
        const bool hasTexts =
            test.isSqlite() ? call.at >= now - 60h : call.at >= std::chrono::floor<std::chrono::days>(now - 60h);
        QCOMPARE(!row->areTextsRemoved, hasTexts);
        const auto events = eventsOf(**reader, call.id);
        if (!hasTexts) {
            QVERIFY(isTextsRemoved(events.error()));
            continue;
        }
        QVERIFY(events);
        QCOMPARE(events->size(), call.bytes.size() + 1);
        for (std::size_t i = 0; i < call.bytes.size(); ++i)
            QCOMPARE(events->at(i).bytes, call.bytes[i]);
    }
    QCOMPARE(rowsOf(test, "call"), kept);
    QCOMPARE(evidenceOf(test), QString());
    QCOMPARE(
        test.ask(QStringLiteral(
            "SELECT count(*) FROM session WHERE calls <> (SELECT count(*) FROM call WHERE session_id = session.id) "
            "OR bytes <> coalesce((SELECT sum(length(block.data)) FROM call JOIN block ON block.call_id = call.id "
            "WHERE call.session_id = session.id), 0) + coalesce((SELECT sum(length(content.data)) FROM content "
            "WHERE content.session_id = session.id), 0)")),
        0);
    QVERIFY(test.ask(QStringLiteral("SELECT count(*) FROM session")) == (*reader)->sessionCount().value());
}

LUTHIEN_TEST(tst_removal, TestRemoval)
#include "tst_removal.moc"
