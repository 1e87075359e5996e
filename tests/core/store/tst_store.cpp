// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "recording.h"
#include "store/journal.h"
#include "store/store.h"
#include "support/stored_events.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <sys/stat.h>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::Body;
using luthien::test::eventsOf;
using luthien::test::openStore;
using luthien::test::RecordedCall;
using luthien::test::TestDatabase;
using namespace std::chrono_literals;

namespace {
constexpr auto kLong = 20s;

std::vector<std::string> journalsIn(const std::filesystem::path& directory)
{
    std::vector<std::string> names;
    const auto found = *Journal::scan(directory);
    for (const auto& [producer, segments] : found)
        std::ranges::transform(segments, std::back_inserter(names), &SegmentName::fileName);
    return names;
}

std::string message(std::string_view role, std::string_view text)
{
    return R"({"role":")" + std::string(role) + R"(","content":")" + std::string(text) + R"("})";
}

std::string randomText(std::mt19937& random, std::size_t bytes)
{
    std::string text;
    for (std::size_t i = 0; i < bytes; ++i)
        text += static_cast<char>(random() % 256);
    return text;
}

/// Bytes that what is recorded takes on disk. Versions of rows that an update has replaced stand in PostgreSQL's tables
/// until they are cleared away, which depends on how many transactions there were: they are cleared away first.
std::int64_t sizeOf(const TestDatabase& test)
{
    if (!test.isSqlite() && !test.connect()->run(QStringLiteral("VACUUM FULL")))
        return -1;
    return test.ask(test.isSqlite()
                        ? QStringLiteral("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
                        : QStringLiteral("SELECT CAST(sum(pg_total_relation_size(oid)) AS BIGINT) FROM pg_class "
                                         "WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"));
}

/// What a reader gives for a call must be what was recorded, in order and without gaps.
void compareEvents(Reader& reader, const RecordedCall& call, bool ended)
{
    const auto events = eventsOf(reader, call.id());
    QVERIFY2(events, events ? "" : events.error().toString().c_str());
    QCOMPARE(events->size(), call.bytes().size() + (ended ? 1 : 0));
    for (std::size_t i = 0; i < events->size(); ++i)
        QCOMPARE((*events)[i].seq, static_cast<std::uint32_t>(i));
    for (std::size_t i = 0; i < call.bytes().size(); ++i)
        QVERIFY((*events)[i].bytes == call.bytes()[i]);
}
} // namespace

class TestStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void aCallComesBackAsItWasRecorded();
    void aRunningCallIsReadableBeforeItEnds();
    void manyBlocksMergeWithoutChangingAnEvent();
    void requestBodiesAreRestoredByteForByte();
    void aResentConversationIsStoredOnce();
    void onlyNewMessagesAreFresh_data();
    void onlyNewMessagesAreFresh();
    void theOrderOfRecordingDoesNotMatter_data();
    void theOrderOfRecordingDoesNotMatter();
    void anOpenCallIsTruncatedAfterARestart();
    void nothingEndsBeforeItsLastEvent();
    void anOldJournalWithNothingNewIsRemovedAtOnce();
    void aPartialEventOutlivesItsEnd();
    void commitsAreAnnouncedWithGrowingNumbers();
    void theQuotaStopsReadingAndLosesNothing();
    void filesAreForTheirOwnerOnly();
    void textsOfAnyLengthAreRecorded();
};

void TestStore::aCallComesBackAsItWasRecorded()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    const Body body({message("user", "hi")});
    RecordedCall call(*sink, "session-1");
    call.request(body.bytes, body.spans);
    call.wire("event: message_start\n\n");
    call.split("event: content_", "block_delta\n\n");
    call.wire(std::string("zero \0 and \xff", 12), Direction::Sent);
    call.splitAround("event: con", ": keep-alive\n\n", "tent_block_delta\n\n");
    call.end();
    QVERIFY(store->flush(kLong));

    const auto reader = store->openReader();
    QVERIFY(reader);
    compareEvents(**reader, call, true);
    const auto events = eventsOf(**reader, call.id());
    QCOMPARE((*events)[0].kind, WireKind::Request);
    QCOMPARE((*events)[3].direction, Direction::Sent);
    QCOMPARE((*events)[6].kind, WireKind::End);
    QCOMPARE((*events)[6].bytes,
             std::string(R"({"status":"completed","http_status":200,"stop_reason":"end_turn","error":null})"));

    const auto row = (*reader)->call(call.id());
    QVERIFY(row);
    QCOMPARE(row->id, call.id());
    QCOMPARE(row->identity.session, std::string("session-1"));
    QCOMPARE(row->api, Api::AnthropicMessages);
    QCOMPARE(row->status, CallStatus::Completed);
    QCOMPARE(row->usage.input.value_or(0), 11);
    QVERIFY(!row->usage.cacheRead && !row->costUsd && !row->firstTokenAt && row->firstByteAt && row->endedAt);
    QCOMPARE(row->response.sha256, Sha256::of("reply"));
    QCOMPARE(row->messageCount, 1u);
    QCOMPARE((*reader)->requestBody(call.id()).value(), body.bytes);
    QCOMPARE((*reader)->requestHead(call.id()).value(), std::string(R"({"method":"POST"})"));
    QCOMPARE((*reader)->reply(call.id()).value(), std::string(R"({"id":"msg_1"})"));
    const auto messages = (*reader)->messages(call.id(), 0, 10);
    QCOMPARE(messages->size(), std::size_t{1});
    QCOMPARE(messages->front().json, message("user", "hi"));
    QCOMPARE(store->journalBacklog(), std::uint64_t{0});
    QCOMPARE(store->state(), StoreState::Ok);
}

void TestStore::aRunningCallIsReadableBeforeItEnds()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(3);
    RecordedCall call(*sink, "s");
    call.request("{}");
    call.wire("one");
    QVERIFY(store->flush(kLong));
    auto reader = store->openReader();
    compareEvents(**reader, call, false);
    QCOMPARE((*reader)->call(call.id())->status, CallStatus::Open);
    QCOMPARE((*reader)->session("s")->status, CallStatus::Open);
    QCOMPARE((*reader)->openCalls(10)->size(), std::size_t{1});
    QVERIFY((*reader)->reply(call.id())->empty());
    call.wire("two");
    QVERIFY(store->flush(kLong));
    compareEvents(**reader, call, false);
    call.end();
    QVERIFY(store->flush(kLong));
    compareEvents(**reader, call, true);
    QVERIFY((*reader)->openCalls(10)->empty());
}

void TestStore::manyBlocksMergeWithoutChangingAnEvent()
{
    const TestDatabase directory;
    const auto store = openStore(directory, 64 << 10); // many segments, and records larger than one
    const auto sink = store->makeSink(0);
    std::mt19937 random(7);
    RecordedCall call(*sink, "s");
    for (int i = 0; i < 300; ++i) {
        call.wire(randomText(random, random() % 9000), i % 3 == 0 ? Direction::Sent : Direction::Received);
        if (i % 50 == 0)
            QVERIFY(store->flush(kLong));
    }
    call.wire(randomText(random, 200'000));
    call.end();
    QVERIFY(store->flush(kLong));
    compareEvents(**store->openReader(), call, true);
}

void TestStore::requestBodiesAreRestoredByteForByte()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    std::mt19937 random(11);
    std::vector<std::pair<CallId, std::string>> stored;
    std::vector<std::string> messages;
    const std::vector<std::string> gaps = {",", ", ", " ,\n\t", "],\"more\":["};
    for (int i = 0; i < 120; ++i) {
        switch (random() % 5) {
        case 0:
            messages.resize(messages.size() / 2);
            break;
        case 1:
            if (!messages.empty())
                messages[random() % messages.size()] = randomText(random, random() % 3000);
            break;
        default:
            messages.push_back(randomText(random, random() % 500));
            break;
        }
        const Body body(messages, gaps[random() % gaps.size()]);
        RecordedCall call(*sink, "s");
        call.request(body.bytes, random() % 8 == 0 ? std::vector<Span>() : body.spans);
        call.request(body.bytes + "changed", body.spans, Direction::Sent);
        stored.emplace_back(call.id(), body.bytes);
        call.end();
    }
    // Spans that make no sense must not cost the body.
    RecordedCall odd(*sink, "s");
    odd.request("0123456789", {{5, 2}, {1, 2}, {8, 200}});
    stored.emplace_back(odd.id(), "0123456789");
    QVERIFY(store->flush(kLong));
    const auto reader = store->openReader();
    for (const auto& [id, bytes] : stored) {
        const auto body = (*reader)->requestBody(id);
        QVERIFY2(body, body ? "" : body.error().toString().c_str());
        QVERIFY(*body == bytes);
        QCOMPARE(eventsOf(**reader, id)->front().bytes, bytes);
    }
    QCOMPARE((*reader)->events(stored[3].first, 1, 1)->items.front().bytes, stored[3].second + "changed");
}

void TestStore::aResentConversationIsStoredOnce()
{
    const TestDatabase directory;
    auto store = openStore(directory);
    const std::int64_t emptySize = sizeOf(directory);
    QVERIFY(emptySize > 0);
    const auto sink = store->makeSink(0);
    std::mt19937 random(3);
    std::vector<std::string> messages;
    std::size_t sentBytes = 0;
    for (int turn = 0; turn < 120; ++turn) {
        messages.push_back(message("user", randomText(random, 600)));
        messages.push_back(message("assistant", randomText(random, 600)));
        const Body body(messages);
        RecordedCall call(*sink, "s");
        call.request(body.bytes, body.spans);
        call.end();
        sentBytes += body.bytes.size();
    }
    QVERIFY(store->flush(kLong));
    store->close();
    const auto growth = static_cast<std::size_t>(sizeOf(directory) - emptySize);
    // 43, and 12 to 15 times where the server has made its maps of free room; a page more in each table would still do.
    QVERIFY2(sentBytes > (directory.isSqlite() ? 15u : 10u) * growth,
             qPrintable(QStringLiteral("%1 in %2").arg(sentBytes).arg(growth)));
}

void TestStore::onlyNewMessagesAreFresh_data()
{
    QTest::addColumn<QStringList>("first");
    QTest::addColumn<QStringList>("second");
    QTest::addColumn<bool>("restart");
    QTest::addColumn<unsigned>("freshFrom");

    const QStringList before = {QStringLiteral("a"), QStringLiteral("b")};
    const QStringList after = {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")};
    QTest::newRow("the next turn adds its messages") << before << after << false << 2u;
    QTest::newRow("the next turn after a restart adds its messages") << before << after << true << 2u;
    QTest::newRow("the same request again adds nothing") << before << before << false << 2u;
    QTest::newRow("an edited start makes everything new")
        << before << QStringList{QStringLiteral("x"), QStringLiteral("b")} << false << 0u;
    QTest::newRow("going back one message adds nothing") << after << before << false << 2u;
    QTest::newRow("a cache mark that moves on changes nothing")
        << QStringList{QStringLiteral(
               R"({"role":"user","content":[{"type":"text","text":"q\"]","cache_control":{"type":"ephemeral"}}]})")}
        << QStringList{QStringLiteral(R"({"role":"user","content":"q\"]"})"), QStringLiteral("b")} << false << 1u;
    QTest::newRow("a cache mark in a list of blocks changes nothing")
        << QStringList{QStringLiteral(R"({"c":[{"t":1},{"t":"x", "cache_control": {"type":"ephemeral","ttl":"1h"}}]})")}
        << QStringList{QStringLiteral(R"({"c":[{"t":1},{"t":"x"}]})")} << true << 1u;
    QTest::newRow("text that only speaks of cache marks counts")
        << QStringList{QStringLiteral(R"({"c":"\"cache_control\": 1"})")}
        << QStringList{QStringLiteral(R"({"c":"\"cache_control\": 2"})")} << false << 0u;
}

void TestStore::onlyNewMessagesAreFresh()
{
    QFETCH(QStringList, first);
    QFETCH(QStringList, second);
    QFETCH(bool, restart);
    QFETCH(unsigned, freshFrom);
    const TestDatabase directory;
    auto store = openStore(directory);
    auto sink = store->makeSink(0);
    const auto record = [&](const QStringList& list) {
        std::vector<std::string> messages;
        for (const QString& text : list)
            messages.push_back(text.toStdString());
        const Body body(messages);
        RecordedCall call(*sink, "s");
        call.request(body.bytes, body.spans);
        call.end();
        return call.id();
    };
    const CallId one = record(first);
    if (restart) {
        sink.reset();
        store.reset();
        store = openStore(directory);
        sink = store->makeSink(0);
    }
    const CallId two = record(second);
    QVERIFY(store->flush(kLong));
    auto reader = store->openReader();
    QCOMPARE((*reader)->call(one)->freshFrom, 0u);
    QCOMPARE((*reader)->call(two)->freshFrom, freshFrom);
    const auto fresh = (*reader)->messages(two, freshFrom, 100);
    QCOMPARE(fresh->size(), static_cast<std::size_t>(second.size()) - freshFrom);
    if (!fresh->empty())
        QCOMPARE(fresh->back().json, second.back().toStdString());
}

void TestStore::theOrderOfRecordingDoesNotMatter_data()
{
    QTest::addColumn<QList<int>>("order");
    QTest::addColumn<bool>("flushEach");
    QTest::addColumn<bool>("restart");
    // Calls of one session that different workers handle reach the database worker by worker.
    const QList<int> asTheyBegan = {0, 1, 2, 3};
    const QList<int> swapped = {1, 0, 3, 2};
    const QList<int> backwards = {3, 2, 1, 0};
    QTest::newRow("in the order they began, one commit") << asTheyBegan << false << false;
    QTest::newRow("each pair swapped, one commit") << swapped << false << false;
    QTest::newRow("each pair swapped, a commit each") << swapped << true << false;
    QTest::newRow("backwards, one commit") << backwards << false << false;
    QTest::newRow("backwards, a commit each") << backwards << true << false;
    QTest::newRow("backwards, a run of the program each") << backwards << true << true;
    QTest::newRow("the first one last, a run of the program each") << QList<int>{1, 2, 3, 0} << true << true;
}

void TestStore::theOrderOfRecordingDoesNotMatter()
{
    QFETCH(QList<int>, order);
    QFETCH(bool, flushEach);
    QFETCH(bool, restart);
    const std::vector<std::vector<std::string>> conversations = {
        {"a"}, {"a", "b", "c"}, {"other agent"}, {"a", "b", "c", "d", "e"}};
    const std::vector<std::uint32_t> freshFrom = {0, 1, 0, 3};
    const TestDatabase directory;
    std::unique_ptr<Store> store;
    std::set<CallId> touched;
    std::map<CallId, std::uint32_t> shown;
    std::vector<CallId> ids(conversations.size());
    int worker = 0;
    for (const int i : order) {
        if (!store || restart) {
            store = nullptr;
            store = openStore(directory);
            store->onCommit([&](const CommitNotice& notice) {
                for (const TouchedCall& call : notice.calls)
                    touched.insert(call.id);
            });
        }
        const auto sink = store->makeSink(worker++);
        const Body body(conversations[static_cast<std::size_t>(i)]);
        RecordedCall call(*sink, "s", fromMicros(1'700'000'000'000'000 + i), "preview " + std::to_string(i));
        call.request(body.bytes, body.spans);
        call.end();
        ids[static_cast<std::size_t>(i)] = call.id();
        if (!flushEach && i != order.back())
            continue;
        touched.clear();
        QVERIFY(store->flush(kLong));
        const auto calls = (*store->openReader())->callsOfSession("s", Order::Ascending, {}, 10);
        for (const CallRow& row : calls->items) {
            const auto [before, isNew] = shown.try_emplace(row.id, row.freshFrom);
            QVERIFY2(std::exchange(before->second, row.freshFrom) == row.freshFrom || touched.contains(row.id),
                     "a change is not announced");
        }
    }
    const auto reader = store->openReader();
    const auto calls = (*reader)->callsOfSession("s", Order::Ascending, {}, 10);
    QCOMPARE(calls->items.size(), ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        QCOMPARE(calls->items[i].id, ids[i]);
        QCOMPARE(calls->items[i].freshFrom, freshFrom[i]);
    }
    QCOMPARE((*reader)->session("s")->preview, std::string("preview 0"));
}

void TestStore::anOpenCallIsTruncatedAfterARestart()
{
    const TestDatabase directory;
    auto store = openStore(directory);
    auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    call.request("{}");
    call.wire("one");
    sink.reset();
    store.reset();
    store = openStore(directory);
    auto reader = store->openReader();
    compareEvents(**reader, call, true);
    const auto row = (*reader)->call(call.id());
    QCOMPARE(row->status, CallStatus::Truncated);
    QVERIFY(!row->error.empty());
    QCOMPARE((*reader)->session("s")->status, CallStatus::Truncated);
    QVERIFY(journalsIn(directory.path().toStdString() + "/journal").empty());
}

/// Nor does its call: with what was written before the end came, what waited in memory, and half an event.
void TestStore::nothingEndsBeforeItsLastEvent()
{
    const TestDatabase directory;
    auto store = openStore(directory);
    auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    call.request("{}");
    call.wire("one");
    QVERIFY(store->flush(kLong));
    for (int i = 0; i < 5; ++i)
        call.wire("more");
    call.partial("data: {\"ha");
    sink.reset();
    store.reset();
    store = openStore(directory);
    const auto reader = store->openReader();
    const auto events = eventsOf(**reader, call.id());
    QVERIFY(events && events->size() == call.bytes().size() + 2);
    const EventRow& half = events->at(call.bytes().size());
    QCOMPARE(half.bytes, std::string("data: {\"ha"));
    QVERIFY(half.at > events->at(call.bytes().size() - 1).at);
    QCOMPARE(events->back().at, half.at);
    QCOMPARE((*reader)->call(call.id())->endedAt, std::optional(half.at));
}

void TestStore::anOldJournalWithNothingNewIsRemovedAtOnce()
{
    const TestDatabase directory;
    QTemporaryDir copies;
    const auto journal = std::filesystem::path(directory.path().toStdString()) / "journal";
    const auto kept = std::filesystem::path(copies.path().toStdString()) / "journal";
    auto store = openStore(directory);
    auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    call.wire("one");
    call.end();
    QVERIFY(store->flush(kLong));
    std::filesystem::copy(journal, kept); // what a killed process leaves after its last commit
    const auto names = journalsIn(kept);
    sink.reset();
    store.reset();
    QVERIFY(journalsIn(journal).empty() && !names.empty());
    std::filesystem::copy(kept, journal, std::filesystem::copy_options::overwrite_existing); // its database's name, too
    store = openStore(directory);
    for (const std::string& name : names)
        QVERIFY2(!std::filesystem::exists(journal / name), name.c_str());
    compareEvents(**store->openReader(), call, true);
    store.reset();
    QVERIFY(journalsIn(journal).empty());
}

void TestStore::aPartialEventOutlivesItsEnd()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    call.wire("whole");
    call.partial("data: {\"ha");
    QVERIFY(store->flush(kLong));
    call.partial("lf");
    call.end(CallStatus::Truncated);
    QVERIFY(store->flush(kLong));
    const auto events = eventsOf(**store->openReader(), call.id());
    QCOMPARE(events->size(), std::size_t{3});
    QCOMPARE((*events)[1].bytes, std::string("data: {\"half"));
    QCOMPARE((*events)[2].seq, 2u);
    QCOMPARE((*events)[2].kind, WireKind::End);
}

void TestStore::commitsAreAnnouncedWithGrowingNumbers()
{
    const TestDatabase directory;
    std::mutex mutex;
    std::vector<CommitNotice> notices;
    CallId id;
    for (int run = 0; run < 2; ++run) {
        const auto store = openStore(directory);
        store->onCommit([&](const CommitNotice& notice) {
            const std::lock_guard lock(mutex);
            notices.push_back(notice);
        });
        const auto sink = store->makeSink(0);
        RecordedCall call(*sink, "s");
        call.wire("one");
        QVERIFY(store->flush(kLong));
        call.end();
        QVERIFY(store->flush(kLong));
        id = call.id();
        QCOMPARE((*store->openReader())->lastCommit().value(), notices.back().number);
    }
    QVERIFY(notices.size() >= 4);
    for (std::size_t i = 1; i < notices.size(); ++i)
        QVERIFY(notices[i].number > notices[i - 1].number);
    const TouchedCall& last = notices.back().calls.front();
    QCOMPARE(last.id, id);
    QCOMPARE(last.session, std::string("s"));
    QCOMPARE(last.lastSeq, 1u);
    QCOMPARE(last.status, CallStatus::Completed);
}

void TestStore::theQuotaStopsReadingAndLosesNothing()
{
    const TestDatabase directory;
    const auto store = openStore(directory, 64 << 10, 512 << 10);
    // A lock of somebody else keeps the writer from draining.
    const auto other = directory.connect();
    QVERIFY(other->begin());
    QVERIFY(directory.isSqlite() || other->run(QStringLiteral("LOCK TABLE store_state")));
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    int appended = 0;
    while (sink->hasRoom() && appended < 10'000) {
        call.wire(std::string(1000, 'x'));
        ++appended;
    }
    QVERIFY(appended > 300 && appended < 1000);
    call.wire(std::string(100'000, 'y')); // what was read already still finds room
    other->rollback();
    QTRY_VERIFY_WITH_TIMEOUT(sink->hasRoom(), 20'000);
    call.end();
    QVERIFY(store->flush(kLong));
    compareEvents(**store->openReader(), call, true);
}

void TestStore::filesAreForTheirOwnerOnly()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    QVERIFY(store->flush(kLong));
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path().toStdString())) {
        struct stat status = {};
        QCOMPARE(stat(entry.path().c_str(), &status), 0);
        QVERIFY2((status.st_mode & 077) == 0, entry.path().c_str());
        ++files;
    }
    QVERIFY(files >= (directory.isSqlite() ? 5 : 2));
}

void TestStore::textsOfAnyLengthAreRecorded()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    std::mt19937 random(3);
    const std::string text = QByteArray::fromStdString(randomText(random, 40'000)).toHex().toStdString();
    RecordedCall call(*sink, "s", fromMicros(1'700'000'000'000'000), text, text);
    call.wire("one");
    call.end();
    QVERIFY(store->flush(kLong));
    QCOMPARE(store->state(), StoreState::Ok);
    const auto row = (*store->openReader())->call(call.id());
    QVERIFY2(row, row ? "" : row.error().toString().c_str());
    QCOMPARE(row->status, CallStatus::Completed);
    QCOMPARE(row->model, text);
}

LUTHIEN_TEST(tst_store, TestStore)
#include "tst_store.moc"
