// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/policy_source.h"
#include "policy/builtin/builtin.h"
#include "policy/chain.h"

namespace luthien::test {

/// A chain that is kept in memory; what is saved is checked as the program checks it.
class FakePolicies : public desktop::PolicySource
{
    Q_OBJECT

public:
    void add(policy::Definition definition, bool isFromFile = false)
    {
        const std::string version = policy::versionOf(definition);
        m_policies.push_back({.definition = std::move(definition), .version = version, .isFromFile = isFromFile});
        m_policies.back().place = isFromFile ? "config.yaml:7" : "";
        Q_EMIT changed();
    }

    [[nodiscard]] std::vector<desktop::ListedPolicy> policies() const override { return m_policies; }
    [[nodiscard]] std::string trouble() const override { return m_trouble; }
    [[nodiscard]] std::optional<policy::ScriptFailure> failureOf(const std::string& id) const override
    {
        return failures.of(id);
    }
    [[nodiscard]] policy::Registry types() const override { return policy::builtin::registry(); }

    [[nodiscard]] Result<void> setMode(const std::string& id, std::optional<policy::PolicyMode> mode) override
    {
        for (desktop::ListedPolicy& each : m_policies) {
            if (each.definition.id != id)
                continue;
            const policy::PolicyMode fileMode = each.fileMode.value_or(each.definition.mode);
            each.definition.mode = mode.value_or(fileMode);
            each.fileMode.reset();
            if (each.isFromFile && mode)
                each.fileMode = fileMode;
            Q_EMIT changed();
            return {};
        }
        return Error{.code = ErrorCode::NotFound, .message = "there is no policy " + id};
    }

    [[nodiscard]] Result<void> save(const policy::Definition& definition) override
    {
        if (auto chain = policy::Chain::build(types(), {definition}); !chain)
            return chain.error();
        for (desktop::ListedPolicy& each : m_policies) {
            if (each.definition.id == definition.id) {
                each.definition = definition;
                each.version = policy::versionOf(definition);
                Q_EMIT changed();
                return {};
            }
        }
        add(definition);
        return {};
    }

    [[nodiscard]] Result<void> remove(const std::string& id) override
    {
        std::erase_if(m_policies, [&](const desktop::ListedPolicy& each) { return each.definition.id == id; });
        Q_EMIT changed();
        return {};
    }

    policy::ScriptFailures failures;

    void setTrouble(std::string trouble)
    {
        m_trouble = std::move(trouble);
        Q_EMIT changed();
    }

private:
    std::vector<desktop::ListedPolicy> m_policies;
    std::string m_trouble;
};

} // namespace luthien::test
