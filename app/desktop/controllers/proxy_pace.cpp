// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/proxy_pace.h"

#include <algorithm>
#include <chrono>
#include <numeric>

namespace luthien::desktop {

using namespace std::chrono_literals;

namespace {
constexpr auto kPast = 5min;
constexpr std::chrono::duration<double> kLeast = 1min;
} // namespace

ProxyStatus::Pace paceOf(const MetricsHistory::Samples& samples)
{
    if (samples.size() < 2)
        return {};
    const MetricsSample& last = *samples.back();
    const auto begin =
        std::ranges::find_if(samples, [&last](const auto& sample) { return last.at - sample->at <= kPast; });
    const MetricsSample& first = **begin;
    const std::chrono::duration<double> passed = last.at - first.at;
    const double minutes = std::max(passed, kLeast) / kLeast;
    const auto calls = last.count(Metric::CallsStarted) - first.count(Metric::CallsStarted);
    ProxyStatus::Pace pace{.callsPerMinute = static_cast<double>(calls) / minutes};
    LatencyCounts added = last.added;
    for (std::size_t step = 0; step < std::min(added.size(), first.added.size()); ++step)
        added[step] -= first.added[step];
    if (std::accumulate(added.begin(), added.end(), std::uint64_t{0}) > 0)
        pace.added = quantileOf(added, 0.5);
    return pace;
}

} // namespace luthien::desktop
