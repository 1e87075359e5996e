// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "conversation/call_event.h"
#include "conversation/decision.h"
#include "store/cursor.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace luthien::store {

/// How often policies stepped in, and would have.
struct DecisionCounts
{
    std::int64_t block = 0;
    std::int64_t replace = 0;
    std::int64_t hold = 0;
    std::int64_t shadow = 0; ///< verdicts of shadow policies: none of them was carried out, none counts above
    bool operator==(const DecisionCounts&) const = default;
};

/// The maintained summary of one session. Empty strings = unknown.
struct SessionRow
{
    std::string id; ///< the session's label, as in Identity::session
    std::string client;
    std::vector<std::string> agents; ///< ids of the first 32, sorted
    std::vector<std::string> models; ///< sorted by name
    std::int64_t calls = 0;
    std::int64_t turns = 0; ///< completed replies that handed over to the person: not tool_use, not pause_turn
    TimePoint firstAt;
    TimePoint lastAt; ///< last begin or end of a call
    std::int64_t inputTokens = 0;
    std::int64_t outputTokens = 0;
    std::optional<double> costUsd;
    DecisionCounts decisions;
    /// Open while any call is; else that of the call which ended last.
    conversation::CallStatus status = conversation::CallStatus::Open;
    std::string preview;
    std::int64_t bytes = 0;  ///< what its events and the texts that it brought take, as stored
    bool isPinned = false;   ///< retention leaves it alone
    std::string label, note; ///< a person's own words
    Cursor cursor;           ///< this row's place in Reader::sessions

    bool operator==(const SessionRow&) const = default;
};

/// Everything known about one call except its bytes. Empty strings = unknown.
struct CallRow
{
    CallId id;
    conversation::Identity identity;
    std::string upstream;
    conversation::Api api = conversation::Api::Other;
    std::string method;
    std::string path;
    std::string model; ///< as the reply names it, else as requested
    bool stream = false;
    conversation::CallStatus status = conversation::CallStatus::Open;
    std::uint16_t httpStatus = 0; ///< 0 = nothing was answered (yet)
    conversation::StopReason stopReason = conversation::StopReason::None;
    std::string rawStopReason;
    TimePoint startedAt;
    std::optional<TimePoint> firstByteAt;
    std::optional<TimePoint> firstTokenAt;
    std::optional<TimePoint> endedAt;
    std::chrono::microseconds heldByPolicy{};
    std::chrono::microseconds heldByPerson{};
    conversation::Usage usage;
    std::optional<double> costUsd;
    conversation::BodyTotals request;
    conversation::BodyTotals response;
    std::string error;
    std::string preview;            ///< first user text
    std::uint32_t messageCount = 0; ///< messages in the request
    std::uint32_t freshFrom = 0;    ///< so many leading ones an earlier call of the session already carried
    /// Of a call of our own, made for a policy: see conversation::CallOpened. Nil and empty = a client's call.
    CallId cause;
    std::string causePolicy;
    bool areTextsRemoved = false; ///< its events, requests and replies are past their time, see removed_texts.h
    Cursor cursor;                ///< this row's place in Reader::callsOfSession

    bool operator==(const CallRow&) const = default;
};

/// One recorded event. A request's bytes are its body, restored; the end's are a small JSON object.
struct EventRow
{
    CallId call;
    std::uint32_t seq = 0;
    TimePoint at;
    conversation::Direction direction = conversation::Direction::Received;
    conversation::WireKind kind = conversation::WireKind::Head;
    std::string bytes;

    bool operator==(const EventRow&) const = default;
};

/// One message of a request, exactly as the client wrote it.
struct MessageRow
{
    std::int64_t nodeId = 0;    ///< equal in every call that carries this message after the same ones
    std::uint32_t position = 0; ///< 0 = the first message of the request
    std::string json;

    bool operator==(const MessageRow&) const = default;
};

/// The place of a decision, or of a call that is over, in the chain of evidence.
struct EvidenceLink
{
    std::int64_t number = 0; ///< counts from 1, without gaps
    Digest previous{};       ///< sha256 of the link before; zeros = it is the first
    Digest sha256{};

    bool operator==(const EvidenceLink&) const = default;
};

/// One recorded decision.
struct DecisionRow
{
    conversation::Decision decision;
    std::string session;              ///< of its call
    std::optional<EvidenceLink> link; ///< present in every row a reader gives
    Cursor cursor;                    ///< this row's place in the list it was read from

    bool operator==(const DecisionRow&) const = default;
};

/// Some rows, and where the next page begins; none = this was the last.
template <typename Row, typename Place = Cursor>
struct Page
{
    std::vector<Row> items;
    std::optional<Place> next;
};

/// next = the seq of the first event that is not on it.
using EventPage = Page<EventRow, std::uint32_t>;

enum class Order : std::uint8_t { Ascending, Descending };

} // namespace luthien::store
