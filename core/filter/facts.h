// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"
#include "conversation/block.h"
#include "conversation/call_event.h"
#include "conversation/decision.h"
#include "conversation/identity.h"
#include "conversation/stop_reason.h"
#include "conversation/usage.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace luthien::filter {

/// Everything a filter can ask about one call. A part that Needs does not name may be left empty.
struct CallFacts
{
    CallId id;
    conversation::Identity identity;
    std::string upstream;
    conversation::Api api = conversation::Api::Other;
    std::string method;
    std::string path;
    std::string model;
    std::string preview;
    bool stream = false;
    conversation::CallStatus status = conversation::CallStatus::Open;
    std::uint16_t httpStatus = 0;
    conversation::StopReason stopReason = conversation::StopReason::None;
    std::string rawStopReason;
    TimePoint startedAt;
    std::optional<TimePoint> firstByteAt;
    std::optional<TimePoint> firstTokenAt;
    std::optional<TimePoint> endedAt;
    std::chrono::microseconds heldByPolicy{};
    std::chrono::microseconds heldByPerson{};
    conversation::Usage usage;
    std::optional<std::int64_t> costNanoUsd;
    conversation::BodyTotals request;
    conversation::BodyTotals response;
    std::uint32_t messageCount = 0;
    std::string error;
    CallId cause; ///< nil = a client's call
    std::string causePolicy;

    std::optional<std::int64_t> sessionCalls;      ///< Needs::Session
    std::optional<std::int64_t> sessionTurns;      ///< Needs::Session
    bool isSessionPinned = false;                  ///< Needs::Session
    std::vector<conversation::Decision> decisions; ///< Needs::Decisions; their texts of arguments are not looked at
    std::vector<conversation::Block> reply;        ///< Needs::Reply: as the upstream sent it
    /// Needs::Request: what is new in this call of what the person and the tools said.
    std::vector<conversation::Block> asked;
};

/// Parts of the facts that cost something to get; a set of bits.
enum class Needs : std::uint8_t { Nothing = 0, Session = 1, Decisions = 2, Reply = 4, Request = 8 };
[[nodiscard]] constexpr Needs operator|(Needs a, Needs b) noexcept
{
    return static_cast<Needs>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
[[nodiscard]] constexpr bool includes(Needs set, Needs part) noexcept
{
    return (static_cast<unsigned>(set) & static_cast<unsigned>(part)) != 0;
}

} // namespace luthien::filter
