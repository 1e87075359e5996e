// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/stream_gate.h"
#include "protocol/dialect.h"
#include "protocol/http_message.h"
#include "proxy/call_actions.h"
#include "proxy/call_recorder.h"
#include "proxy/reply_tap.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace luthien::proxy {

/// What the client of one call is sent: our framing around the upstream's bytes, or what a gate lets out of them.
/// Without a gate bytes pass as they come; with one a whole reply's head waits for the verdict too. Thread: the worker.
class ReplyRelay final : public ReplyListener
{
public:
    struct Parts
    {
        CallActions& actions;
        CallRecorder& recorder;
        Metrics& metrics;
        const Clock& clock;
        const protocol::Dialect& dialect;
        const PreparedCall& call;
    };
    ReplyRelay(Parts parts, std::unique_ptr<policy::StreamGate> gate);

    void head(const protocol::ResponseHead& head, const ReplyTap& tap);
    /// Body bytes as they came; does nothing when a gate gets the events instead.
    void body(std::string_view bytes);
    void replyEvent(const policy::GatedEvent& event) override;
    /// The upstream's reply is complete.
    void replyEnded();
    void release(const policy::GateRelease& release);
    /// Sends a keep-alive if one is due.
    void heartbeat();
    /// Ends a reply already begun in the API's error form; what is held never leaves.
    void fail(std::string_view code, std::string_view message, const ReplyTap& tap);
    /// This connection ends with this reply.
    void closeAfterwards() noexcept { m_keepClient = false; }

    [[nodiscard]] bool hasGate() const noexcept { return m_gate != nullptr; }
    [[nodiscard]] bool isHeadSent() const noexcept { return m_headSent; }
    [[nodiscard]] bool isHolding() const noexcept { return !m_held.empty(); }
    /// True if keep-alives must be sent: a whole reply whose head still waits has no place for them.
    [[nodiscard]] bool needsHeartbeat() const noexcept { return isHolding() && m_headSent; }
    /// More is held than a call may: it must be failed.
    [[nodiscard]] bool isOverBound() const noexcept
    {
        return m_heldBytes > m_parts.call.snapshot->limits.heldCallBytes;
    }
    /// All of the reply has been written.
    [[nodiscard]] bool isFinished() const noexcept { return m_finished; }
    [[nodiscard]] bool keepsClient() const noexcept { return m_keepClient; }
    [[nodiscard]] SteadyPoint heartbeatDue() const;
    void describe(conversation::CallEnded& ended) const;

private:
    struct Held
    {
        std::uint32_t seq = 0;
        bool judgedHold = false; ///< false = only waits behind one that is held
        std::string bytes;
    };

    void makeHead(const protocol::ResponseHead& head, bool decoded);
    void sendHead(std::optional<std::size_t> wholeLength);
    void send(std::string_view bytes);
    void hold(std::uint32_t seq, std::string_view bytes, bool judgedHold);
    void letGo();
    void endHold(policy::ReleasedBy by);
    void finishIfDone();

    Parts m_parts;
    std::unique_ptr<policy::StreamGate> m_gate;

    std::string m_head; ///< status line and fields; framing is added when it is sent
    protocol::BodyFraming m_framing = protocol::BodyFraming::None; ///< towards the client
    std::uint64_t m_length = 0;
    bool m_keepClient;
    bool m_headSent = false;
    bool m_wholeGated = false; ///< a gate judges this reply as one event: its length is known only then
    bool m_replyEnded = false;
    bool m_finished = false;

    std::deque<Held> m_held;
    std::size_t m_heldBytes = 0;
    SteadyPoint m_heldSince{};
    SteadyPoint m_lastSent{};
    std::uint64_t m_changedBytes = 0;
    std::chrono::microseconds m_heldByPolicy{};
    std::chrono::microseconds m_heldByPerson{};
};

} // namespace luthien::proxy
