// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace luthien {

/// Wall time, UTC, in microseconds: what is stored and shown.
using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;
/// Monotonic time: what deadlines and durations are measured with.
using SteadyPoint = std::chrono::steady_clock::time_point;

/// Where time comes from, so that a test can drive it. Thread: any.
class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual TimePoint now() const = 0;
    [[nodiscard]] virtual SteadyPoint steady() const = 0;
};

class SystemClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override;
    [[nodiscard]] SteadyPoint steady() const override;
};

/// "2026-11-22T12:00:00.000001Z". Source: RFC 3339, always UTC and six digits.
[[nodiscard]] std::string toRfc3339(TimePoint time);
/// Reads what toRfc3339 writes; nothing else.
[[nodiscard]] std::optional<TimePoint> fromRfc3339(std::string_view text);

[[nodiscard]] constexpr std::int64_t toMicros(TimePoint time) noexcept
{
    return time.time_since_epoch().count();
}
[[nodiscard]] constexpr TimePoint fromMicros(std::int64_t micros) noexcept
{
    return TimePoint(std::chrono::microseconds(micros));
}

} // namespace luthien
