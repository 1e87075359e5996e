// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"
#include "policy/blocked_calls.h"
#include "policy/stream_gate.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::proxy {

/// The outputs that the provider of a stateful reply still waits for, of the calls that were blocked in it: puts them
/// into the request that goes on from there. Thread: the call's worker.
class OwedOutputs
{
public:
    /// calls may be null: then nothing is ever owed.
    OwedOutputs(conversation::Api api, std::shared_ptr<policy::BlockedCalls> calls);

    /// False = no request of this API owes anything now.
    [[nodiscard]] bool mayOwe() const;
    /// The body with what it owes, each output recorded as a decision; nullopt = it leaves as it is. A body that cannot
    /// be read is left to whoever must read it.
    [[nodiscard]] std::optional<std::string> addTo(std::string_view body, policy::GateOutlet& outlet);
    /// The provider has been told, in this request, what became of a call that was blocked in a conversation.
    static void told(const policy::BlockedCall& call, std::string conversation, policy::GateOutlet& outlet);
    /// The call is over: what a conversation took is owed no more.
    void ended(const conversation::CallEnded& event);

private:
    conversation::Api m_api;
    std::shared_ptr<policy::BlockedCalls> m_calls;
    std::string m_conversation; ///< the provider's, that the request goes on in
    std::vector<policy::BlockedCall> m_told;
};

/// Of a call that no policy looks at: its request brings what it owes, its reply passes.
class OwedOutputsGate final : public policy::StreamGate
{
public:
    OwedOutputsGate(OwedOutputs owed, std::function<std::string_view()> requestBody);

    [[nodiscard]] bool enforces() const noexcept override { return false; }
    [[nodiscard]] bool onlyWatches() const noexcept override { return true; }
    [[nodiscard]] bool looksAtRequest() const override { return true; }
    [[nodiscard]] Result<std::optional<policy::RequestRuling>> request(policy::GateOutlet& outlet) override;
    [[nodiscard]] bool looksAtReply() const override { return false; }
    [[nodiscard]] Result<void> event(const policy::GatedEvent&, policy::GateOutlet&) override { return {}; }
    [[nodiscard]] Result<void> replyEnded(policy::GateOutlet&) override { return {}; }
    [[nodiscard]] Result<void> resume(policy::GateOutlet&) override { return {}; }
    [[nodiscard]] std::size_t heldBytes() const noexcept override { return 0; }
    [[nodiscard]] bool isHolding() const noexcept override { return false; }
    void ended(const conversation::CallEnded& event, policy::GateOutlet& outlet) override;

private:
    OwedOutputs m_owed;
    std::function<std::string_view()> m_requestBody;
};

} // namespace luthien::proxy
