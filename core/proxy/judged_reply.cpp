// SPDX-License-Identifier: Apache-2.0
#include "proxy/judged_reply.h"

#include "base/logging.h"

#include <utility>

namespace luthien::proxy {

using conversation::CallStatus;
using conversation::WireKind;
using policy::ReleasedBy;
using protocol::HttpError;

namespace {
/// A client that asked for no stream may find a call where we see none, so it must not get one.
bool asksForStream(const PreparedCall& call)
{
    return call.stream || (call.method == "GET" && call.route.target.find("stream=true") != std::string::npos);
}
} // namespace

JudgedReply::JudgedReply(Parts parts, std::unique_ptr<policy::StreamGate> gate)
    : m_parts(parts)
    , m_gate(std::move(gate))
    , m_sent(parts.recorder, parts.dialect)
{
}

std::optional<policy::RequestRuling> JudgedReply::judgeRequest()
{
    auto ruling = m_gate->request(*this);
    if (!ruling) {
        fail({400, "unreadable_request", "A policy must judge this request and cannot: " + ruling.error().toString()});
        return std::nullopt;
    }
    noteHolding(m_gate->isHolding());
    return std::move(*ruling);
}

void JudgedReply::head(const protocol::ResponseHead& head, const ReplyTap& tap)
{
    if (m_gate)
        m_gate->requestAnswered(head.status, *this);
    if (m_isAnother) {
        anotherHead(head);
        return;
    }
    if (!m_gate || head.status >= 400 || head.framing == protocol::BodyFraming::None || !m_gate->looksAtReply())
        return;
    m_tap = &tap;
    if (m_gate->onlyWatches())
        return;
    m_form = tap.isEventStream() ? ReplyForm::Events : ReplyForm::Whole;
    if (tap.isEventStream())
        m_sent.setForm(tap.streamForm());
    if (head.status >= 300 && head.fields.has("location")) // clients follow it by themselves
        fail({502, "redirected",
              "The upstream sends the client past the policies that are enforced here; correct its base_url."});
    else if (tap.isEventStream() && !asksForStream(m_parts.call))
        failUnreadable("it is a stream that was not asked for.");
    bodyRead();
}

/// The client waits for a reply in the form of the first one; an error of the upstream is no such reply.
void JudgedReply::anotherHead(const protocol::ResponseHead& head)
{
    if (head.status >= 300 || m_tap->isEventStream() != (m_form == ReplyForm::Events))
        fail({502, "retry_failed",
              "A policy had the upstream asked again, and it answered HTTP " + std::to_string(head.status) + "."},
             CallStatus::Failed);
    bodyRead();
}

void JudgedReply::replyEvent(const policy::GatedEvent& event, std::uint32_t seq)
{
    m_seq = seq;
    if (m_tap && !m_failure)
        after(m_gate->event(event, *this));
}

void JudgedReply::bodyRead()
{
    if (isGated() && !m_failure && !m_tap->isReadable())
        failUnreadable("its content coding is unknown or broken, or it is too large.");
}

void JudgedReply::replyEnded()
{
    bodyRead();
    if (isGated() && m_tap->isInsideEvent() && !m_tap->hasItsEnd())
        failUnreadable("it ends inside of an event.");
    if (!m_tap || m_failure)
        return;
    m_replyEnded = true;
    after(m_gate->replyEnded(*this));
}

void JudgedReply::resume()
{
    if (m_gate && !m_failure)
        after(m_gate->resume(*this));
}

/// What every step of the gate may have led to.
void JudgedReply::after(const Result<void>& step)
{
    const bool isOverBound = m_gate->heldBytes() > m_parts.call.snapshot->limits.heldCallBytes;
    if (!isGated()) {
        if (m_tap && (!step || isOverBound))
            stopWatching(step ? Error{ErrorCode::TooLarge, "The reply holds more than a call may.", {}} : step.error());
        return;
    }
    noteHolding(m_gate->isHolding());
    if (!step && step.error().code == ErrorCode::Internal)
        failBroken(step.error().toString());
    else if (!step)
        failUnreadable(step.error().toString());
    else if (isOverBound)
        fail({502, "held_too_much", "A policy held back more of this reply than the limit allows."});
    else
        afterReply();
}

void JudgedReply::afterReply()
{
    if (auto next = m_gate->takeNextRequest()) {
        m_nextRequest = std::move(next);
        m_isAnother = true;
        m_replyEnded = false;
    } else if (m_replyEnded && !m_isHolding && !m_parts.relay.isFinished()) {
        if (!m_parts.relay.isHeadSent())
            m_parts.relay.whole({}); // the body was empty: there was nothing to judge
        m_parts.relay.finish();
    }
}

void JudgedReply::fail(HttpError failure, CallStatus status)
{
    m_failure = std::move(failure);
    m_failureStatus = status;
    if (m_isHolding)
        noteHolding(false);
}

void JudgedReply::failUnreadable(const std::string& why)
{
    m_parts.metrics.add(Metric::ParseErrors);
    fail({502, "unreadable_reply", "A policy must judge this reply and cannot: " + why});
}

/// A mistake of ours, found before the client saw it.
void JudgedReply::failBroken(const std::string& rule)
{
    m_parts.metrics.add(Metric::ProtocolViolations);
    qCCritical(lcProxy, "call %s: what policies made of its reply would break its API's rules: %s",
               m_parts.call.id.toString().c_str(), rule.c_str());
    fail({502, "broken_reply", "What policies made of this reply would break its API's rules: " + rule});
}

/// Nothing depends on a gate that only watches, so nothing is lost with it but its opinion.
void JudgedReply::stopWatching(const Error& why)
{
    m_parts.metrics.add(Metric::ParseErrors);
    qCWarning(lcProxy, "call %s: policies in shadow mode cannot judge this reply: %s",
              m_parts.call.id.toString().c_str(), why.toString().c_str());
    m_gate->dropReply(why, *this);
    m_tap = nullptr;
}

void JudgedReply::noteHolding(bool isHolding)
{
    if (isHolding == m_isHolding)
        return;
    m_isHolding = isHolding;
    m_parts.recorder.sent(isHolding ? WireKind::Hold : WireKind::Release, {});
    if (isHolding) {
        m_heldSince = m_lastHeartbeat = m_parts.clock.steady();
        if (needsHeartbeat())
            m_parts.actions.wakeAt(heartbeatDue());
        return;
    }
    addHeldTime();
}

void JudgedReply::addHeldTime()
{
    const auto held = std::chrono::duration_cast<std::chrono::microseconds>(m_parts.clock.steady() - m_heldSince);
    (m_gate->releasedBy() == ReleasedBy::Person ? m_heldByPerson : m_heldByPolicy) += held;
}

SteadyPoint JudgedReply::heartbeatDue() const
{
    return m_lastHeartbeat + m_parts.call.snapshot->limits.heartbeat;
}

void JudgedReply::heartbeat()
{
    if (!needsHeartbeat() || m_parts.clock.steady() < heartbeatDue())
        return;
    m_lastHeartbeat = m_parts.clock.steady();
    sendEvent(m_sent.keepalive());
}

void JudgedReply::sendEvent(std::string_view bytes)
{
    m_sent.events(bytes, Source::Proxy);
    m_parts.relay.body(bytes);
}

void JudgedReply::forward(std::string_view bytes)
{
    if (!isGated())
        return;
    m_forwardedBytes += bytes.size();
    put(bytes, Source::Upstream);
}

void JudgedReply::send(std::string_view bytes)
{
    if (isGated())
        put(bytes, Source::Proxy);
}

void JudgedReply::put(std::string_view bytes, Source source)
{
    if (m_form == ReplyForm::Whole) {
        m_sent.whole(bytes, source);
        m_parts.relay.whole(bytes);
    } else {
        m_sent.events(bytes, source);
        m_parts.relay.body(bytes);
    }
}

void JudgedReply::decided(conversation::Decision decision)
{
    m_parts.recorder.decided(std::move(decision), m_seq);
}

void JudgedReply::ended(const conversation::CallEnded& event)
{
    if (m_gate)
        m_gate->ended(event, *this);
}

void JudgedReply::describe(conversation::CallEnded& ended)
{
    if (m_isHolding)
        addHeldTime();
    ended.heldByPolicy = m_heldByPolicy;
    ended.heldByPerson = m_heldByPerson;
    if (!isGated())
        return;
    ended.response.changedBytes = m_tap->decodedBytes() - m_forwardedBytes;
    const conversation::Response* sent = m_sent.response();
    if (!sent || *sent == m_tap->response())
        return;
    m_sentJson = conversation::toJson(*sent);
    ended.sentReply = m_sentJson;
}

} // namespace luthien::proxy
