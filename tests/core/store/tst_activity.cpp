// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "store/activity.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using namespace std::chrono_literals;
using luthien::test::openStore;
using luthien::test::TestDatabase;

namespace {
constexpr std::chrono::microseconds kHour = 1h;
constexpr std::int64_t kStart = 400'000 * kHour.count();

struct RecordedCall
{
    std::chrono::microseconds at{}; ///< since kStart
    CallStatus status = CallStatus::Completed;
    std::optional<std::chrono::microseconds> firstByte = 200ms; ///< since at
    std::chrono::microseconds held{};
    std::vector<Verdict> verdicts{};
    bool isOurs = false;
};

void record(EventSink& sink, const RecordedCall& call)
{
    const TimePoint at = fromMicros(kStart) + call.at;
    CallOpened opened{.call = CallId::make(at), .at = at, .api = Api::AnthropicMessages};
    opened.identity.session = "s";
    if (call.isOurs) {
        opened.cause = CallId::make(at);
        opened.causePolicy = "judge";
    }
    sink.opened(opened);
    for (const Verdict verdict : call.verdicts) {
        Decision decision{.id = CallId::make(at), .call = opened.call, .at = at, .policyId = "p"};
        decision.verdict = verdict;
        sink.decided(decision);
    }
    if (call.status == CallStatus::Open)
        return;
    CallEnded end{.call = opened.call, .at = at + 5s, .status = call.status};
    end.usage = {.input = 10, .output = 2, .cacheRead = 5};
    end.costNanoUsd = 7;
    end.heldByPolicy = call.held;
    if (call.firstByte)
        end.firstByteAt = at + *call.firstByte;
    sink.ended(end);
}

std::uint64_t total(const LatencyCounts& counts)
{
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts)
        sum += count;
    return sum;
}
} // namespace

class TestActivity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void callsDecisionsAndLatenciesAreSummedBySpan();
    void latenciesAreThoseOfTheNewestCalls();
    void aSpanIsLongerThanNothing();
};

void TestActivity::callsDecisionsAndLatenciesAreSummedBySpan()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    record(*sink, {.at = -1us});
    record(*sink, {.at = 0us, .verdicts = {Verdict::Block, Verdict::Continue, Verdict::Block}});
    record(*sink, {.at = 1min, .firstByte = 400ms, .held = 30ms});
    record(*sink, {.at = 2min, .isOurs = true});
    record(*sink, {.at = kHour - 1us, .status = CallStatus::Blocked, .firstByte = {}});
    record(*sink, {.at = 2 * kHour, .status = CallStatus::Open, .verdicts = {Verdict::Hold}});
    record(*sink, {.at = 3 * kHour});
    QVERIFY(store->flush(20s));
    const TimePoint first = fromMicros(kStart);
    const ActivityRequest request{.since = first, .until = first + 3 * kHour, .span = kHour};
    const auto activity = (*store->openReader())->activity(request);
    QVERIFY2(activity, activity ? "" : activity.error().toString().c_str());
    const std::vector<CallSum> calls = {{first, CallStatus::Completed, 2, 20, 4, 10, 14},
                                        {first, CallStatus::Blocked, 1, 10, 2, 5, 7},
                                        {first + 2 * kHour, CallStatus::Open, 1, 0, 0, 0, 0}};
    QVERIFY(activity->calls == calls);
    const std::vector<DecisionSum> decisions = {{first, PolicyMode::Enforce, Verdict::Continue, 1},
                                                {first, PolicyMode::Enforce, Verdict::Block, 2},
                                                {first + 2 * kHour, PolicyMode::Enforce, Verdict::Hold, 1}};
    QVERIFY(activity->decisions == decisions);
    QVERIFY(!activity->areLatenciesPartial);
    QCOMPARE(activity->latencies.size(), std::size_t(2));
    QVERIFY(activity->latencies[0].from == first);
    QCOMPARE(total(activity->latencies[0].firstByte), std::uint64_t(2));
    QCOMPARE(activity->latencies[0].firstByte[LatencySteps::stepOf(200ms)], std::uint64_t(1));
    QCOMPARE(activity->latencies[0].firstByte[LatencySteps::stepOf(400ms)], std::uint64_t(1));
    QCOMPARE(total(activity->latencies[0].heldByPolicy), std::uint64_t(1));
    QCOMPARE(total(activity->latencies[1].firstByte), std::uint64_t(0));
}

void TestActivity::latenciesAreThoseOfTheNewestCalls()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    for (int i = 0; i < 5; ++i)
        record(*sink, {.at = i * kHour, .firstByte = (i + 1) * 1s});
    QVERIFY(store->flush(20s));
    const TimePoint first = fromMicros(kStart);
    const auto activity =
        (*store->openReader())
            ->activity({.since = first, .until = first + 5 * kHour, .span = kHour, .latencyCalls = 2});
    QVERIFY(activity);
    QCOMPARE(activity->calls.size(), std::size_t(5));
    QVERIFY(activity->areLatenciesPartial);
    QCOMPARE(activity->latencies.size(), std::size_t(2));
    QVERIFY(activity->latencies[0].from == first + 3 * kHour);
    QCOMPARE(quantileOf(activity->latencies[1].firstByte, 0.5), LatencySteps::longestOf(LatencySteps::stepOf(5s)));
}

void TestActivity::aSpanIsLongerThanNothing()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    QCOMPARE((*store->openReader())->activity({.since = {}, .until = fromMicros(1), .span = 0us}).error().code,
             ErrorCode::InvalidArgument);
}

LUTHIEN_TEST(tst_activity, TestActivity)
#include "tst_activity.moc"
