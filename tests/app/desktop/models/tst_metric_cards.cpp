// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/metric_cards.h"
#include "fake_activity.h"
#include "support/test_registry.h"

#include <QtTest>

#include <numeric>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::desktop;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using luthien::test::StillClock;
using Unit = MetricCard::Unit;

namespace {
const TimePoint kNow = fromMicros(1'790'000'000'000'000); // a multiple of ten seconds

const MetricCard& cardOf(const std::vector<MetricCard>& cards, const QString& title)
{
    for (const MetricCard& card : cards)
        if (card.title == title)
            return card;
    qFatal("there is no card %s", qPrintable(title));
}

double totalOf(const MetricSeries& series)
{
    return std::accumulate(series.values.begin(), series.values.end(), 0.0);
}
} // namespace

class TestMetricCards : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void amountsAreShort_data()
    {
        QTest::addColumn<double>("amount");
        QTest::addColumn<int>("unit");
        QTest::addColumn<QString>("text");
        QTest::newRow("a few") << 7.0 << static_cast<int>(Unit::Count) << u"7"_s;
        QTest::newRow("a part") << 0.5 << static_cast<int>(Unit::Count) << u"0.5"_s;
        QTest::newRow("many") << 128'400.0 << static_cast<int>(Unit::Count) << u"128.4k"_s;
        QTest::newRow("dollars") << 0.62 << static_cast<int>(Unit::Dollars) << u"$0.62"_s;
        QTest::newRow("parts of a cent") << 0.0012 << static_cast<int>(Unit::Dollars) << u"$0.0012"_s;
        QTest::newRow("microseconds") << 134.0 << static_cast<int>(Unit::Micros) << u"134µs"_s;
        QTest::newRow("a few milliseconds") << 4'210.0 << static_cast<int>(Unit::Micros) << u"4.2ms"_s;
        QTest::newRow("milliseconds") << 412'000.0 << static_cast<int>(Unit::Micros) << u"412ms"_s;
        QTest::newRow("no bytes") << 0.0 << static_cast<int>(Unit::Bytes) << u"0 bytes"_s;
        QTest::newRow("mebibytes") << 3'355'443.0 << static_cast<int>(Unit::Bytes) << u"3.2 MiB"_s;
    }
    void amountsAreShort()
    {
        QFETCH(double, amount);
        QFETCH(int, unit);
        QFETCH(QString, text);
        QCOMPARE(amountText(amount, static_cast<Unit>(unit)), text);
    }

    void whatIsRecordedFallsIntoItsStep()
    {
        const store::ActivityRequest request{.since = kNow - 15min, .until = kNow, .span = 10s};
        store::Activity activity;
        activity.calls = {{kNow - 15min, CallStatus::Completed, 3, 100, 20, 50, 500'000'000},
                          {kNow - 10s, CallStatus::Completed, 2, 10, 2, 0, 120'000'000},
                          {kNow - 10s, CallStatus::Blocked, 1, 0, 0, 0, 0},
                          {kNow, CallStatus::Completed, 99, 0, 0, 0, 0}}; // not in it
        activity.decisions = {{kNow - 10s, PolicyMode::Enforce, Verdict::Block, 4},
                              {kNow - 10s, PolicyMode::Shadow, Verdict::Block, 5}};
        LatencyCounts counts(LatencySteps::kCount);
        counts[LatencySteps::stepOf(400ms)] = 9;
        counts[LatencySteps::stepOf(3s)] = 1;
        activity.latencies = {{.from = kNow - 20s, .firstByte = counts, .firstToken = {}, .heldByPolicy = {}}};
        const auto cards = recordedCards(activity, request);
        const MetricCard& requests = cardOf(cards, u"Requests"_s);
        QCOMPARE(requests.value, u"6"_s);
        QCOMPARE(requests.detail, u"1 blocked"_s);
        QCOMPARE(requests.steps(), std::size_t(90));
        QCOMPARE(requests.series[0].values.front(), 3.0);
        QCOMPARE(requests.series[0].values.back(), 2.0);
        QVERIFY(stepFacts(requests, 89).endsWith(u"2 completed, 1 blocked"_s));
        QCOMPARE(cardOf(cards, u"Tokens"_s).value, u"132"_s);
        QCOMPARE(cardOf(cards, u"Cost"_s).value, u"$0.62"_s);
        const MetricCard& decisions = cardOf(cards, u"Decisions"_s);
        QCOMPARE(decisions.value, u"9"_s);
        QCOMPARE(decisions.detail, u"4 blocked, 5 in shadow"_s);
        const MetricCard& firstByte = cardOf(cards, u"First byte"_s);
        QCOMPARE(firstByte.series[0].values[88],
                 static_cast<double>(LatencySteps::longestOf(LatencySteps::stepOf(400ms)).count()));
        QCOMPARE(firstByte.series[2].values[88],
                 static_cast<double>(LatencySteps::longestOf(LatencySteps::stepOf(3s)).count()));
        QCOMPARE(cardOf(cards, u"First word"_s).value, u"–"_s);
    }

    void whatIsNotRecordedComesFromTheCounters()
    {
        Metrics metrics;
        StillClock clock(toMicros(kNow));
        MetricsHistory history(metrics, clock);
        metrics.add(Metric::CallsStarted, 1000); // before we looked: it belongs to no step
        metrics.add(Metric::CallsCompleted, 1000);
        metrics.add(Metric::BytesToClients, 1'000'000);
        metrics.observe(Latency::Added, 9s);
        history.sample();
        for (int second = 0; second < 30; ++second) {
            clock.pass(1s);
            metrics.add(Metric::BytesToClients, 10);
            metrics.add(Metric::CallsStarted, 2);
            metrics.add(Metric::CallsBlocked);
            metrics.observe(Latency::Added, 100us);
            history.setGauges({.connections = static_cast<std::uint64_t>(second), .backlogBytes = 2048});
            history.sample();
        }
        const auto cards = recentCards(history.samples(), clock.now());
        for (const MetricCard& card : cards)
            QVERIFY(card.isRecent);
        const MetricCard& traffic = cardOf(cards, u"Traffic"_s);
        QCOMPARE(totalOf(traffic.series[0]), 300.0);
        QCOMPARE(traffic.series[0].values[89], 10.0); // the second that has just begun the last step
        QCOMPARE(traffic.series[0].values[88], 100.0);
        const MetricCard& load = cardOf(cards, u"Connections"_s);
        QCOMPARE(load.value, u"29"_s);
        QCOMPARE(load.detail, u"30 calls under way"_s);
        QCOMPARE(load.series[0].values[88], 28.0);
        QCOMPARE(cardOf(cards, u"Journal"_s).value, u"2.0 KiB"_s);
        const MetricCard& added = cardOf(cards, u"Added by Luthien"_s);
        QCOMPARE(added.value,
                 amountText(static_cast<double>(LatencySteps::longestOf(LatencySteps::stepOf(100us)).count()),
                            Unit::Micros) +
                     u" p50"_s);
        QCOMPARE(added.series[2].values[88],
                 static_cast<double>(LatencySteps::longestOf(LatencySteps::stepOf(100us)).count()));
    }

    // No call is not a call of 0 ms: lines end before it and go on after it.
    void aStepWithoutCallsHasNoLatency()
    {
        const store::ActivityRequest request{.since = kNow - 15min, .until = kNow, .span = 10s};
        LatencyCounts counts(LatencySteps::kCount);
        counts[LatencySteps::stepOf(400ms)] = 1;
        store::Activity activity;
        for (const auto before : {90s, 80s, 20s})
            activity.latencies.push_back(
                {.from = kNow - before, .firstByte = counts, .firstToken = {}, .heldByPolicy = {}});
        const auto cards = recordedCards(activity, request);
        const MetricCard& card = cardOf(cards, u"First byte"_s);
        for (const MetricSeries& series : card.series)
            QCOMPARE(runsOf(series), (std::vector<MetricRun>{{81, 83}, {88, 89}}));
        QVERIFY(stepFacts(card, 84).endsWith(u"nothing"_s));
        QVERIFY(runsOf(cardOf(cards, u"First word"_s).series[0]).empty());
        QCOMPARE(runsOf({.name = {}, .values = {0, 1}}), (std::vector<MetricRun>{{0, 2}}));
    }

    void nothingIsShownAsNothing()
    {
        for (const MetricCard& card : recentCards({}, kNow)) {
            QVERIFY(!card.value.isEmpty() && !card.detail.isEmpty());
            for (const MetricSeries& series : card.series)
                QVERIFY(std::ranges::none_of(series.values, [](double value) { return value > 0; }));
        }
        // Some may be under way: what was added is known at the end.
        QCOMPARE(cardOf(recentCards({}, kNow), u"Added by Luthien"_s).detail, u"No call has ended in this time"_s);
        // Of steps that the time cuts, all are shown: 15 min from half past a minute on begin in 16 of them.
        for (const MetricCard& card : recordedCards({}, {.since = kNow - 1h, .until = kNow, .span = 10s}))
            QCOMPARE(card.steps(), std::size_t(360));
        for (const MetricCard& card : recordedCards({}, {.since = kNow - 15min, .until = kNow, .span = 1min}))
            QCOMPARE(card.steps(), std::size_t(16));
    }

    void theHistoryKeepsAQuarterOfAnHour()
    {
        Metrics metrics;
        StillClock clock;
        MetricsHistory history(metrics, clock);
        for (int second = 0; second < 2000; ++second) {
            clock.pass(1s);
            history.sample();
        }
        QCOMPARE(history.samples().size(), MetricsHistory::kKept);
        QVERIFY(history.samples().back()->at == clock.now());
    }

    void theHistoryReadsByItself()
    {
        Metrics metrics;
        const SystemClock clock;
        MetricsHistory history(metrics, clock);
        history.start();
        QTRY_VERIFY(history.samples().size() >= 2);
    }
};

LUTHIEN_TEST(tst_metric_cards, TestMetricCards)
#include "tst_metric_cards.moc"
