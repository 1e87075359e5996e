// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::filter {

/// A stretch of time: from inclusive, to exclusive.
struct TimeSpan
{
    TimePoint from;
    TimePoint to;
    bool operator==(const TimeSpan&) const = default;
};

/// A time as it was written: "2h" (ago), "today", "yesterday", "2026-11-22", "2026-11-22T12:30",
/// "2026-11-22T12:30:05", "2026-11-22T12:30:05.000001Z"; always UTC.
class Moment
{
public:
    /// Nullopt = it is none of these.
    [[nodiscard]] static std::optional<Moment> parse(std::string_view text);

    /// What it means now: as long as it is exact, so "today" is a day, "12:30" a minute and "2h" ago an instant.
    [[nodiscard]] TimeSpan at(TimePoint now) const;
    [[nodiscard]] std::string toText() const;
    [[nodiscard]] bool isAgo() const noexcept { return m_kind == Kind::Ago; }
    bool operator==(const Moment&) const = default;

private:
    enum class Kind : std::uint8_t { Ago, DaysAgo, Absolute };
    Moment(Kind kind, std::int64_t count, TimeSpan span)
        : m_kind(kind)
        , m_count(count)
        , m_span(span)
    {
    }
    Kind m_kind;
    std::int64_t m_count; ///< Ago: microseconds. DaysAgo: 0 or 1
    TimeSpan m_span;      ///< Absolute
};

} // namespace luthien::filter
