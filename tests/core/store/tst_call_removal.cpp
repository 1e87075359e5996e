// SPDX-License-Identifier: Apache-2.0
#include "recording.h"
#include "set_clock.h"
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

/// What the calls that stay lose when others go: nothing.
class TestCallRemoval : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void whatWasFirstSaidInACallThatIsGoneIsNewInTheNextOne();
    void eventsBeforeTheBeginningOfTheirCallStay();
};

namespace {
constexpr auto kLimit = 60s;
const TimePoint kStart = fromMicros(1'700'000'000'000'000); // 22:13:20 UTC

;

std::unique_ptr<Store> openStore(const TestDatabase& database, const SetClock& clock)
{
    StoreConfig config;
    config.directory = database.path().toStdString();
    config.database = database.url();
    config.ballastBytes = 0;
    config.blockInterval = 1ms;
    config.retention = {.bodies = 24h, .metadata = {}};
    config.clock = &clock;
    config.readTexts = [](const ContentSource&, std::string_view bytes) {
        return std::vector<SearchText>{{TextKind::User, std::string(bytes)}};
    };
    auto opened = Store::open(config);
    return opened ? std::move(*opened) : nullptr;
}
} // namespace

void TestCallRemoval::whatWasFirstSaidInACallThatIsGoneIsNewInTheNextOne()
{
    const TestDatabase test;
    SetClock clock(kStart);
    const auto store = openStore(test, clock);
    QVERIFY(store);
    const auto sink = store->makeSink(0);
    const auto record = [&](TimePoint at, const std::vector<std::string>& messages) {
        const Body body(messages);
        RecordedCall call(*sink, "long", at);
        call.request(body.bytes, body.spans);
        call.end();
        return call.id();
    };
    const std::string first = R"({"role":"user","content":"the beginning"})";
    const std::string second = R"({"role":"user","content":"then this"})";
    const std::string aside = R"({"role":"user","content":"an agent's own"})";
    const std::string report = R"({"role":"assistant","content":"what it found"})";
    record(kStart, {first});
    record(kStart + 1s, {aside});
    const CallId next = record(kStart + 48h, {first, second});
    const CallId agent = record(kStart + 48h + 1s, {aside, report});
    const CallId last = record(kStart + 48h + 2s, {first, second, report});
    QVERIFY(store->flush(kLimit));
    const auto reader = store->openReader();
    const auto freshFrom = [&](const CallId& call) { return (*reader)->call(call)->freshFrom; };
    QCOMPARE(freshFrom(next), 1U);

    clock.set(kStart + 49h);
    QVERIFY(store->finishRemovals(kLimit));
    QCOMPARE(freshFrom(next), 0U);
    QCOMPARE(freshFrom(agent), 0U);
    QCOMPARE(freshFrom(last), 2U);
    const CallId another = record(kStart + 49h, {first, second, report, aside});
    QVERIFY(store->flush(kLimit));
    QCOMPARE(freshFrom(another), 3U);
    QTRY_COMPARE(test.ask(QStringLiteral("SELECT count(*) FROM call WHERE (unindexed & 3) <> 0")), 0);
    QCOMPARE(test.ask(QStringLiteral("SELECT count(*) FROM mention JOIN call ON call.id = mention.call_id WHERE "
                                     "mention.content_id = (SELECT content_id FROM node WHERE depth = 0 ORDER BY id "
                                     "LIMIT 1) AND call.started_us = 1700172800000000")),
             1);
}

void TestCallRemoval::eventsBeforeTheBeginningOfTheirCallStay()
{
    const TestDatabase test;
    if (test.isSqlite())
        return; // keeps no days apart
    SetClock clock(kStart);
    const auto store = openStore(test, clock);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "kept", kStart + 3h); // the clock is put back over midnight while it goes on
    sink->request({call.id(), 0, kStart, conversation::Direction::Received, "{}", "asked before midnight", {}});
    call.end();
    QVERIFY(store->flush(kLimit));
    std::promise<bool> pinned;
    store->setPinned("kept", true, [&](const Result<void>& done) { pinned.set_value(done.hasValue()); });
    QVERIFY(pinned.get_future().get());
    clock.set(kStart + 240h);
    QVERIFY(store->finishRemovals(kLimit));
    const auto reader = store->openReader();
    QVERIFY(!eventsOf(**reader, call.id())->empty());
}

LUTHIEN_TEST(tst_call_removal, TestCallRemoval)
#include "tst_call_removal.moc"
