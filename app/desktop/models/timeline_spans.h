// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "conversation/call_event.h"
#include "desktop/models/span_index.h"

#include <QString>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace luthien::desktop {

/// The rows of a timeline, from the top.
enum class TimelineLane : std::uint8_t { Model, Tools, Holds, Agents };
inline constexpr std::size_t kTimelineLanes = 4;

/// What a timeline keeps of a call: 100,000 of them take some 12 MB.
struct TimelineCall
{
    CallId id;
    TimePoint startedAt;
    std::optional<TimePoint> firstTokenAt;
    std::optional<TimePoint> endedAt;
    std::chrono::microseconds heldByPolicy{};
    std::chrono::microseconds heldByPerson{};
    std::int64_t outputTokens = 0;
    std::uint16_t model = 0; ///< number of its name
    std::uint16_t agent = 0; ///< the same; 0 = the one the session began with
    conversation::CallStatus status = conversation::CallStatus::Open;
    bool wantsTools = false; ///< it ended with tool calls: the agent runs them, then calls again

    bool operator==(const TimelineCall&) const = default;
};

/// What policies and people made of a call.
struct CallVerdict
{
    struct Hold
    {
        std::int64_t from = 0; ///< microseconds since 1970
        std::int64_t to = 0;
        bool operator==(const Hold&) const = default;
    };
    SpanTone tools = SpanTone::Tool; ///< how what it called was let through
    std::vector<Hold> holds;         ///< by people
    QString words;                   ///< of the greatest decision: "Bash: blocked by sql"
};
using CallVerdicts = std::unordered_map<CallId, CallVerdict>;

/// Everything a timeline draws. The open ones go on: they end now, whatever to says.
struct TimelineSpans
{
    std::array<std::vector<Span>, kTimelineLanes> closed;
    std::array<std::vector<Span>, kTimelineLanes> open;
};

/// What waits for a person, since when (microseconds since 1970).
using WaitingSince = std::unordered_map<CallId, std::int64_t>;

/// calls in the order of their start. A span's owner is the position of its call: of the one that asked for the tools,
/// of the one that was held.
[[nodiscard]] TimelineSpans spansOf(const std::vector<TimelineCall>& calls, const CallVerdicts& verdicts,
                                    const WaitingSince& waiting);

} // namespace luthien::desktop
