// SPDX-License-Identifier: Apache-2.0
#include "conversation/call_event.h"

#include <algorithm>
#include <array>

namespace luthien::conversation {

namespace {
constexpr std::array<std::string_view, 14> kWireKinds = {
    "request", "head", "text",  "thinking",  "tool_start", "tool_args", "tool_end",
    "usage",   "stop", "error", "keepalive", "hold",       "release",   "end",
};
constexpr std::array<std::string_view, 6> kStatuses = {
    "open", "completed", "cancelled", "truncated", "failed", "blocked",
};

/// Ascending importance; the most important meaning names the wire event.
struct Ranked
{
    int rank;
    WireKind kind;
};

Ranked ranked(EventKind kind)
{
    switch (kind) {
    case EventKind::Start:
    case EventKind::Framing:
        return {0, WireKind::Head};
    case EventKind::Keepalive:
        return {1, WireKind::Keepalive};
    case EventKind::Thinking:
        return {2, WireKind::Thinking};
    case EventKind::Opaque:
    case EventKind::Text:
        return {3, WireKind::Text};
    case EventKind::Usage:
        return {4, WireKind::Usage};
    case EventKind::Stop:
        return {5, WireKind::Stop};
    case EventKind::ToolEnd:
        return {6, WireKind::ToolEnd};
    case EventKind::ToolArgs:
        return {7, WireKind::ToolArgs};
    case EventKind::ToolStart:
        return {8, WireKind::ToolStart};
    case EventKind::Error:
        return {9, WireKind::Error};
    }
    return {0, WireKind::Head};
}
} // namespace

std::string_view directionName(Direction direction) noexcept
{
    return direction == Direction::Received ? "received" : "sent";
}

std::string_view wireKindName(WireKind kind) noexcept
{
    return kWireKinds[static_cast<std::size_t>(kind)];
}

WireKind wireKindOf(std::span<const StreamEvent> meaning) noexcept
{
    Ranked top{-1, WireKind::Head};
    for (const StreamEvent& event : meaning) {
        const Ranked candidate = ranked(event.kind);
        if (candidate.rank > top.rank)
            top = candidate;
    }
    return top.kind;
}

std::string_view callStatusName(CallStatus status) noexcept
{
    return kStatuses[static_cast<std::size_t>(status)];
}

std::optional<CallStatus> callStatusFromName(std::string_view name) noexcept
{
    const auto found = std::ranges::find(kStatuses, name);
    if (found == kStatuses.end())
        return std::nullopt;
    return static_cast<CallStatus>(found - kStatuses.begin());
}

} // namespace luthien::conversation
