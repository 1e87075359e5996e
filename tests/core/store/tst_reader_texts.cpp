// SPDX-License-Identifier: Apache-2.0
#include "core/store/recording.h"
#include "core/store/set_clock.h"
#include "store/removed_texts.h"
#include "store/store.h"
#include "support/stored_events.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QtTest>

#include <future>

using namespace luthien;
using namespace luthien::store;
using namespace std::chrono_literals;
using luthien::test::Body;
using luthien::test::eventsOf;
using luthien::test::RecordedCall;
using luthien::test::SetClock;
using luthien::test::TestDatabase;

/// What readers keep of texts: it saves reading, and never shows what the database would not.
class TestReaderTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void aSecondLookIsAnsweredFromMemory();
    void anOpenCallIsReadAnew();
    void aDeletedCallIsNotShown();
    void textsPastTheirTimeAreNotShown();
    void whatHasToGoTakesNothingElseAlong();
    void whatWasDeletedMakesRoom();
    void whatGoesWhileItIsReadIsNotKept();
};

namespace {
constexpr auto kLimit = 60s;
const TimePoint kStart = fromMicros(1'700'000'000'000'000);

class Recorded
{
public:
    explicit Recorded(const Retention& retention = {}, std::size_t cacheBytes = StoreConfig().cacheBytes)
    {
        StoreConfig config;
        config.cacheBytes = cacheBytes;
        config.directory = m_database.path().toStdString();
        config.database = m_database.url();
        config.segmentBytes = 1 << 20;
        config.ballastBytes = 1 << 20;
        config.metrics = &m_metrics;
        config.retention = retention;
        config.clock = &m_clock;
        auto opened = Store::open(config);
        if (!opened)
            qFatal("%s", opened.error().toString().c_str());
        m_store = *std::move(opened);
        m_sink = m_store->makeSink(0);
    }

    /// A call that has a text of each kind; it is over.
    CallId call(const std::string& session, const std::string& word)
    {
        RecordedCall call(*m_sink, session, kStart);
        const Body body({"\"" + word + "\"", "\"and more\""});
        call.request(body.bytes, body.spans);
        call.wire(word + " streams");
        call.end(conversation::CallStatus::Completed, conversation::StopReason::EndTurn, word + " was sent");
        flush();
        return call.id();
    }
    void flush() { QVERIFY(m_store->flush(kLimit)); }
    bool remove(const std::string& session)
    {
        std::promise<bool> answer;
        m_store->removeSession(session, [&](const Result<void>& done) { answer.set_value(done.hasValue()); });
        return answer.get_future().get();
    }
    /// Over a connection and with a cache that the store knows nothing of, as if its word had been lost.
    std::unique_ptr<Reader> readerNobodyTells()
    {
        return *Reader::open(m_database.location(), {}, std::make_shared<TextCache>(1 << 20, &m_metrics));
    }

    Store& store() { return *m_store; }
    conversation::EventSink& sink() { return *m_sink; }
    SetClock& clock() { return m_clock; }
    std::uint64_t hits() const { return m_metrics.value(Metric::StoreCacheHits); }
    std::uint64_t misses() const { return m_metrics.value(Metric::StoreCacheMisses); }
    std::uint64_t evictedBytes() const { return m_metrics.value(Metric::StoreCacheEvictedBytes); }
    const TestDatabase& database() const { return m_database; }

private:
    const TestDatabase m_database;
    Metrics m_metrics;
    SetClock m_clock{kStart};
    std::unique_ptr<Store> m_store;
    std::unique_ptr<conversation::EventSink> m_sink;
};

/// Every text of a call, with what went wrong; one line each.
std::vector<std::string> textsOf(Reader& reader, CallId id)
{
    std::vector<std::string> texts;
    for (const auto& text : {reader.requestBody(id), reader.requestHead(id), reader.reply(id), reader.sentReply(id)})
        texts.push_back(text ? *text : text.error().toString());
    const auto events = eventsOf(reader, id);
    const auto messages = reader.messages(id, 1, 100);
    for (const EventRow& event : events ? *events : std::vector<EventRow>())
        texts.push_back(std::to_string(event.seq) + ' ' + event.bytes);
    for (const MessageRow& message : messages ? *messages : std::vector<MessageRow>())
        texts.push_back(std::to_string(message.position) + ' ' + message.json);
    if (!events || !messages)
        texts.push_back((events ? messages.error() : events.error()).toString());
    return texts;
}

constexpr std::uint64_t kTexts = 6; // that textsOf() asks for
} // namespace

void TestReaderTexts::aSecondLookIsAnsweredFromMemory()
{
    Recorded recorded;
    const CallId id = recorded.call("s", "word");
    const auto first = recorded.store().openReader();
    const auto texts = textsOf(**first, id);
    QCOMPARE(texts.size(), std::size_t{8});
    QVERIFY(texts[0].find("\"word\"") != std::string::npos);
    QCOMPARE(recorded.hits(), std::uint64_t{0});
    QCOMPARE(recorded.misses(), kTexts);
    const auto second = recorded.store().openReader();
    QCOMPARE(textsOf(**second, id), texts);
    QCOMPARE(recorded.hits(), kTexts);
    QCOMPARE(recorded.misses(), kTexts);
}

void TestReaderTexts::anOpenCallIsReadAnew()
{
    Recorded recorded;
    RecordedCall call(recorded.sink(), "s");
    const auto reader = recorded.store().openReader();
    for (std::size_t i = 1; i < 5; ++i) {
        call.wire("event");
        recorded.flush();
        QCOMPARE(eventsOf(**reader, call.id())->size(), i);
    }
    call.end();
    recorded.flush();
    QCOMPARE(recorded.hits() + recorded.misses(), std::uint64_t{0});
    QCOMPARE(eventsOf(**reader, call.id())->size(), std::size_t{5});
    QCOMPARE((*reader)->reply(call.id()).value(), std::string(R"({"id":"msg_1"})"));
    QCOMPARE(recorded.misses(), std::uint64_t{2});
}

void TestReaderTexts::aDeletedCallIsNotShown()
{
    Recorded recorded;
    const CallId id = recorded.call("s", "word");
    const auto reader = recorded.readerNobodyTells();
    textsOf(*reader, id);
    QVERIFY(recorded.remove("s"));
    for (const auto& text : textsOf(*reader, id))
        QCOMPARE(text, id.toString() + ": there is no such call");
    QCOMPARE(recorded.hits(), std::uint64_t{0});
}

void TestReaderTexts::textsPastTheirTimeAreNotShown()
{
    Recorded recorded({.bodies = std::chrono::days(2), .metadata = {}});
    const CallId id = recorded.call("s", "word");
    const auto reader = recorded.readerNobodyTells();
    textsOf(*reader, id);
    recorded.clock().set(kStart + std::chrono::days(4));
    QVERIFY(recorded.store().finishRemovals(kLimit));
    for (const auto& text : textsOf(*reader, id))
        QCOMPARE(text, textsRemoved(id).toString());
    QCOMPARE(recorded.hits(), std::uint64_t{0});
}

void TestReaderTexts::whatHasToGoTakesNothingElseAlong()
{
    Recorded recorded;
    const CallId gone = recorded.call("gone", "word");
    const CallId kept = recorded.call("kept", "other");
    const auto reader = recorded.store().openReader();
    textsOf(**reader, gone);
    textsOf(**reader, kept);
    QVERIFY(recorded.remove("gone"));
    recorded.flush();
    QCOMPARE((*reader)->reply(gone).error().code, ErrorCode::NotFound);
    textsOf(**reader, kept);
    QCOMPARE(recorded.hits(), kTexts);
}

/// Nobody finds what is deleted in memory; nor does it stay there until something else takes its place.
void TestReaderTexts::whatWasDeletedMakesRoom()
{
    Recorded recorded({}, 32 << 10);
    const auto reader = recorded.store().openReader();
    int calls = 0;
    for (; recorded.evictedBytes() == 0; ++calls)
        textsOf(**reader, recorded.call("gone", "word"));
    QVERIFY(calls > 2);
    QVERIFY(recorded.remove("gone"));
    const std::uint64_t before = recorded.evictedBytes();
    for (int call = 1; call < calls; ++call)
        textsOf(**reader, recorded.call("kept", "word"));
    QCOMPARE(recorded.evictedBytes(), before);
}

/// A reader that has asked, and gets its answer once somebody has been told that something is gone.
void TestReaderTexts::whatGoesWhileItIsReadIsNotKept()
{
    Recorded recorded;
    if (recorded.database().isSqlite())
        return; // its readers wait for nobody, so that the moment cannot be had
    const CallId id = recorded.call("s", "word");
    recorded.store().close(); // so that nobody but the reader waits below
    const auto cache = std::make_shared<TextCache>(1 << 20, nullptr);
    const auto reader = Reader::open(recorded.database().location(), {}, cache);
    QVERIFY(reader && !(*reader)->call({}) && cache->bytes() == 0); // connected
    const auto other = recorded.database().connect();
    QVERIFY(other->begin());
    QVERIFY(other->run(QStringLiteral("LOCK TABLE call IN ACCESS EXCLUSIVE MODE")));
    auto reply = std::async(std::launch::async, [&] { return (*reader)->reply(id); });
    const QString waiting = QStringLiteral("SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid "
                                           "FROM pg_database WHERE datname = current_database())");
    QTRY_VERIFY_WITH_TIMEOUT(recorded.database().ask(waiting) > 0, 10'000);
    cache->forget({"another"});
    QVERIFY(other->commit());
    QVERIFY(reply.get());
    QCOMPARE(cache->bytes(), std::size_t{0});
}

LUTHIEN_TEST(tst_reader_texts, TestReaderTexts)
#include "tst_reader_texts.moc"
