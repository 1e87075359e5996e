// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/metrics_history.h"

#include <chrono>

namespace luthien::desktop {

using namespace std::chrono_literals;

std::uint64_t MetricsSample::openCalls() const
{
    const std::uint64_t ended = count(Metric::CallsCompleted) + count(Metric::CallsCancelled) +
                                count(Metric::CallsTruncated) + count(Metric::CallsFailed) +
                                count(Metric::CallsBlocked);
    // The counters are read one after the other: a call may end in between.
    return count(Metric::CallsStarted) > ended ? count(Metric::CallsStarted) - ended : 0;
}

MetricsHistory::MetricsHistory(const Metrics& metrics, const Clock& clock)
    : m_metrics(metrics)
    , m_clock(clock)
{
}

MetricsHistory::~MetricsHistory()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
    }
    m_wake.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

void MetricsHistory::start()
{
    sample();
    m_thread = std::thread([this] { work(); });
}

void MetricsHistory::work()
{
    auto next = std::chrono::steady_clock::now();
    std::unique_lock lock(m_mutex);
    while (!m_isEnding) {
        next += 1s;
        m_wake.wait_until(lock, next, [this] { return m_isEnding; });
        if (m_isEnding)
            return;
        lock.unlock();
        sample();
        lock.lock();
    }
}

void MetricsHistory::setGauges(const MetricsGauges& gauges)
{
    const std::lock_guard lock(m_mutex);
    m_gauges = gauges;
}

void MetricsHistory::sample()
{
    auto sample = std::make_shared<MetricsSample>();
    sample->at = m_clock.now();
    for (std::size_t i = 0; i < sample->counts.size(); ++i)
        sample->counts[i] = m_metrics.value(static_cast<Metric>(i));
    sample->added = m_metrics.observed(Latency::Added);
    const std::lock_guard lock(m_mutex);
    sample->gauges = m_gauges;
    m_samples.push_back(std::move(sample));
    if (m_samples.size() > kKept)
        m_samples.pop_front();
}

MetricsHistory::Samples MetricsHistory::samples() const
{
    const std::lock_guard lock(m_mutex);
    return m_samples;
}

} // namespace luthien::desktop
