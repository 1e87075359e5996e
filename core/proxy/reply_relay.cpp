// SPDX-License-Identifier: Apache-2.0
#include "proxy/reply_relay.h"

#include <array>
#include <charconv>
#include <utility>

namespace luthien::proxy {

using conversation::WireKind;
using policy::GateAction;
using policy::ReleasedBy;
using protocol::BodyFraming;

namespace {
std::chrono::microseconds microsBetween(SteadyPoint from, SteadyPoint to)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(to - from);
}
} // namespace

ReplyRelay::ReplyRelay(Parts parts, std::unique_ptr<policy::StreamGate> gate)
    : m_parts(parts)
    , m_gate(std::move(gate))
    , m_keepClient(parts.call.keepClient)
{
}

void ReplyRelay::head(const protocol::ResponseHead& head, const ReplyTap& tap)
{
    // A gate lets out what it has read, so a compressed reply is passed on decoded.
    const bool decoded = m_gate && tap.isDecoding();
    m_framing = head.framing;
    m_length = head.contentLength;
    if (m_framing == BodyFraming::UntilClose || (m_gate && m_framing != BodyFraming::None))
        m_framing = BodyFraming::Chunked;
    if (m_framing == BodyFraming::Chunked && m_parts.call.clientMinorVersion == 0)
        m_framing = BodyFraming::UntilClose;
    m_wholeGated = m_gate && !tap.isEventStream() && m_framing != BodyFraming::None;
    makeHead(head, decoded);
    if (!m_wholeGated)
        sendHead(std::nullopt);
}

void ReplyRelay::makeHead(const protocol::ResponseHead& head, bool decoded)
{
    protocol::Fields fields = head.fields;
    // A reply to HEAD and a 304 name the length of a body they do not have.
    const std::string length(head.framing == BodyFraming::None ? fields.value("content-length") : std::string_view());
    protocol::removeHopByHop(fields);
    fields.remove("alt-svc");
    fields.remove("x-luthien-call-id");
    if (decoded)
        fields.remove("content-encoding");
    m_head = "HTTP/1.1 " + std::to_string(head.status) + ' ' + head.reason + "\r\n";
    for (const protocol::Field& field : fields.all()) {
        m_head += field.name;
        m_head += ": ";
        m_head += field.value;
        m_head += "\r\n";
    }
    if (!length.empty() && head.status != 204)
        m_head += "Content-Length: " + length + "\r\n";
    m_head += "x-luthien-call-id: " + m_parts.call.id.toString() + "\r\n";
}

void ReplyRelay::sendHead(std::optional<std::size_t> wholeLength)
{
    if (m_headSent)
        return;
    m_headSent = true;
    if (wholeLength) {
        m_framing = BodyFraming::Length;
        m_length = *wholeLength;
    }
    if (m_framing == BodyFraming::Length)
        m_head += "Content-Length: " + std::to_string(m_length) + "\r\n";
    else if (m_framing == BodyFraming::Chunked)
        m_head += "Transfer-Encoding: chunked\r\n";
    else if (m_framing == BodyFraming::UntilClose)
        m_keepClient = false;
    m_head += m_keepClient ? "\r\n" : "Connection: close\r\n\r\n";
    m_parts.actions.writeToClient(m_head);
    m_head = {};
    m_lastSent = m_parts.clock.steady();
}

void ReplyRelay::send(std::string_view bytes)
{
    if (bytes.empty())
        return;
    if (m_framing != BodyFraming::Chunked) {
        m_parts.actions.writeToClient(bytes);
        return;
    }
    std::array<char, 18> size{};
    const auto end = std::to_chars(size.data(), size.data() + 16, bytes.size(), 16).ptr;
    end[0] = '\r';
    end[1] = '\n';
    m_parts.actions.writeToClient({size.data(), static_cast<std::size_t>(end - size.data()) + 2});
    m_parts.actions.writeToClient(bytes);
    m_parts.actions.writeToClient("\r\n");
}

void ReplyRelay::body(std::string_view bytes)
{
    if (!m_gate)
        send(bytes);
}

void ReplyRelay::replyEvent(const policy::GatedEvent& event)
{
    policy::GateAnswer answer = m_gate->judge(event);
    std::string_view bytes = event.bytes;
    if (answer.action == GateAction::Replace) {
        m_changedBytes += event.bytes.size();
        bytes = answer.replacement;
        m_parts.recorder.sent(conversation::wireKindOf(event.meaning), bytes);
    }
    if (answer.action == GateAction::Hold || isHolding()) {
        hold(event.seq, bytes, answer.action == GateAction::Hold);
        return;
    }
    if (m_wholeGated)
        sendHead(bytes.size());
    send(bytes);
    m_lastSent = m_parts.clock.steady();
}

void ReplyRelay::hold(std::uint32_t seq, std::string_view bytes, bool judgedHold)
{
    if (!isHolding()) {
        m_heldSince = m_parts.clock.steady();
        m_parts.recorder.sent(WireKind::Hold, {});
        m_parts.actions.wakeAt(heartbeatDue());
    }
    m_held.push_back({seq, judgedHold, std::string(bytes)});
    m_heldBytes += bytes.size();
}

void ReplyRelay::release(const policy::GateRelease& release)
{
    if (!isHolding() || m_held.front().seq > release.throughSeq)
        return;
    std::size_t covered = 0;
    for (Held& held : m_held) {
        if (held.seq > release.throughSeq)
            break;
        ++covered;
        held.judgedHold = false;
        if (release.replacement) {
            m_changedBytes += held.bytes.size();
            m_heldBytes -= held.bytes.size();
            held.bytes.clear();
        }
    }
    if (release.replacement) {
        Held& last = m_held[covered - 1];
        last.bytes = *release.replacement;
        m_heldBytes += last.bytes.size();
        m_parts.recorder.sent(WireKind::Text, last.bytes);
    }
    m_parts.recorder.sent(WireKind::Release, {});
    endHold(release.by);
    letGo();
    finishIfDone();
}

/// Lets everything out up to the next event that is really held.
void ReplyRelay::letGo()
{
    while (isHolding() && !m_held.front().judgedHold) {
        const Held& held = m_held.front();
        if (m_wholeGated)
            sendHead(held.bytes.size());
        send(held.bytes);
        m_heldBytes -= held.bytes.size();
        m_held.pop_front();
    }
    m_lastSent = m_parts.clock.steady();
}

void ReplyRelay::endHold(ReleasedBy by)
{
    const SteadyPoint now = m_parts.clock.steady();
    (by == ReleasedBy::Person ? m_heldByPerson : m_heldByPolicy) += microsBetween(m_heldSince, now);
    m_heldSince = now;
}

SteadyPoint ReplyRelay::heartbeatDue() const
{
    return m_lastSent + m_parts.call.snapshot->limits.heartbeat;
}

void ReplyRelay::heartbeat()
{
    if (!needsHeartbeat() || m_parts.clock.steady() < heartbeatDue())
        return;
    const std::string_view keepalive = m_parts.dialect.keepalive();
    m_parts.recorder.sent(WireKind::Keepalive, keepalive);
    send(keepalive);
    m_lastSent = m_parts.clock.steady();
}

void ReplyRelay::replyEnded()
{
    m_replyEnded = true;
    if (m_gate && isHolding())
        m_gate->replyEnded();
    finishIfDone();
}

void ReplyRelay::finishIfDone()
{
    if (!m_replyEnded || isHolding() || m_finished)
        return;
    if (m_wholeGated)
        sendHead(0); // the body was empty: there was nothing to judge
    if (m_framing == BodyFraming::Chunked)
        m_parts.actions.writeToClient("0\r\n\r\n");
    m_finished = true;
}

void ReplyRelay::fail(std::string_view code, std::string_view message, const ReplyTap& tap)
{
    m_finished = true;
    m_keepClient = false;
    m_held.clear();
    m_heldBytes = 0;
    const bool readable = tap.isEventStream() && (m_gate || !tap.isDecoding());
    const bool hasPlace = m_framing == BodyFraming::Chunked || m_framing == BodyFraming::UntilClose;
    if (!readable || !hasPlace)
        return;
    const std::string event = m_parts.dialect.errorEvent(code, message);
    m_parts.recorder.sent(WireKind::Error, event);
    if (!m_gate && tap.isInsideEvent())
        send("\n\n"); // ends the event that was cut, so that ours is read as one of its own
    send(event);
}

void ReplyRelay::describe(conversation::CallEnded& ended) const
{
    ended.response.changedBytes = m_changedBytes;
    ended.heldByPolicy = m_heldByPolicy;
    ended.heldByPerson = m_heldByPerson;
}

} // namespace luthien::proxy
