// SPDX-License-Identifier: Apache-2.0
#include "base/metrics.h"
#include "support/test_registry.h"

#include <set>
#include <thread>
#include <vector>

using namespace luthien;

class TestMetrics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMetricHasItsOwnName()
    {
        std::set<std::string_view> names;
        for (int i = 0; i < static_cast<int>(Metric::Count_); ++i)
            names.insert(metricName(static_cast<Metric>(i)));
        QCOMPARE(names.size(), static_cast<std::size_t>(Metric::Count_));
        QVERIFY(!names.contains(std::string_view()));
    }

    void countsFromSeveralThreads()
    {
        Metrics metrics;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&metrics] {
                for (int i = 0; i < 1000; ++i)
                    metrics.add(Metric::CallsStarted);
            });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(metrics.value(Metric::CallsStarted), std::uint64_t(4000));
        QCOMPARE(metrics.value(Metric::CallsFailed), std::uint64_t(0));
    }
};

LUTHIEN_TEST(tst_metrics, TestMetrics)
#include "tst_metrics.moc"
