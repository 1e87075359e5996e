// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/stream_gate.h"

#include <memory>
#include <optional>
#include <string>

namespace luthien::proxy {

/// A gate, and beside it one for the shadows of the same call: these see everything that came, with an editor of their
/// own, and nothing that they hold, refuse or fail at reaches the client or the other gate. Thread: the call's worker.
class ShadowedGate final : public policy::StreamGate
{
public:
    ShadowedGate(std::unique_ptr<policy::StreamGate> gate, std::unique_ptr<policy::StreamGate> shadows);

    [[nodiscard]] bool enforces() const noexcept override { return m_gate->enforces(); }
    [[nodiscard]] bool onlyWatches() const noexcept override { return m_gate->onlyWatches(); }
    [[nodiscard]] bool looksAtRequest() const override;
    [[nodiscard]] Result<std::optional<policy::RequestRuling>> request(policy::GateOutlet& outlet) override;
    [[nodiscard]] bool needsRequest() const override { return m_gate->needsRequest() || m_shadows->needsRequest(); }
    void requestAnswered(unsigned httpStatus, policy::GateOutlet& outlet) override
    {
        m_gate->requestAnswered(httpStatus, outlet);
    }
    [[nodiscard]] bool looksAtReply() const override { return m_gate->looksAtReply() || m_shadows->looksAtReply(); }
    [[nodiscard]] Result<void> event(const policy::GatedEvent& event, policy::GateOutlet& outlet) override;
    [[nodiscard]] Result<void> replyEnded(policy::GateOutlet& outlet) override;
    [[nodiscard]] std::optional<std::string> takeNextRequest() override;
    [[nodiscard]] Result<void> resume(policy::GateOutlet& outlet) override;
    void dropReply(const Error& why, policy::GateOutlet& outlet) override;
    [[nodiscard]] SteadyPoint due() const override;
    [[nodiscard]] std::size_t heldBytes() const noexcept override { return m_gate->heldBytes(); }
    [[nodiscard]] bool isHolding() const noexcept override { return m_gate->isHolding(); }
    [[nodiscard]] policy::ReleasedBy releasedBy() const noexcept override { return m_gate->releasedBy(); }
    [[nodiscard]] bool isWaiting() const override { return m_gate->isWaiting() || m_shadows->isWaiting(); }
    [[nodiscard]] std::size_t waitingBytes() const noexcept override;
    void ended(const conversation::CallEnded& event, policy::GateOutlet& outlet) override;

private:
    /// After a step of the shadows: what they cannot judge they see no more of.
    void after(const Result<void>& step, policy::GateOutlet& outlet);

    std::unique_ptr<policy::StreamGate> m_gate;
    std::unique_ptr<policy::StreamGate> m_shadows;
    bool m_areShadowsAsked = false; ///< about the request
    bool m_isShown;                 ///< the reply, to the shadows
};

} // namespace luthien::proxy
