// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/chain.h"
#include "proxy/policy_gate.h"

#include <memory>
#include <string_view>

namespace luthien::test {

/// Blocks every tool with "drop" in its name.
class NoDrops final : public policy::Policy
{
public:
    [[nodiscard]] policy::Interests interests() const noexcept override { return {.toolCalls = true}; }
    [[nodiscard]] std::unique_ptr<policy::PolicyCall> open(const policy::PolicyContext&) const override
    {
        struct Call final : policy::PolicyCall
        {
            Result<policy::PolicyVerdict> toolCall(const policy::JudgedCall& judged) override
            {
                policy::PolicyVerdict verdict;
                if (judged.call.name.find("drop") != std::string_view::npos)
                    verdict.verdict = conversation::Verdict::Block;
                verdict.reason = "It drops something.";
                return verdict;
            }
        };
        return std::make_unique<Call>();
    }
};
inline constexpr policy::PolicyType kNoDropsTypes[] = {
    {.name = "no-drops",
     .title = "No drops",
     .summary = "Blocks.",
     .schema = "{}",
     .make = [](const boost::json::object&, const policy::Services&) -> Result<std::shared_ptr<const policy::Policy>> {
         return std::shared_ptr<const policy::Policy>(std::make_shared<NoDrops>());
     }}};

/// Gates of a chain with that policy alone.
inline std::shared_ptr<const policy::GateFactory> gatesWith(policy::PolicyMode mode)
{
    auto chain = policy::Chain::build(kNoDropsTypes, {{.id = "drops", .type = "no-drops", .mode = mode}});
    return proxy::makePolicyGates(std::move(chain).value());
}

} // namespace luthien::test
