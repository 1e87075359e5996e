// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/metrics.h"
#include "policy/stream_gate.h"
#include "protocol/dialect.h"
#include "protocol/http_message.h"
#include "proxy/call_actions.h"
#include "proxy/call_recorder.h"
#include "proxy/reply_relay.h"
#include "proxy/reply_tap.h"
#include "proxy/sent_reply.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace luthien::proxy {

/// The way of one call through its gate: its request is asked about, then nothing of its reply leaves but what the gate
/// puts out. Without a gate, or with one that only watches, the caller relays the reply itself. Thread: the worker.
class JudgedReply final : public ReplyListener, public policy::GateOutlet
{
public:
    struct Parts
    {
        CallActions& actions;
        CallRecorder& recorder;
        ReplyRelay& relay;
        Metrics& metrics;
        const Clock& clock;
        const protocol::Dialect& dialect;
        const PreparedCall& call;
    };
    JudgedReply(Parts parts, std::unique_ptr<policy::StreamGate> gate);

    /// What becomes of the request; nullopt = wait for resume(), or see failure().
    [[nodiscard]] std::optional<policy::RequestRuling> judgeRequest();

    /// Replies that are no success are not judged: they carry no tool calls, and clients need them as they are.
    void head(const protocol::ResponseHead& head, const ReplyTap& tap);
    void replyEvent(const policy::GatedEvent& event, std::uint32_t seq) override;
    /// Some of the body has been read: it may have turned out to be unreadable.
    void bodyRead();
    void replyEnded();
    void resume();
    /// The request that asks the upstream again; once. What came has been thrown away, another head() follows.
    [[nodiscard]] std::optional<std::string> takeNextRequest() { return std::exchange(m_nextRequest, std::nullopt); }
    /// The call is over; before its end is recorded.
    void ended(const conversation::CallEnded& event);
    /// Sends a keep-alive if one is due.
    void heartbeat();
    /// Puts an event, or a whole body, of our own in front of the client; the caller sends whole bodies.
    void sendEvent(std::string_view bytes);
    void noteWhole(std::string_view body) { m_sent.whole(body, Source::Proxy); }
    /// What ends a stream with an error, after what the client got so far.
    [[nodiscard]] std::string errorEnding(const protocol::HttpError& error) const { return m_sent.errorEnding(error); }

    void forward(std::string_view bytes) override;
    void send(std::string_view bytes) override;
    void decided(conversation::Decision decision) override;

    [[nodiscard]] bool enforces() const noexcept { return m_gate && m_gate->enforces(); }
    [[nodiscard]] bool hasGate() const noexcept { return m_gate != nullptr; }
    [[nodiscard]] bool looksAtRequest() const { return m_gate && m_gate->looksAtRequest(); }
    [[nodiscard]] bool needsRequest() const { return m_gate && m_gate->needsRequest(); }
    /// True while policies that only watch are at work: the client has its reply, the record waits for them.
    [[nodiscard]] bool isWaiting() const { return m_gate && !m_failure && m_gate->isWaiting(); }
    /// How long something was held so far, by policies and by people.
    [[nodiscard]] std::chrono::microseconds heldTime() const noexcept { return m_heldByPolicy + m_heldByPerson; }
    [[nodiscard]] std::size_t watchedBytes() const { return m_gate ? m_gate->heldBytes() + m_gate->waitingBytes() : 0; }
    /// When resume() is wanted at the latest.
    [[nodiscard]] SteadyPoint due() const { return m_gate && !m_failure ? m_gate->due() : SteadyPoint::max(); }
    /// True if this reply reaches the client through the gate only.
    [[nodiscard]] bool isGated() const noexcept { return m_form != ReplyForm::AsItCame; }
    [[nodiscard]] ReplyForm form() const noexcept { return m_form; }
    /// True if keep-alives must be sent: a whole reply whose head still waits has no place for them.
    [[nodiscard]] bool needsHeartbeat() const noexcept { return m_isHolding && m_form == ReplyForm::Events; }
    [[nodiscard]] SteadyPoint heartbeatDue() const;
    /// Why the reply must be ended without being complete.
    [[nodiscard]] const std::optional<protocol::HttpError>& failure() const noexcept { return m_failure; }
    [[nodiscard]] conversation::CallStatus failureStatus() const noexcept { return m_failureStatus; }
    /// Comes after the tap's own describe().
    void describe(conversation::CallEnded& ended);

private:
    void after(const Result<void>& step);
    void afterReply();
    void anotherHead(const protocol::ResponseHead& head);
    void fail(protocol::HttpError failure, conversation::CallStatus status = conversation::CallStatus::Blocked);
    void failUnreadable(const std::string& why);
    void failBroken(const std::string& rule);
    void stopWatching(const Error& why);
    void noteHolding(bool isHolding);
    void addHeldTime();
    void put(std::string_view bytes, Source source);

    Parts m_parts;
    std::unique_ptr<policy::StreamGate> m_gate;
    const ReplyTap* m_tap = nullptr; ///< set by the head of a reply that is judged or watched
    bool m_isAnother = false;        ///< the reply is not the first one: the upstream was asked again
    std::optional<std::string> m_nextRequest;
    SentReply m_sent;
    ReplyForm m_form = ReplyForm::AsItCame;
    std::optional<protocol::HttpError> m_failure;
    conversation::CallStatus m_failureStatus = conversation::CallStatus::Blocked;
    std::uint32_t m_seq = 0; ///< of the event at hand
    std::uint64_t m_forwardedBytes = 0;
    std::string m_sentJson;

    bool m_replyEnded = false;
    bool m_isHolding = false;
    SteadyPoint m_heldSince{};
    SteadyPoint m_lastHeartbeat{};
    std::chrono::microseconds m_heldByPolicy{};
    std::chrono::microseconds m_heldByPerson{};
};

} // namespace luthien::proxy
