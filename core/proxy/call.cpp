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
/// Policies that only watch have deadlines of their own; this one is for those that forget them.
constexpr std::chrono::minutes kWatchedAtMost{15};
/// A policy that is due is asked again no more often than this.
constexpr std::chrono::milliseconds kAskedAgainAfter{5};

/// Null = no gate looks at this call.
const policy::GateFactory* gatesFor(const PreparedCall& call)
{
    const policy::GateFactory* gates = call.snapshot->gates.get();
    return gates && gates->concerns(call.route.api) ? gates : nullptr;
}

CallOutcome outcomeOf(const ReplyTap& tap, unsigned status)
{
    CallOutcome outcome{.status = CallStatus::Completed, .httpStatus = static_cast<std::uint16_t>(status), .error = {}};
    const std::string& error = tap.response().error;
    if (status >= 400) {
        outcome.status = CallStatus::Failed;
        outcome.error = "HTTP " + std::to_string(status) + (error.empty() ? std::string(".") : ": " + error);
    } else if (!error.empty()) {
        outcome.status = CallStatus::Failed;
        outcome.error = error;
    } else if (tap.lacksItsEnd()) {
        outcome.status = CallStatus::Truncated;
        outcome.error = "The reply ended without the last event its API prescribes.";
    }
    return outcome;
}
} // namespace

Call::Call(WorkerContext& worker, CallActions& actions, std::unique_ptr<PreparedCall> prepared)
    : m_worker(worker)
    , m_actions(actions)
    , m_prepared(std::move(prepared))
    , m_recorder(worker)
    , m_relay(actions, *m_prepared)
    , m_inference(gatesFor(*m_prepared) ? actions.makeInference(*m_prepared) : nullptr)
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
    const policy::GateFactory* gates = gatesFor(call);
    if (!gates)
        return nullptr;
    return gates->open({.call = call.id,
                        .api = call.route.api,
                        .identity = call.identity,
                        .upstream = call.route.upstream->name,
                        .model = call.model,
                        .path = call.path,
                        .requestHash = toHex(call.totals.sha256),
                        .requestBody = [this] { return m_prepared->readableBody(); },
                        .stream = call.stream,
                        .clock = m_worker.clock,
                        .inference = m_inference.get()},
                       m_actions.makeWake(call.id));
}

void Call::start()
{
    m_startedAt = m_worker.clock.steady();
    m_recorder.open(*m_prepared);
    if (const auto error = refusal())
        breakOff(*error, CallStatus::Blocked);
    else if (m_judged.looksAtRequest())
        judgeRequest();
    else
        openUpstream(UpstreamChoice::PooledOrFresh);
}

/// What enforced policies of this call could not read does not even reach the upstream. What is no generation
/// (Api::Other) has nothing to read; policies that count requests are asked all the same.
std::optional<HttpError> Call::refusal() const
{
    const PreparedCall& call = *m_prepared;
    if (!m_judged.enforces() || call.isBodyReadable || call.route.api == conversation::Api::Other)
        return std::nullopt;
    return HttpError{415, "unreadable_request",
                     "Policies are enforced here, and the request's Content-Encoding cannot be read."};
}

void Call::judgeRequest()
{
    m_stage = Stage::Judged;
    auto ruling = m_judged.judgeRequest();
    if (m_judged.failure()) {
        breakOff(*m_judged.failure(), m_judged.failureStatus());
        return;
    }
    if (!ruling) {
        const SteadyPoint next =
            std::min(deadline(), m_judged.due() == SteadyPoint::max() ? m_judged.due() : gateDue());
        if (next != SteadyPoint::max())
            m_actions.wakeAt(next);
        return;
    }
    if (ruling->isBlocked) {
        breakOff({400, "blocked_by_policy", ruling->notice}, CallStatus::Blocked);
        return;
    }
    if (ruling->body)
        changeRequest(std::move(*ruling->body));
    openUpstream(UpstreamChoice::PooledOrFresh);
}

void Call::changeRequest(std::string body)
{
    replaceBody(*m_prepared, std::move(body));
    m_recorder.requestSent(*m_prepared);
}

/// What came was thrown away by the gate; what the client has been sent so far is a head and keep-alives at most.
void Call::askAgain(std::string body)
{
    changeRequest(std::move(body));
    m_tap.startAgain();
    m_heardUpstream = false;
    if (!m_relay.isHeadSent())
        m_status = 0;
    openUpstream(UpstreamChoice::PooledOrFresh);
}

void Call::openUpstream(UpstreamChoice choice)
{
    if (!m_judged.needsRequest())
        m_prepared->decodedBody = {};
    m_stage = Stage::Opening;
    m_stageSince = m_worker.clock.steady();
    if (!m_addedBefore)
        m_addedBefore =
            std::chrono::duration_cast<std::chrono::microseconds>(m_stageSince - m_startedAt) - m_judged.heldTime();
    m_actions.openUpstream(m_prepared->route.upstream->baseUrl.origin, choice);
    m_actions.wakeAt(deadline());
}

void Call::upstreamOpened(bool fromPool)
{
    const SteadyPoint now = m_worker.clock.steady();
    m_fromPool = fromPool;
    m_connectTime.reset();
    if (!fromPool)
        m_connectTime = std::chrono::duration_cast<std::chrono::microseconds>(now - m_stageSince);
    m_stage = Stage::Asked;
    m_stageSince = now;
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
        if (!m_judged.needsRequest()) { // the same request is not sent again from here on
            m_prepared->body = {};
            m_prepared->upstreamHead = {};
        }
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
    m_tap.head(head, m_prepared->stream, m_connectTime);
    m_judged.head(head, m_tap);
    if (!m_judged.failure() && !m_relay.isHeadSent())
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
             m_stage == Stage::Replying || m_stage == Stage::Held ? CallStatus::Truncated : CallStatus::Failed);
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
    const bool readable =
        m_judged.isGated() ? m_judged.form() == ReplyForm::Events : m_tap.isEventStream() && !m_tap.isDecoding();
    if (!readable || !hasPlace)
        return;
    if (m_judged.isGated()) {
        m_judged.sendEvent(m_judged.errorEnding(error));
        return;
    }
    const std::string ending = m_tap.errorEnding(error);
    m_recorder.sent(conversation::WireKind::Error, ending);
    m_relay.body(ending);
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
    if (isOver())
        return;
    if (m_stage == Stage::Judged) {
        judgeRequest();
        return;
    }
    m_judged.resume();
    afterStep();
}

/// What every step that may have let bytes out has in common.
void Call::afterStep()
{
    if (isOver())
        return;
    if (m_stage == Stage::Watched) {
        if (!m_judged.isWaiting())
            end(m_outcome);
    } else if (m_judged.failure()) {
        breakOff(*m_judged.failure(), m_judged.failureStatus());
    } else if (auto next = m_judged.takeNextRequest()) {
        askAgain(std::move(*next));
    } else if (m_stage == Stage::Held && m_relay.isFinished()) {
        finishReply();
    }
    if (!isOver() && m_judged.due() != SteadyPoint::max())
        m_actions.wakeAt(gateDue());
}

void Call::finishReply()
{
    m_outcome = outcomeOf(m_tap, m_status);
    if (!m_judged.isWaiting()) {
        end(m_outcome);
        return;
    }
    m_stage = Stage::Watched;
    m_stageSince = m_worker.clock.steady();
    m_answeredAt = m_worker.clock.now();
    m_actions.wakeAt(deadline());
}

void Call::withdraw()
{
    if (m_stage == Stage::Watched)
        end(m_outcome);
}

std::size_t Call::watchedBytes() const
{
    return m_prepared->body.size() + m_prepared->decodedBody.size() + m_judged.watchedBytes();
}

void Call::end(const CallOutcome& outcome)
{
    m_stage = Stage::Over;
    conversation::CallEnded ended;
    ended.call = id();
    ended.at = m_answeredAt.value_or(m_worker.clock.now());
    ended.status = outcome.status;
    ended.httpStatus = outcome.httpStatus;
    ended.request = m_prepared->totals;
    m_tap.describe(ended);
    m_judged.describe(ended);
    ended.error = outcome.error;
    if (const auto& prices = m_prepared->snapshot->prices)
        ended.costNanoUsd =
            prices->costOf(m_prepared->route.api,
                           ended.model.empty() ? std::string_view(m_prepared->model) : ended.model, ended.usage);
    m_judged.ended(ended);
    if (m_addedBefore)
        m_worker.metrics.observe(Latency::Added, *m_addedBefore + ended.heldByPolicy);
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
    if (m_stage == Stage::Watched)
        return m_stageSince + kWatchedAtMost;
    SteadyPoint first = SteadyPoint::max();
    if (m_stage == Stage::Opening)
        first = m_stageSince + limits.connect;
    else if ((m_stage == Stage::Asked || m_stage == Stage::Replying) && !m_stalled)
        first = m_stageSince + limits.idle;
    if (limits.total.count() > 0)
        first = std::min(first, m_startedAt + limits.total);
    return first;
}

SteadyPoint Call::gateDue() const
{
    return std::max(m_judged.due(), m_worker.clock.steady() + kAskedAgainAfter);
}

void Call::tick()
{
    if (m_worker.clock.steady() >= deadline()) {
        deadlinePassed();
        return;
    }
    if (m_worker.clock.steady() >= m_judged.due())
        resume();
    if (isOver())
        return;
    m_judged.heartbeat();
    SteadyPoint next = deadline();
    if (m_judged.needsHeartbeat())
        next = std::min(next, m_judged.heartbeatDue());
    if (m_judged.due() != SteadyPoint::max())
        next = std::min(next, gateDue());
    if (next != SteadyPoint::max())
        m_actions.wakeAt(next);
}

void Call::deadlinePassed()
{
    const bool reading = m_stage == Stage::Asked || m_stage == Stage::Replying;
    if (m_stage == Stage::Watched) {
        withdraw();
    } else if (m_stage == Stage::Judged) {
        breakOff({504, "policy_timeout", "No policy said in time whether this request may be sent."},
                 CallStatus::Blocked);
    } else if (reading && m_clientBehind) {
        // It is the client that no longer reads.
        clientGone();
    } else {
        m_worker.metrics.add(Metric::UpstreamErrors);
        replyBroken({.code = "upstream_timeout",
                     .message = m_stage == Stage::Opening ? "The upstream could not be reached in time."
                                                          : "The upstream's reply did not come in time.",
                     .status = 504});
    }
}

} // namespace luthien::proxy
