// SPDX-License-Identifier: Apache-2.0
#include "live/live_hub.h"
#include "support/test_registry.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace luthien;
using namespace luthien::live;
using conversation::EventKind;

namespace {
Delta textOf(CallId call, std::uint32_t seq, std::string text, std::uint32_t block = 0)
{
    return {
        .call = call, .firstSeq = seq, .seq = seq, .kind = EventKind::Text, .block = block, .text = std::move(text)};
}

CallId callNumber(int number)
{
    std::array<std::uint8_t, 16> bytes{};
    bytes[0] = 1;
    bytes[15] = static_cast<std::uint8_t>(number);
    return CallId(bytes);
}
} // namespace

class TestLiveHub : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hasNoSubscribersUntilSomebodyWatches();
    void wakesOnceUntilDrained();
    void joinsTextOfASlowReader();
    void keepsTheOrderWithinACall();
    void keepsEveryDecision();
    void turnsOverflowIntoAGap_data();
    void turnsOverflowIntoAGap();
    void readersDoNotAffectEachOther();
    void losesNothingUnderConcurrentPublishing();
    void neverWakesAReaderThatHasGone();
};

void TestLiveHub::hasNoSubscribersUntilSomebodyWatches()
{
    Metrics metrics;
    LiveHub hub(metrics);
    QVERIFY(!hub.hasSubscribers());
    auto subscription = hub.subscribe([] {});
    QVERIFY(hub.hasSubscribers());
    subscription.reset();
    QVERIFY(!hub.hasSubscribers());
    hub.publish(textOf(callNumber(1), 0, "nobody hears this"));
}

void TestLiveHub::wakesOnceUntilDrained()
{
    Metrics metrics;
    LiveHub hub(metrics);
    int wakes = 0;
    const auto subscription = hub.subscribe([&wakes] { ++wakes; });
    hub.publish(Opened{.call = callNumber(1)});
    hub.publish(Requested{.call = callNumber(1), .seq = 0});
    QCOMPARE(wakes, 1);
    QCOMPARE(subscription->drain().events.size(), 2U);
    QVERIFY(subscription->drain().events.empty());
    hub.publish(Ended{.call = callNumber(1), .seq = 1});
    QCOMPARE(wakes, 2);
}

void TestLiveHub::joinsTextOfASlowReader()
{
    Metrics metrics;
    LiveHub hub(metrics);
    const auto subscription = hub.subscribe([] {});
    for (std::uint32_t seq = 3; seq < 1003; ++seq) {
        hub.publish(textOf(callNumber(1), seq, "a"));
        hub.publish(textOf(callNumber(2), seq, "b"));
    }
    const LiveBatch batch = subscription->drain();
    QCOMPARE(batch.events.size(), 2U);
    QVERIFY(!batch.gap);
    const auto& first = std::get<Delta>(batch.events[0]);
    QCOMPARE(first.text, std::string(1000, 'a'));
    QCOMPARE(first.firstSeq, 3U);
    QCOMPARE(first.seq, 1002U);
    QCOMPARE(std::get<Delta>(batch.events[1]).text, std::string(1000, 'b'));
}

void TestLiveHub::keepsTheOrderWithinACall()
{
    Metrics metrics;
    LiveHub hub(metrics);
    const auto subscription = hub.subscribe([] {});
    hub.publish(textOf(callNumber(1), 1, "one", 0));
    hub.publish(textOf(callNumber(1), 2, "two", 1));
    hub.publish(textOf(callNumber(1), 3, "three", 0));
    hub.publish(Ended{.call = callNumber(1), .seq = 4});
    const LiveBatch batch = subscription->drain();
    QCOMPARE(batch.events.size(), 4U);
    QCOMPARE(std::get<Delta>(batch.events[2]).text, "three");
    QCOMPARE(std::get<Ended>(batch.events[3]).seq, 4U);
}

void TestLiveHub::keepsEveryDecision()
{
    Metrics metrics;
    LiveHub hub(metrics);
    const auto subscription = hub.subscribe([] {}, {.textBytes = 100});
    const Decided decided{{.call = callNumber(1), .seq = 1, .original = std::string(40, 'x')}};
    hub.publish(textOf(callNumber(1), 1, "a"));
    hub.publish(decided);
    hub.publish(decided);
    hub.publish(textOf(callNumber(1), 2, "b")); // does not join what came before the decision
    const LiveBatch batch = subscription->drain();
    QCOMPARE(batch.events.size(), 4U);
    QCOMPARE(std::get<Decided>(batch.events[2]), decided);
    QCOMPARE(std::get<Delta>(batch.events[3]).text, "b");
    for (int number = 0; number < 3; ++number) // what it holds counts
        hub.publish(decided);
    QVERIFY(subscription->drain().gap);
}

void TestLiveHub::turnsOverflowIntoAGap_data()
{
    QTest::addColumn<QueueLimits>("limits");
    QTest::newRow("too many events") << QueueLimits{.events = 8};
    QTest::newRow("too much text") << QueueLimits{.textBytes = 80};
}

void TestLiveHub::turnsOverflowIntoAGap()
{
    QFETCH(QueueLimits, limits);
    Metrics metrics;
    LiveHub hub(metrics);
    const auto subscription = hub.subscribe([] {}, limits);
    for (std::uint32_t seq = 0; seq < 9; ++seq)
        hub.publish(textOf(callNumber(1), seq, "0123456789", seq));
    hub.publish(textOf(callNumber(1), 9, "after", 9));

    const LiveBatch batch = subscription->drain();
    QVERIFY(batch.gap);
    QCOMPARE(batch.events.size(), 1U);
    QCOMPARE(std::get<Delta>(batch.events[0]).text, "after");
    QCOMPARE(metrics.value(Metric::LiveEventsDropped), 9U);
    hub.publish(textOf(callNumber(1), 10, "whole again"));
    QVERIFY(!subscription->drain().gap);
}

void TestLiveHub::readersDoNotAffectEachOther()
{
    Metrics metrics;
    LiveHub hub(metrics);
    const auto slow = hub.subscribe([] {}, {.events = 2});
    const auto fast = hub.subscribe([] {});
    for (int number = 0; number < 5; ++number)
        hub.publish(Opened{.call = callNumber(number)});
    QVERIFY(slow->drain().gap);
    const LiveBatch batch = fast->drain();
    QVERIFY(!batch.gap);
    QCOMPARE(batch.events.size(), 5U);
}

void TestLiveHub::losesNothingUnderConcurrentPublishing()
{
    constexpr int kWriters = 4;
    constexpr std::uint32_t kSteps = 5000;
    Metrics metrics;
    LiveHub hub(metrics);
    std::mutex mutex;
    std::condition_variable pending;
    bool isPending = false;
    const auto subscription = hub.subscribe([&] {
        const std::lock_guard lock(mutex);
        isPending = true;
        pending.notify_one();
    });

    std::vector<std::jthread> writers;
    for (int number = 0; number < kWriters; ++number) {
        writers.emplace_back([&hub, number] {
            for (std::uint32_t seq = 0; seq < kSteps; ++seq)
                hub.publish(textOf(callNumber(number), seq, "x"));
            hub.publish(Ended{.call = callNumber(number), .seq = kSteps});
        });
    }

    int ended = 0;
    std::size_t letters = 0;
    std::array<std::uint32_t, kWriters> next{};
    while (ended < kWriters) {
        {
            std::unique_lock lock(mutex);
            QVERIFY(pending.wait_for(lock, std::chrono::seconds(30), [&] { return isPending; }));
            isPending = false;
        }
        const LiveBatch batch = subscription->drain();
        QVERIFY(!batch.gap);
        for (const Event& event : batch.events) {
            if (const auto* step = std::get_if<Delta>(&event)) {
                auto& expected = next[step->call.bytes()[15]];
                QCOMPARE(step->firstSeq, expected);
                expected = step->seq + 1;
                letters += step->text.size();
            } else {
                ++ended;
            }
        }
    }
    QCOMPARE(letters, std::size_t{kWriters} * kSteps);
    QCOMPARE(metrics.value(Metric::LiveEventsDropped), 0U);
}

void TestLiveHub::neverWakesAReaderThatHasGone()
{
    Metrics metrics;
    LiveHub hub(metrics);
    std::atomic<bool> stop = false;
    std::jthread writer([&] {
        for (std::uint32_t seq = 0; !stop; ++seq)
            hub.publish(textOf(callNumber(1), seq, "x", seq));
    });
    for (int round = 0; round < 200; ++round) {
        auto isAlive = std::make_shared<std::atomic<bool>>(true);
        std::atomic<int> lateWakes = 0;
        {
            const auto subscription = hub.subscribe([&lateWakes, isAlive] { lateWakes += isAlive->load() ? 0 : 1; });
            [[maybe_unused]] const LiveBatch batch = subscription->drain();
        }
        *isAlive = false;
        QCOMPARE(lateWakes.load(), 0);
    }
    stop = true;
}

LUTHIEN_TEST(tst_live_hub, TestLiveHub)
#include "tst_live_hub.moc"
