// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/call_event.h"
#include "conversation/decision.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What a live view is told. Everything owns its bytes: it crosses threads and outlives the call it tells of.
namespace luthien::live {

/// A call began. The fields of conversation::CallOpened.
struct Opened
{
    CallId call;
    TimePoint at;
    conversation::Identity identity;
    conversation::Api api = conversation::Api::Other;
    std::string upstream;
    std::string method;
    std::string path;
    std::string model;
    std::string preview;
    bool stream = false;
    CallId cause;
    std::string causePolicy;

    bool operator==(const Opened&) const = default;
};

/// The request body stands in the record: what it says is read from the store.
struct Requested
{
    CallId call;
    std::uint32_t seq = 0;
    TimePoint at;

    bool operator==(const Requested&) const = default;
};

/// One step of the reply, or several steps of the same block that a slow reader gets as one.
struct Delta
{
    CallId call;
    std::uint32_t firstSeq = 0; ///< less than seq only if steps were joined
    std::uint32_t seq = 0;      ///< of the last step in it
    TimePoint at;
    conversation::Direction direction = conversation::Direction::Received;
    conversation::EventKind kind = conversation::EventKind::Framing;
    std::uint32_t choice = 0;
    std::uint32_t block = 0;
    conversation::Executor executor = conversation::Executor::Client;
    bool isRefusal = false;
    bool replaces = false;
    std::string id;
    std::string name;
    std::string text;
    conversation::Usage usage;
    conversation::StopReason stopReason = conversation::StopReason::None;
    std::string rawStopReason;

    bool operator==(const Delta&) const = default;
};

/// A policy has spoken; comes before the steps it let through or put in place of others, and before it is committed:
/// its place in the chain of evidence is not known yet, the store tells it once a Committed has come.
struct Decided
{
    conversation::Decision decision;

    bool operator==(const Decided&) const = default;
};

/// A call is over.
struct Ended
{
    CallId call;
    std::uint32_t seq = 0;
    TimePoint at;
    conversation::CallStatus status = conversation::CallStatus::Completed;
    std::uint16_t httpStatus = 0;
    conversation::StopReason stopReason = conversation::StopReason::None;
    std::string rawStopReason;
    conversation::Usage usage;
    std::string model;
    std::string error;
    std::optional<std::int64_t> costNanoUsd;

    bool operator==(const Ended&) const = default;
};

/// A call whose rows in the store changed.
struct TouchedCall
{
    CallId id;
    std::string session;
    std::optional<std::uint32_t> lastSeq; ///< the last event that can be read; absent = none yet
    conversation::CallStatus status = conversation::CallStatus::Open;

    bool operator==(const TouchedCall&) const = default;
};

/// The store's writer, or another instance's, has made more readable.
struct Committed
{
    std::uint64_t commit = 0; ///< grows by one, survives restarts
    std::vector<TouchedCall> calls;
    std::vector<std::string> sessions; ///< whose rows changed without a call of theirs, or are gone
    /// Another instance's on the same database: commit is then that of the last one of this instance.
    bool isElsewhere = false;

    bool operator==(const Committed&) const = default;
};

using Event = std::variant<Opened, Requested, Delta, Decided, Ended, Committed>;

[[nodiscard]] Opened opened(const conversation::CallOpened& event);
[[nodiscard]] Requested requested(const conversation::RequestRecorded& event);
[[nodiscard]] Delta delta(const conversation::WireEvent& wire, const conversation::StreamEvent& step);
[[nodiscard]] Ended ended(const conversation::CallEnded& event);

/// The call an event is about; nil for Committed.
[[nodiscard]] CallId callOf(const Event& event) noexcept;
/// True if step can be appended to pending without a view seeing anything else than both in turn.
[[nodiscard]] bool isContinuation(const Delta& pending, const Delta& step) noexcept;

} // namespace luthien::live
