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
    /// The body with what it owes; nullopt = it leaves as it is. A body that cannot be read is left to whoever must
    /// read it.
    [[nodiscard]] std::optional<std::string> addTo(std::string_view body);
    /// The request goes out with the output of another call, that was blocked in this conversation.
    void tell(const policy::BlockedCall& call, const std::string& conversation);
    /// The provider has answered the request with this status. If it took what was added, each output is recorded as a
    /// decision, and what a conversation took is owed no more; else it is owed as before.
    void requestAnswered(unsigned httpStatus, policy::GateOutlet& outlet);

private:
    struct Told
    {
        policy::BlockedCall call;
        std::string conversation; ///< the provider's; empty = gone on from by a reply's id
        bool isOurs = true;       ///< else the client brings it itself
    };

    conversation::Api m_api;
    std::shared_ptr<policy::BlockedCalls> m_calls;
    std::vector<Told> m_told; ///< in the request that is under way
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
    void requestAnswered(unsigned httpStatus, policy::GateOutlet& outlet) override
    {
        m_owed.requestAnswered(httpStatus, outlet);
    }

private:
    OwedOutputs m_owed;
    std::function<std::string_view()> m_requestBody;
};

} // namespace luthien::proxy
