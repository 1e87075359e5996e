// SPDX-License-Identifier: Apache-2.0
#include "proxy/call.h"

#include "proxy/local_reply.h"

#include <algorithm>

namespace luthien::proxy {

using conversation::CallStatus;
using protocol::HttpError;
using protocol::ReadState;

namespace {
/// Unsent bytes towards a client at which the upstream is no longer read, and at which it is again.
constexpr std::size_t kHighWater = 256 * 1024;
constexpr std::size_t kLowWater = 64 * 1024;
/// A kept connection that the upstream had already closed shows it at once. One that dies later may have been at work
/// on the request, and asking again could be billed twice.
constexpr std::chrono::seconds kStaleWithin{2};
} // namespace

Call::Call(WorkerContext& worker, CallActions& actions, std::unique_ptr<PreparedCall> prepared)
    : m_worker(worker)
    , m_actions(actions)
    , m_prepared(std::move(prepared))
    , m_recorder(worker)
    , m_relay(actions, *m_prepared)
    , m_judged({.actions = actions,
                .recorder = m_recorder,
                .relay = m_relay,
                .metrics = worker.metrics,
                .clock = worker.clock,
                .dialect = protocol::dialectFor(m_prepared->route.api),
                .call = *m_prepared},
               openGate())
    , m_tap(m_recorder, protocol::dialectFor(m_prepared->route.api), worker.metrics,
            m_judged.hasGate() ? &m_judged : nullptr)
    , m_reader({.headBytes = m_prepared->snapshot->limits.headerBytes})
{
}

std::unique_ptr<policy::StreamGate> Call::openGate()
{
    const PreparedCall& call = *m_prepared;
    if (!call.snapshot->gates)
        return nullptr;
    return call.snapshot->gates->open({.call = call.id,
                                       .api = call.route.api,
                                       .identity = call.identity,
                                       .upstream = call.route.upstream->name,
                                       .model = call.model,
                                       .requestBody = call.readableBody(),
                                       .stream = call.stream,
                                       .clock = m_worker.clock},
                                      m_actions.makeWake(call.id));
}

void Call::start()
{
    m_startedAt = m_worker.clock.steady();
    m_recorder.open(*m_prepared);
    m_prepared->decodedBody = {};
    if (const auto error = refusal())
        breakOff(*error, CallStatus::Blocked);
    else
        openUpstream(UpstreamChoice::PooledOrFresh);
}

/// What enforced policies could not judge does not even reach the upstream.
std::optional<HttpError> Call::refusal() const
{
    const PreparedCall& call = *m_prepared;
    const policy::GateFactory* gates = call.snapshot->gates.get();
    if (!gates || !gates->enforces() || call.route.api == conversation::Api::Other)
        return std::nullopt;
    if (!gates->understands(call.route.api))
        return HttpError{400, "policy_cannot_judge",
                         "Policies are enforced here, and they cannot judge replies of this API yet."};
    if (!call.isBodyReadable)
        return HttpError{415, "unreadable_request",
                         "Policies are enforced here, and the request's Content-Encoding cannot be read."};
    return std::nullopt;
}

void Call::openUpstream(UpstreamChoice choice)
{
    m_stage = Stage::Opening;
    m_stageSince = m_worker.clock.steady();
    m_actions.openUpstream(m_prepared->route.upstream->baseUrl.origin, choice);
    m_actions.wakeAt(deadline());
}

void Call::upstreamOpened(bool fromPool)
{
    m_fromPool = fromPool;
    m_stage = Stage::Asked;
    m_stageSince = m_worker.clock.steady();
    m_reader.start(m_prepared->method);
    m_actions.writeToUpstream(m_prepared->upstreamHead);
    m_actions.writeToUpstream(m_prepared->body);
    m_actions.wakeAt(deadline());
    updateFlow();
}

void Call::upstreamFailed(const UpstreamFailure& failure)
{
    m_worker.metrics.add(Metric::UpstreamErrors);
    replyBroken(failure);
}

void Call::upstreamBytes(std::string_view bytes)
{
    m_stageSince = m_worker.clock.steady();
    if (!m_heardUpstream) {
        m_heardUpstream = true;
        m_prepared->body = {}; // no retry from here on
        m_prepared->upstreamHead = {};
    }
    while (!isOver()) {
        const protocol::ReadStep step = m_reader.read(bytes);
        bytes.remove_prefix(step.consumed);
        if (step.state == ReadState::NeedMore)
            break;
        if (step.state == ReadState::Head) {
            replyHead();
        } else if (step.state == ReadState::Body) {
            m_tap.body(step.body); // the record first: what the client has seen must be in it
            if (m_judged.isGated())
                m_judged.bodyRead();
            else
                m_relay.body(step.body);
        } else if (step.state == ReadState::Done) {
            replyDone(bytes.empty());
            return;
        } else {
            replyBroken({.code = "bad_reply", .message = m_reader.error().message, .status = 502});
            return;
        }
        afterStep();
    }
    updateFlow();
}

void Call::replyHead()
{
    const protocol::ResponseHead& head = m_reader.head();
    if (head.status == 101) {
        replyBroken({.code = "bad_reply", .message = "The upstream switched protocols unasked.", .status = 502});
        return;
    }
    m_stage = Stage::Replying;
    m_status = head.status;
    m_tap.head(head);
    m_judged.head(head, m_tap);
    if (!m_judged.failure())
        m_relay.head(head, m_judged.form());
}

/// A large request on a slow line is no silence.
void Call::upstreamTook()
{
    m_stageSince = m_worker.clock.steady();
}

void Call::upstreamClosed(StreamEnd how)
{
    const bool atOnce = m_worker.clock.steady() - m_stageSince < kStaleWithin;
    if (m_stage == Stage::Opening || (m_stage == Stage::Asked && m_fromPool && !m_heardUpstream && atOnce)) {
        // The upstream closed a kept connection just as we used it; nothing of the request was answered.
        m_actions.closeUpstream(UpstreamClose::Abort);
        openUpstream(UpstreamChoice::Fresh);
        return;
    }
    const bool isWhole = m_reader.finish().state == ReadState::Done;
    if (isWhole && (how == StreamEnd::Orderly || m_tap.hasItsEnd()) && m_stage == Stage::Replying)
        replyDone(false);
    else
        replyBroken({.code = "upstream_closed",
                     .message = "The upstream closed the connection before its reply was complete.",
                     .status = 502});
}

void Call::replyDone(bool connectionClean)
{
    const bool keep = connectionClean && m_reader.isReusable();
    m_actions.closeUpstream(keep ? UpstreamClose::Keep : UpstreamClose::Abort);
    m_tap.finish();
    m_stage = Stage::Held;
    m_judged.replyEnded();
    if (!m_judged.isGated())
        m_relay.finish();
    afterStep();
}

void Call::replyBroken(const UpstreamFailure& failure)
{
    breakOff({failure.status, failure.code, failure.message},
             m_status != 0 ? CallStatus::Truncated : CallStatus::Failed);
}

/// Ends the call before its reply is complete, and tells the client in the way that is still open.
void Call::breakOff(const HttpError& error, CallStatus status)
{
    m_actions.closeUpstream(UpstreamClose::Abort);
    m_tap.cut();
    const bool begun = m_relay.isHeadSent();
    if (begun)
        tellInStream(error);
    else
        tellWhole(error);
    end({.status = status,
         .httpStatus = static_cast<std::uint16_t>(begun ? m_status : error.status),
         .error = error.message});
}

void Call::tellWhole(const HttpError& error)
{
    LocalReply reply = errorReply(errorApiOf(m_prepared->route), error, id());
    reply.isHead = m_prepared->method == "HEAD";
    reply.after = keepsClient() ? AfterReply::KeepOpen : AfterReply::Close;
    if (m_judged.isGated())
        m_judged.noteWhole(reply.body);
    else
        m_recorder.sent(conversation::WireKind::Error, reply.body);
    m_actions.writeToClient(toWire(reply));
}

void Call::tellInStream(const HttpError& error)
{
    const bool hasPlace = m_relay.cutOff();
    const bool readable = m_tap.isEventStream() && (m_judged.isGated() || !m_tap.isDecoding());
    if (!readable || !hasPlace)
        return;
    const std::string event = protocol::dialectFor(m_prepared->route.api).errorEvent(error.code, error.message);
    if (m_judged.isGated()) {
        m_judged.sendEvent(event);
        return;
    }
    m_recorder.sent(conversation::WireKind::Error, event);
    if (m_tap.isInsideEvent())
        m_relay.body("\n\n"); // ends the event that was cut, so that ours is read as one of its own
    m_relay.body(event);
}

void Call::clientGone()
{
    m_actions.closeUpstream(UpstreamClose::Abort);
    m_tap.cut();
    m_relay.closeAfterwards();
    end({.status = CallStatus::Cancelled,
         .httpStatus = static_cast<std::uint16_t>(m_relay.isHeadSent() ? m_status : 0),
         .error = {}});
}

void Call::clientDrained()
{
    updateFlow();
}

void Call::resume()
{
    m_judged.resume();
    afterStep();
}

/// What every step that may have let bytes out has in common.
void Call::afterStep()
{
    if (isOver())
        return;
    if (m_judged.failure())
        breakOff(*m_judged.failure(), CallStatus::Blocked);
    else if (m_stage == Stage::Held && m_relay.isFinished())
        finishReply();
}

void Call::finishReply()
{
    end(outcomeOfReply());
}

CallOutcome Call::outcomeOfReply() const
{
    CallOutcome outcome{
        .status = CallStatus::Completed, .httpStatus = static_cast<std::uint16_t>(m_status), .error = {}};
    const std::string& error = m_tap.response().error;
    if (m_status >= 400) {
        outcome.status = CallStatus::Failed;
        outcome.error = "HTTP " + std::to_string(m_status) + (error.empty() ? std::string(".") : ": " + error);
    } else if (!error.empty()) {
        outcome.status = CallStatus::Failed;
        outcome.error = error;
    } else if (m_tap.lacksItsEnd()) {
        outcome.status = CallStatus::Truncated;
        outcome.error = "The reply ended without the last event its API prescribes.";
    }
    return outcome;
}

void Call::end(const CallOutcome& outcome)
{
    m_stage = Stage::Over;
    conversation::CallEnded ended;
    ended.status = outcome.status;
    ended.httpStatus = outcome.httpStatus;
    ended.request = m_prepared->totals;
    m_tap.describe(ended);
    m_judged.describe(ended);
    ended.error = outcome.error;
    m_recorder.end(ended);
}

void Call::setStalled(bool stalled)
{
    m_stalled = stalled;
    m_stageSince = m_worker.clock.steady(); // the time nobody listened counts for nobody's silence
    updateFlow();
}

void Call::updateFlow()
{
    if (m_stage != Stage::Asked && m_stage != Stage::Replying)
        return;
    const std::size_t unsent = m_actions.unsentToClient();
    m_clientBehind = unsent > (m_clientBehind ? kLowWater : kHighWater);
    const bool pause = m_stalled || m_clientBehind;
    if (pause == m_paused)
        return;
    m_paused = pause;
    m_stageSince = m_worker.clock.steady();
    m_actions.setUpstreamFlow(pause ? Flow::Pause : Flow::Run);
    if (!m_stalled)
        m_actions.wakeAt(deadline());
}

SteadyPoint Call::deadline() const
{
    const Limits& limits = m_prepared->snapshot->limits;
    SteadyPoint first = SteadyPoint::max();
    if (m_stage == Stage::Opening)
        first = m_stageSince + limits.connect;
    else if (m_stage != Stage::Held && !m_stalled)
        first = m_stageSince + limits.idle;
    if (limits.total.count() > 0)
        first = std::min(first, m_startedAt + limits.total);
    return first;
}

void Call::tick()
{
    if (m_worker.clock.steady() >= deadline()) {
        deadlinePassed();
        return;
    }
    m_judged.heartbeat();
    SteadyPoint next = deadline();
    if (m_judged.needsHeartbeat())
        next = std::min(next, m_judged.heartbeatDue());
    if (next != SteadyPoint::max())
        m_actions.wakeAt(next);
}

void Call::deadlinePassed()
{
    const bool reading = m_stage == Stage::Asked || m_stage == Stage::Replying;
    if (reading && m_clientBehind) {
        // It is the client that no longer reads.
        clientGone();
        return;
    }
    m_worker.metrics.add(Metric::UpstreamErrors);
    const bool opening = m_stage == Stage::Opening;
    replyBroken({.code = "upstream_timeout",
                 .message = opening ? "The upstream could not be reached in time."
                                    : "The upstream's reply did not come in time.",
                 .status = 504});
}

} // namespace luthien::proxy
