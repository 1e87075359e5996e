// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "conversation/api.h"
#include "conversation/decision.h"
#include "conversation/identity.h"
#include "conversation/stream_event.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace luthien::policy {

/// One event of a reply as it came: what a gate decides about. The views are valid during the call only.
struct GatedEvent
{
    bool isWhole = false;  ///< a whole (non-streamed) reply: the only event of its call
    std::string_view type; ///< SSE "event:" line; empty = none, or a whole body
    std::string_view data; ///< SSE data, or the whole body
    std::string_view bytes;
    bool hasData = true; ///< false = a comment or an empty event
    std::span<const conversation::StreamEvent> meaning;
};

/// Where a gate puts what the client gets, in that order. Bytes are copied before a function returns. What came and was
/// not forwarded counts as changed.
class GateOutlet
{
public:
    virtual ~GateOutlet() = default;

    /// An event leaves exactly as it came.
    virtual void forward(std::string_view bytes) = 0;
    /// Something leaves that did not come so: one event of the wire, or a whole body. It is recorded as sent.
    virtual void send(std::string_view bytes) = 0;
    /// id, call, at and seq are filled in by the outlet; recorded before anything that is put out after it.
    virtual void decided(conversation::Decision decision) = 0;
};

/// Who ended a wait.
enum class ReleasedBy : std::uint8_t { Policy, Person };

/// Stands between one reply and the client and keeps what may not leave yet. Every error means that the reply cannot
/// be judged: it is ended in its API's error form, nothing that is held leaves, and the gate is not asked again.
/// Thread: the call's worker only; lives as long as the call.
class StreamGate
{
public:
    virtual ~StreamGate();

    /// True = it only watches: the reply passes as it comes, whatever this gate forwards, sends, holds or fails at.
    [[nodiscard]] virtual bool onlyWatches() const noexcept { return false; }

    /// The next event of the reply, complete and already recorded.
    [[nodiscard]] virtual Result<void> event(const GatedEvent& event, GateOutlet& outlet) = 0;
    /// The reply is complete, as its framing promised. What still waits for an answer leaves in resume().
    [[nodiscard]] virtual Result<void> replyEnded(GateOutlet& outlet) = 0;
    /// What was waited for may have come: see WakeFunction.
    [[nodiscard]] virtual Result<void> resume(GateOutlet& outlet) = 0;

    /// Bytes kept back; the caller bounds them.
    [[nodiscard]] virtual std::size_t heldBytes() const noexcept = 0;
    /// True while something is kept back, whatever its size.
    [[nodiscard]] virtual bool isHolding() const noexcept = 0;
    /// Of the wait that has just ended.
    [[nodiscard]] virtual ReleasedBy releasedBy() const noexcept { return ReleasedBy::Policy; }
};

/// What a gate may know of the call it guards. Views are valid during GateFactory::open only.
struct GatedCall
{
    CallId call;
    conversation::Api api = conversation::Api::Other;
    const conversation::Identity& identity;
    std::string_view upstream;
    std::string_view model;
    std::string_view requestBody; ///< decoded
    bool stream = false;
    const Clock& clock; ///< outlives the gate
};

/// Leads to StreamGate::resume() of the call it was made for. May be called from any thread and after the call has
/// ended (then it does nothing); from inside the gate it takes effect after the gate has returned.
using WakeFunction = std::function<void()>;

/// Makes the gate of each call. Immutable, part of the snapshot. Thread: any.
class GateFactory
{
public:
    virtual ~GateFactory();

    /// True if some policy's verdicts are carried out: then what cannot be read must not pass.
    [[nodiscard]] virtual bool enforces() const noexcept = 0;
    /// False = replies of this API cannot be judged; with enforces() such calls are refused.
    [[nodiscard]] virtual bool understands(conversation::Api api) const noexcept = 0;
    /// Null = no policy is interested in this call: its reply passes with no further cost.
    [[nodiscard]] virtual std::unique_ptr<StreamGate> open(const GatedCall& call, WakeFunction wake) const = 0;
};

} // namespace luthien::policy
