// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/chain.h"
#include "proxy/policy_gate.h"

#include <cassert>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace luthien::test {

/// What a policy of a test does. Its functions run on workers; empty = it does not look at that.
struct PolicyScript
{
    using Verdict = Result<policy::PolicyVerdict>;
    std::function<Verdict(const policy::PolicyContext&, std::span<const conversation::RequestPart>)> request;
    std::function<Verdict(const policy::PolicyContext&, const policy::JudgedCall&)> toolCall;
    /// The text of a block, complete; what is returned leaves in its place.
    std::function<std::string(std::string)> text;
    std::function<void(const policy::PolicyContext&, const conversation::CallEnded&)> ended;
    bool changesArguments = false;
};

/// Does what its script says.
class ScriptedPolicy final : public policy::Policy
{
public:
    explicit ScriptedPolicy(PolicyScript& script)
        : m_script(script)
    {
    }
    [[nodiscard]] policy::Interests interests() const noexcept override
    {
        return {.toolCalls = m_script.toolCall != nullptr,
                .text = m_script.text != nullptr,
                .request = m_script.request != nullptr,
                .end = m_script.ended != nullptr,
                .changesArguments = m_script.changesArguments};
    }
    [[nodiscard]] std::unique_ptr<policy::PolicyCall> open(const policy::PolicyContext& context) const override
    {
        return std::make_unique<Call>(m_script, context);
    }

private:
    class Call final : public policy::PolicyCall
    {
    public:
        Call(PolicyScript& script, const policy::PolicyContext& context)
            : m_script(script)
            , m_context(context)
        {
        }
        Result<policy::PolicyVerdict> request(std::span<const conversation::RequestPart> parts) override
        {
            return m_script.request(m_context, parts);
        }
        Result<policy::PolicyVerdict> toolCall(const policy::JudgedCall& call) override
        {
            return m_script.toolCall(m_context, call);
        }
        void text(std::uint32_t, std::uint32_t, std::string_view part, std::string&) override { m_text += part; }
        Result<policy::PolicyVerdict> textEnd(std::uint32_t, std::uint32_t, std::string& out) override
        {
            out += m_script.text(std::exchange(m_text, {}));
            return policy::PolicyVerdict{};
        }
        void ended(const conversation::CallEnded& event) override { m_script.ended(m_context, event); }

    private:
        PolicyScript& m_script;
        const policy::PolicyContext& m_context;
        std::string m_text;
    };
    PolicyScript& m_script;
};

/// A chain of one policy with that script, which outlives it.
inline std::shared_ptr<const policy::Chain> chainOf(PolicyScript& script, policy::Definition definition)
{
    static thread_local PolicyScript* current = nullptr;
    static constexpr policy::PolicyType kTypes[] = {
        {.name = "scripted",
         .title = "Scripted",
         .summary = "Does what its test says.",
         .schema = "{}",
         .make = [](const boost::json::object&,
                    const policy::Services&) -> Result<std::shared_ptr<const policy::Policy>> {
             return std::shared_ptr<const policy::Policy>(std::make_shared<ScriptedPolicy>(*current));
         }}};
    current = &script;
    definition.type = "scripted";
    auto chain = policy::Chain::build(kTypes, {std::move(definition)});
    assert(chain);
    return std::move(chain).value();
}

} // namespace luthien::test
