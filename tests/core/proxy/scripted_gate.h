// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/stream_gate.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace luthien::test {

enum class GateAction : std::uint8_t { Forward, Hold, Replace, Fail };

inline bool isToolEvent(const policy::GatedEvent& event)
{
    using conversation::EventKind;
    return std::ranges::any_of(event.meaning, [](const conversation::StreamEvent& part) {
        return part.kind == EventKind::ToolStart || part.kind == EventKind::ToolArgs || part.kind == EventKind::ToolEnd;
    });
}

/// What the gates of one test share with it.
struct GateDesk
{
    std::function<GateAction(const policy::GatedEvent&)> decide = [](const policy::GatedEvent& event) {
        return isToolEvent(event) ? GateAction::Hold : GateAction::Forward;
    };
    bool enforces = true;
    std::string replacement;
    policy::ReleasedBy releasedBy = policy::ReleasedBy::Policy;
    bool mayGo = false; ///< what is held leaves at the next wake-up
    bool replyEnded = false;
    std::function<Result<std::optional<policy::RequestRuling>>()> request; ///< none = it does not look at requests
    std::deque<std::string> nextRequests; ///< each throws a reply away; until there is none replies are kept whole
    SteadyPoint due = SteadyPoint::max();
    std::size_t waitingBytes = 0;
    bool isWaiting = false; ///< only watches, and has not said its last word
    int open = 0;
    int resumed = 0;
    int ended = 0;
    std::string seenRequest; ///< as it was when the gate was asked
    int events = 0;
    policy::WakeFunction wake;

    void release()
    {
        mayGo = true;
        wake();
    }
};

/// Keeps what the desk says, and all that comes behind it, until the desk lets it go.
class ScriptedGate final : public policy::StreamGate
{
public:
    ScriptedGate(GateDesk& desk, std::function<std::string_view()> requestBody)
        : m_desk(desk)
        , m_requestBody(std::move(requestBody))
    {
        ++m_desk.open;
    }
    ~ScriptedGate() override { --m_desk.open; }

    [[nodiscard]] bool looksAtRequest() const override { return m_desk.request != nullptr; }
    [[nodiscard]] Result<std::optional<policy::RequestRuling>> request(policy::GateOutlet&) override
    {
        m_desk.seenRequest = m_requestBody();
        auto ruling = m_desk.request();
        m_isRequestHeld = ruling && !*ruling;
        return ruling;
    }
    [[nodiscard]] bool needsRequest() const override { return !m_desk.nextRequests.empty(); }
    [[nodiscard]] std::optional<std::string> takeNextRequest() override
    {
        if (!m_isThrownAway)
            return std::nullopt;
        m_isThrownAway = false;
        return m_next;
    }
    [[nodiscard]] SteadyPoint due() const override { return m_desk.due; }
    [[nodiscard]] bool isWaiting() const override { return m_desk.isWaiting; }
    [[nodiscard]] std::size_t waitingBytes() const noexcept override { return m_desk.waitingBytes; }
    void ended(const conversation::CallEnded&, policy::GateOutlet& outlet) override
    {
        ++m_desk.ended;
        if (m_desk.isWaiting || m_isRequestHeld)
            outlet.decided({.reason = "withdrawn"});
    }

    [[nodiscard]] bool enforces() const noexcept override { return m_desk.enforces; }
    [[nodiscard]] bool onlyWatches() const noexcept override { return !m_desk.enforces; }
    [[nodiscard]] Result<void> event(const policy::GatedEvent& event, policy::GateOutlet& outlet) override
    {
        ++m_desk.events;
        m_isAskedAgain = false;
        const GateAction action = m_desk.nextRequests.empty() ? m_desk.decide(event) : GateAction::Hold;
        if (action == GateAction::Fail)
            return Error{ErrorCode::InvalidInput, "cannot be read", "byte 7"};
        if (action == GateAction::Hold || !m_held.empty())
            m_held.emplace_back(event.bytes);
        else if (action == GateAction::Replace)
            outlet.send(m_desk.replacement);
        else
            outlet.forward(event.bytes);
        return {};
    }
    [[nodiscard]] Result<void> replyEnded(policy::GateOutlet&) override
    {
        m_desk.replyEnded = true;
        if (!m_desk.nextRequests.empty()) {
            m_held.clear();
            m_next = m_desk.nextRequests.front();
            m_desk.nextRequests.pop_front();
            m_isThrownAway = m_isAskedAgain = true;
        }
        return {};
    }
    [[nodiscard]] Result<void> resume(policy::GateOutlet& outlet) override
    {
        ++m_desk.resumed;
        if (!m_desk.mayGo)
            return {};
        if (!m_held.empty() && !m_desk.replacement.empty()) {
            outlet.decided({.reason = "replaced"});
            outlet.send(m_desk.replacement);
            m_held.clear();
        }
        for (; !m_held.empty(); m_held.pop_front())
            outlet.forward(m_held.front());
        return {};
    }
    [[nodiscard]] std::size_t heldBytes() const noexcept override
    {
        std::size_t bytes = 0;
        for (const std::string& held : m_held)
            bytes += held.size();
        return bytes;
    }
    [[nodiscard]] bool isHolding() const noexcept override
    {
        return !m_held.empty() || m_isRequestHeld || m_isAskedAgain;
    }
    [[nodiscard]] policy::ReleasedBy releasedBy() const noexcept override { return m_desk.releasedBy; }

private:
    GateDesk& m_desk;
    std::function<std::string_view()> m_requestBody;
    std::deque<std::string> m_held;
    std::string m_next;
    bool m_isRequestHeld = false;
    bool m_isThrownAway = false;
    bool m_isAskedAgain = false;
};

class ScriptedGates final : public policy::GateFactory
{
public:
    explicit ScriptedGates(GateDesk& desk)
        : m_desk(desk)
    {
    }
    [[nodiscard]] std::unique_ptr<policy::StreamGate> open(const policy::GatedCall& call,
                                                           policy::WakeFunction wake) const override
    {
        if (call.api == conversation::Api::Other)
            return nullptr;
        m_desk.wake = std::move(wake);
        return std::make_unique<ScriptedGate>(m_desk, call.requestBody);
    }

private:
    GateDesk& m_desk;
};

} // namespace luthien::test
