// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/metrics.h"

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace luthien::desktop {

/// What stands, as opposed to what is counted.
struct MetricsGauges
{
    std::uint64_t connections = 0;  ///< of clients
    std::uint64_t backlogBytes = 0; ///< recorded, and not in the database

    bool operator==(const MetricsGauges&) const = default;
};

/// All counters at one time.
struct MetricsSample
{
    TimePoint at;
    std::array<std::uint64_t, static_cast<std::size_t>(Metric::Count_)> counts{};
    LatencyCounts added; ///< Latency::Added
    MetricsGauges gauges;

    [[nodiscard]] std::uint64_t count(Metric metric) const { return counts[static_cast<std::size_t>(metric)]; }
    /// Calls that had begun and not ended.
    [[nodiscard]] std::uint64_t openCalls() const;
};

/// The counters of the last quarter of an hour, read once a second by a thread of its own: a busy window loses none.
/// Thread: any.
class MetricsHistory
{
public:
    using Samples = std::deque<std::shared_ptr<const MetricsSample>>;
    static constexpr std::size_t kKept = 901; ///< 900 seconds and where they began

    /// Both outlive the history.
    MetricsHistory(const Metrics& metrics, const Clock& clock);
    ~MetricsHistory();
    MetricsHistory(const MetricsHistory&) = delete;
    MetricsHistory& operator=(const MetricsHistory&) = delete;

    /// Begins to read; once.
    void start();
    /// Goes into every sample from now on.
    void setGauges(const MetricsGauges& gauges);
    /// Reads the counters now.
    void sample();
    /// Oldest first.
    [[nodiscard]] Samples samples() const;

private:
    void work();

    const Metrics& m_metrics;
    const Clock& m_clock;
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_isEnding = false;
    MetricsGauges m_gauges;
    Samples m_samples;
    std::thread m_thread;
};

} // namespace luthien::desktop
