// SPDX-License-Identifier: Apache-2.0
#include "base/latency_counts.h"
#include "support/test_registry.h"

#include <QtTest>

#include <cmath>
#include <random>

using namespace luthien;
using namespace std::chrono_literals;
using std::chrono::microseconds;

class TestLatencyCounts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stepsFollowOneAnotherWithoutGaps()
    {
        QCOMPARE(LatencySteps::stepOf(-5us), std::size_t(0));
        for (std::size_t step = 0; step + 1 < LatencySteps::kCount; ++step) {
            const microseconds longest = LatencySteps::longestOf(step);
            QCOMPARE(LatencySteps::stepOf(longest), step);
            QCOMPARE(LatencySteps::stepOf(longest + 1us), step + 1);
        }
        QCOMPARE(LatencySteps::stepOf(microseconds::max()), LatencySteps::kCount - 1);
    }

    void aQuantileIsAtMostAQuarterTooLong_data()
    {
        QTest::addColumn<double>("share");
        QTest::newRow("the median") << 0.5;
        QTest::newRow("nine of ten") << 0.9;
        QTest::newRow("all but one in a hundred") << 0.99;
        QTest::newRow("the longest") << 1.0;
    }
    void aQuantileIsAtMostAQuarterTooLong()
    {
        QFETCH(double, share);
        std::mt19937 random(7);
        std::lognormal_distribution<double> durations(9, 2);
        LatencyHistogram histogram;
        std::vector<std::int64_t> exact(5000);
        for (std::int64_t& each : exact) {
            each = static_cast<std::int64_t>(durations(random));
            histogram.add(microseconds(each));
        }
        std::ranges::sort(exact);
        const auto rank = static_cast<std::size_t>(std::llround(share * 5000)) - 1;
        const auto read = static_cast<double>(quantileOf(histogram.counts(), share).count());
        const auto truth = static_cast<double>(exact[rank]);
        QVERIFY2(read >= truth && read <= truth * 1.25 + 1, qPrintable(QString::number(read / truth)));
    }

    void nothingHasNoQuantile()
    {
        QCOMPARE(quantileOf({}, 0.5), 0us);
        QCOMPARE(quantileOf(LatencyHistogram().counts(), 0.99), 0us);
    }
};

LUTHIEN_TEST(tst_latency_counts, TestLatencyCounts)
#include "tst_latency_counts.moc"
