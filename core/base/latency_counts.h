// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace luthien {

/// Durations from 1 us to 12 days, counted in four steps for each doubling: a quantile read from them is at most a
/// quarter above what it was.
class LatencySteps
{
public:
    static constexpr std::size_t kCount = 160;

    /// Negative durations count as 0.
    [[nodiscard]] static constexpr std::size_t stepOf(std::chrono::microseconds duration) noexcept
    {
        const auto micros = static_cast<std::uint64_t>(std::max<std::int64_t>(0, duration.count()));
        if (micros < 4)
            return static_cast<std::size_t>(micros);
        const auto power = static_cast<std::size_t>(std::bit_width(micros)) - 1;
        const std::size_t quarter = (micros >> (power - 2)) & 3;
        return std::min(kCount - 1, (power - 1) * 4 + quarter);
    }
    /// The longest duration of a step.
    [[nodiscard]] static constexpr std::chrono::microseconds longestOf(std::size_t step) noexcept
    {
        if (step < 4)
            return std::chrono::microseconds(step);
        const std::size_t power = step / 4 + 1;
        const std::uint64_t quarter = std::uint64_t{1} << (power - 2);
        return std::chrono::microseconds(static_cast<std::int64_t>((4 + step % 4 + 1) * quarter - 1));
    }
};

/// How many durations were in each step. Empty = none were.
using LatencyCounts = std::vector<std::uint64_t>;

/// The duration that this share (0 to 1) of them does not exceed; 0 if there are none.
[[nodiscard]] inline std::chrono::microseconds quantileOf(const LatencyCounts& counts, double share) noexcept
{
    std::uint64_t total = 0;
    for (const std::uint64_t count : counts)
        total += count;
    const auto wanted =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(share * static_cast<double>(total))));
    std::uint64_t seen = 0;
    for (std::size_t step = 0; step < counts.size(); ++step) {
        seen += counts[step];
        if (seen >= wanted)
            return LatencySteps::longestOf(step);
    }
    return {};
}

/// Counts durations as they happen. Thread: any; a count is a relaxed atomic add.
class LatencyHistogram
{
public:
    void add(std::chrono::microseconds duration) noexcept
    {
        m_counts[LatencySteps::stepOf(duration)].fetch_add(1, std::memory_order_relaxed);
    }
    /// All that was counted so far.
    [[nodiscard]] LatencyCounts counts() const
    {
        LatencyCounts counts(LatencySteps::kCount);
        std::ranges::transform(m_counts, counts.begin(),
                               [](const auto& count) { return count.load(std::memory_order_relaxed); });
        return counts;
    }

private:
    std::array<std::atomic<std::uint64_t>, LatencySteps::kCount> m_counts{};
};

} // namespace luthien
