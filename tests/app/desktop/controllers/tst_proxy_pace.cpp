// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/proxy_pace.h"
#include "support/test_registry.h"

#include <QTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace std::chrono_literals;

namespace {
std::shared_ptr<const MetricsSample> sample(std::chrono::seconds at, std::uint64_t calls, LatencyCounts added)
{
    auto made = std::make_shared<MetricsSample>();
    made->at = TimePoint(at);
    made->counts[static_cast<std::size_t>(Metric::CallsStarted)] = calls;
    made->added = std::move(added);
    return made;
}
} // namespace

class TestProxyPace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsToldOfNothing()
    {
        QCOMPARE(paceOf({}), ProxyStatus::Pace());
        const LatencyCounts none(LatencySteps::kCount);
        QCOMPARE(paceOf({sample(0s, 7, none), sample(1s, 7, none)}), ProxyStatus::Pace());
    }

    void onlyTheLastFiveMinutesCount()
    {
        LatencyCounts early(LatencySteps::kCount);
        early[40] = 1000;
        LatencyCounts late = early;
        late[2] = 3;
        late[3] = 1;
        const auto pace = paceOf({sample(0s, 0, {}), sample(100s, 1000, early), sample(400s, 1004, late)});
        QCOMPARE(pace.callsPerMinute, 0.8);
        QCOMPARE(*pace.added, 2us);
    }

    void theFirstSecondIsNoRush()
    {
        const LatencyCounts none(LatencySteps::kCount);
        QCOMPARE(paceOf({sample(0s, 0, none), sample(1s, 2, none)}).callsPerMinute, 2.0);
    }
};

LUTHIEN_TEST(tst_proxy_pace, TestProxyPace)
#include "tst_proxy_pace.moc"
