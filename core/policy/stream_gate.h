// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "conversation/api.h"
#include "conversation/call_event.h"
#include "conversation/decision.h"
#include "conversation/identity.h"
#include "conversation/stream_event.h"
#include "conversation/stream_form.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace luthien::policy {

/// One event of a reply as it came: what a gate decides about. The views are valid during the call only.
struct GatedEvent
{
    bool isWhole = false; ///< a whole (non-streamed) reply: the only event of its call
    conversation::StreamForm form = conversation::StreamForm::EventStream; ///< of a stream
    std::string_view type; ///< SSE "event:" line; empty = none, or a whole body
    std::string_view data; ///< SSE data, or the whole body
    std::string_view bytes;
    bool hasData = true; ///< false = a comment or an empty event
    std::span<const conversation::StreamEvent> meaning;
};

class Inference;

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

/// Whom a wait was for: Person = one was asked while it lasted.
enum class ReleasedBy : std::uint8_t { Policy, Person };

/// What becomes of a request.
struct RequestRuling
{
    bool isBlocked = false;
    std::string notice;              ///< if blocked: what the client is told
    std::optional<std::string> body; ///< if not blocked and present: what goes upstream instead, not compressed
};

/// Stands between one call and the client: first its request is asked about, then its reply goes through it, and what
/// may not leave yet is kept. Every error means that it cannot be judged: the call is ended in its API's error form,
/// nothing that is held leaves, and the gate is only told of the end. Thread: the call's worker only.
class StreamGate
{
public:
    virtual ~StreamGate();

    /// True if some verdict about this call, its request or its reply, is carried out: a request that cannot be read
    /// must not pass.
    [[nodiscard]] virtual bool enforces() const noexcept { return true; }
    /// True = it only watches the reply: all passes as it comes, whatever this gate forwards, sends, holds or fails at.
    [[nodiscard]] virtual bool onlyWatches() const noexcept { return false; }

    /// True if request() must be asked before anything is sent upstream.
    [[nodiscard]] virtual bool looksAtRequest() const { return false; }
    /// Nullopt = not known yet: asked again after the next wake-up.
    [[nodiscard]] virtual Result<std::optional<RequestRuling>> request(GateOutlet&)
    {
        return std::optional(RequestRuling());
    }
    /// True if GatedCall::requestBody is still needed when the request has been sent.
    [[nodiscard]] virtual bool needsRequest() const { return false; }
    /// False = the reply passes as it comes and need not be shown.
    [[nodiscard]] virtual bool looksAtReply() const { return true; }

    /// The upstream has answered a request with this status: before anything of the reply. Again for each request that
    /// asks for another one.
    virtual void requestAnswered(unsigned /*httpStatus*/, GateOutlet&) {}
    /// The next event of the reply, complete and already recorded.
    [[nodiscard]] virtual Result<void> event(const GatedEvent& event, GateOutlet& outlet) = 0;
    /// The reply is complete, as its framing promised. What still waits for an answer leaves in resume().
    [[nodiscard]] virtual Result<void> replyEnded(GateOutlet& outlet) = 0;
    /// The request that asks for another reply; once. Then nothing of this reply has left, and nothing of it will: the
    /// next event begins another one.
    [[nodiscard]] virtual std::optional<std::string> takeNextRequest() { return std::nullopt; }
    /// What was waited for may have come: see WakeFunction and due().
    [[nodiscard]] virtual Result<void> resume(GateOutlet& outlet) = 0;
    /// The reply goes on without this gate, which only watches and could not go on, or held too much: it is shown
    /// nothing more of it.
    virtual void dropReply(const Error& /*why*/, GateOutlet&) {}
    /// The reply is thrown away by somebody else: the next event begins another one.
    virtual void replyThrownAway() {}

    /// When resume() is wanted at the latest; max = not by time.
    [[nodiscard]] virtual SteadyPoint due() const { return SteadyPoint::max(); }
    /// Bytes kept back; the caller bounds them.
    [[nodiscard]] virtual std::size_t heldBytes() const noexcept = 0;
    /// True while something is kept back, whatever its size.
    [[nodiscard]] virtual bool isHolding() const noexcept = 0;
    /// Of the wait that has just ended.
    [[nodiscard]] virtual ReleasedBy releasedBy() const noexcept { return ReleasedBy::Policy; }
    /// True while somebody who only watches has not said his last word: the call's record stays open for it.
    [[nodiscard]] virtual bool isWaiting() const { return false; }
    /// What is kept for them.
    [[nodiscard]] virtual std::size_t waitingBytes() const noexcept { return 0; }
    /// The call is over: the last thing the gate is told. What still waits is withdrawn; seq is not known yet.
    virtual void ended(const conversation::CallEnded&, GateOutlet&) {}
};

/// What a gate may know of the call it guards. Views are valid during GateFactory::open only.
struct GatedCall
{
    CallId call;
    conversation::Api api = conversation::Api::Other;
    const conversation::Identity& identity;
    std::string_view upstream;
    std::string_view model;
    std::string_view path;
    std::string_view requestHash; ///< hex; of the body as it came
    /// The body as it goes upstream, decoded. May be called as long as StreamGate::needsRequest() said.
    std::function<std::string_view()> requestBody = [] { return std::string_view(); };
    bool stream = false;
    const Clock& clock;             ///< outlives the gate
    Inference* inference = nullptr; ///< outlives the gate; null = models cannot be asked
};

/// Leads to StreamGate::resume() of the call it was made for. May be called from any thread and after the call has
/// ended (then it does nothing); from inside the gate it takes effect after the gate has returned.
using WakeFunction = std::function<void()>;

/// Makes the gate of each call. Immutable, part of the snapshot. Thread: any.
class GateFactory
{
public:
    virtual ~GateFactory();

    /// False = no call of this API would be given a gate now: open() need not be asked.
    [[nodiscard]] virtual bool concerns(conversation::Api) const { return true; }
    /// Null = no policy is interested in this call: it passes with no further cost.
    [[nodiscard]] virtual std::unique_ptr<StreamGate> open(const GatedCall& call, WakeFunction wake) const = 0;
};

} // namespace luthien::policy
