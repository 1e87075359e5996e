// SPDX-License-Identifier: Apache-2.0
#include "proxy/policy_gate.h"

#include "protocol/reply_editor.h"
#include "protocol/request_editor.h"
#include "proxy/call_gate.h"
#include "proxy/shadowed_gate.h"

#include <utility>

namespace luthien::proxy {

namespace {
using conversation::Api;
using policy::Chain;
using policy::GatedCall;

policy::CallFacts factsOf(const GatedCall& call, bool changesArguments)
{
    policy::CallFacts facts{.call = call.call,
                            .api = call.api,
                            .identity = call.identity,
                            .upstream = std::string(call.upstream),
                            .model = std::string(call.model),
                            .path = std::string(call.path),
                            .stream = call.stream,
                            .requestHash = std::string(call.requestHash)};
    if (changesArguments)
        facts.toolSchema = [api = call.api, body = call.requestBody](std::string_view tool) {
            return protocol::toolSchema(api, body(), tool);
        };
    return facts;
}

class PolicyGates final : public policy::GateFactory
{
public:
    PolicyGates(std::shared_ptr<const Chain> chain, std::shared_ptr<policy::BlockedCalls> blockedCalls)
        : m_chain(std::move(chain))
        , m_blockedCalls(std::move(blockedCalls))
    {
    }

    [[nodiscard]] bool concerns(Api api) const override
    {
        return !m_chain->isEmpty() || OwedOutputs(api, m_blockedCalls).mayOwe();
    }
    [[nodiscard]] std::unique_ptr<policy::StreamGate> open(const GatedCall& call,
                                                           policy::WakeFunction wake) const override
    {
        const bool isMixed = m_chain->enforces() && m_chain->watches();
        auto gate = gateFor(call, wake, isMixed ? Chain::Part::Enforced : Chain::Part::All);
        if (!isMixed)
            return gate;
        auto shadows = reviewed(call, wake, Chain::Part::Shadows, nullptr);
        if (gate && shadows)
            return std::make_unique<ShadowedGate>(std::move(gate), std::move(shadows));
        return gate ? std::move(gate) : std::move(shadows);
    }

private:
    /// Null = nobody of that part looks at the call.
    [[nodiscard]] std::unique_ptr<policy::StreamGate>
    reviewed(const GatedCall& call, const policy::WakeFunction& wake, Chain::Part part,
             const std::shared_ptr<policy::BlockedCalls>& blockedCalls) const
    {
        const bool changesArguments = m_chain->changesArguments();
        auto gate = std::make_unique<CallGate>(CallGate::Parts{.api = call.api,
                                                               .path = std::string(call.path),
                                                               .requestBody = call.requestBody,
                                                               .changesArguments = changesArguments,
                                                               .blockedCalls = blockedCalls},
                                               [&](policy::DecisionTaker take) {
                                                   return m_chain->open({.facts = factsOf(call, changesArguments),
                                                                         .takeDecision = std::move(take),
                                                                         .clock = call.clock,
                                                                         .wake = wake,
                                                                         .inference = call.inference},
                                                                        part);
                                               });
        return gate->isNeeded() ? std::move(gate) : nullptr;
    }

    /// With what the request owes, whoever looks at it.
    [[nodiscard]] std::unique_ptr<policy::StreamGate> gateFor(const GatedCall& call, const policy::WakeFunction& wake,
                                                              Chain::Part part) const
    {
        if (auto gate = reviewed(call, wake, part, m_blockedCalls))
            return gate;
        OwedOutputs owed(call.api, m_blockedCalls);
        return owed.mayOwe() ? std::make_unique<OwedOutputsGate>(std::move(owed), call.requestBody) : nullptr;
    }

    std::shared_ptr<const Chain> m_chain;
    std::shared_ptr<policy::BlockedCalls> m_blockedCalls;
};
} // namespace

std::shared_ptr<const policy::GateFactory> makePolicyGates(std::shared_ptr<const Chain> chain,
                                                           std::shared_ptr<policy::BlockedCalls> blockedCalls)
{
    if (!chain || (chain->isEmpty() && !blockedCalls))
        return nullptr;
    return std::make_shared<PolicyGates>(std::move(chain), std::move(blockedCalls));
}

} // namespace luthien::proxy
