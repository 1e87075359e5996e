// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "base/sha256.h"
#include "conversation/api.h"
#include "conversation/identity.h"
#include "conversation/stream_event.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace luthien::conversation {

/// Received = from the client (requests) or the upstream (replies). Sent = what we passed on instead, if different.
enum class Direction : std::uint8_t { Received, Sent };
[[nodiscard]] std::string_view directionName(Direction direction) noexcept;

/// What a recorded event is about; the contract's event kinds. A wire event that means several things takes the first
/// of: error, tool_start, tool_args, tool_end, stop, usage, text, thinking, keepalive, head.
enum class WireKind : std::uint8_t {
    Request,
    /// The reply's status and headers, always the first that is received after a request; events that only frame the
    /// reply; and of what is larger than kMaxWireBytes all but the last piece.
    Head,
    Text,
    Thinking,
    ToolStart,
    ToolArgs,
    ToolEnd,
    Usage,
    Stop,
    Error,
    Keepalive,
    Hold,
    Release,
    End, ///< the last event of every call
};
[[nodiscard]] std::string_view wireKindName(WireKind kind) noexcept;
/// The kind of a wire event from what it means.
[[nodiscard]] WireKind wireKindOf(std::span<const StreamEvent> meaning) noexcept;

enum class CallStatus : std::uint8_t {
    Open,
    Completed,
    Cancelled, ///< the client went away
    Truncated, ///< the upstream's reply was cut
    Failed,    ///< no reply, or an error reply
    Blocked,   ///< a policy refused the request, or the reply could not be judged
};
[[nodiscard]] std::string_view callStatusName(CallStatus status) noexcept;
[[nodiscard]] std::optional<CallStatus> callStatusFromName(std::string_view name) noexcept;

/// A call begins: everything known before the upstream is asked.
struct CallOpened
{
    CallId call;
    TimePoint at;
    Identity identity;
    Api api = Api::Other;
    std::string_view upstream; ///< configured name
    std::string_view method;
    std::string_view path; ///< with query, without credentials
    std::string_view model;
    std::string_view preview; ///< first user text, at most 200 bytes of UTF-8
    bool stream = false;
    /// A call of our own, made for a policy: the call it judges, and the policy. Nil and empty = a client's call.
    CallId cause;
    std::string_view causePolicy;
};

/// A byte range of a request body.
struct Span
{
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
    bool operator==(const Span&) const = default;
};

/// A request body. Event of kind Request; takes a sequence number.
struct RequestRecorded
{
    CallId call;
    std::uint32_t seq = 0;
    TimePoint at;
    Direction direction = Direction::Received;
    std::string_view head; ///< method, path and headers as a JSON object, credentials already out
    std::string_view body; ///< decoded if it came compressed
    /// One range per message, ascending and disjoint; the gaps between them belong to the range that follows, so that
    /// a conversation resent at each turn is stored once. Empty = the body is kept whole.
    std::span<const Span> messages;
};

/// The most bytes of a wire event, its partial ones included; a reply's head alone may have more. What is larger is
/// recorded as several events: whoever stores them keeps one in memory until it is whole, and its journal as well.
inline constexpr std::size_t kMaxWireBytes = 512 * 1024;

/// One event on the wire, acknowledged once the sink has taken it. Takes a sequence number unless partial.
struct WireEvent
{
    CallId call;
    std::uint32_t seq = 0;
    TimePoint at;
    Direction direction = Direction::Received;
    WireKind kind = WireKind::Head;
    /// The first bytes of an event whose rest comes later, under the same seq and direction; kind is not yet known.
    bool partial = false;
    std::string_view bytes;               ///< exactly as on the wire
    std::span<const StreamEvent> meaning; ///< what a live view shows; not stored
};

/// Bytes of one direction of a call. All zero = not known: the call is open, or was cut off.
struct BodyTotals
{
    std::uint64_t bytes = 0;        ///< received
    std::uint64_t changedBytes = 0; ///< 0 = left exactly as it came
    Digest sha256{};                ///< of what was received
    bool operator==(const BodyTotals&) const = default;
    [[nodiscard]] bool isKnown() const noexcept { return sha256 != Digest{}; } // no bytes have that digest
};

/// A call is over; nothing with its id follows. Event of kind End; takes a sequence number.
struct CallEnded
{
    CallId call;
    std::uint32_t seq = 0;
    TimePoint at;
    CallStatus status = CallStatus::Completed;
    std::uint16_t httpStatus = 0; ///< what the client was told; 0 = nothing
    StopReason stopReason = StopReason::None;
    std::string_view rawStopReason;
    Usage usage;
    std::string_view model; ///< as the reply names it; empty = as requested
    std::optional<TimePoint> firstByteAt;
    std::optional<TimePoint> firstTokenAt;
    std::chrono::microseconds heldByPolicy{};
    std::chrono::microseconds heldByPerson{};
    BodyTotals request;
    BodyTotals response;
    std::string_view reply; ///< toJson(Response) of what was received; empty = no reply was understood
    /// toJson(Response) of what the client got instead; empty = the same.
    std::string_view sentReply;
    std::string_view error; ///< one sentence; empty = none
    /// What the price table makes of usage, in 1e-9 USD; nullopt = the model is not in it.
    std::optional<std::int64_t> costNanoUsd;
};

} // namespace luthien::conversation
