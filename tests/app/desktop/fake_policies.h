// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/policy_source.h"
#include "policy/approval_desk.h"
#include "policy/builtin/builtin.h"
#include "policy/chain.h"
#include "policy/policy_figures.h"

#include <algorithm>

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
        if (auto chain = policy::Chain::build(types(), {definition}, {.approvals = &m_approvals}); !chain)
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

    [[nodiscard]] LatencyCounts latencyOf(const std::string& id) const override { return figures.of(id); }

    [[nodiscard]] Result<void> move(const std::string& id, int place) override
    {
        const auto from = std::ranges::find(m_policies, id, [](const auto& each) { return each.definition.id; });
        if (from == m_policies.end() || from->isFromFile || place < 0 || place >= std::ssize(m_policies) ||
            m_policies[static_cast<std::size_t>(place)].isFromFile)
            return Error{.code = ErrorCode::InvalidArgument, .message = id + " cannot stand there"};
        desktop::ListedPolicy moved = std::move(*from);
        m_policies.erase(from);
        m_policies.insert(m_policies.begin() + place, std::move(moved));
        Q_EMIT changed();
        return {};
    }

    [[nodiscard]] Result<void> saveAll(const std::vector<policy::Definition>& definitions) override
    {
        for (const policy::Definition& each : definitions)
            if (auto chain = policy::Chain::build(types(), {each}); !chain)
                return chain.error();
        for (const policy::Definition& each : definitions)
            if (auto done = save(each); !done)
                return done;
        return {};
    }

    policy::ScriptFailures failures;
    policy::PolicyFigures figures;

    void setTrouble(std::string trouble)
    {
        m_trouble = std::move(trouble);
        Q_EMIT changed();
    }

private:
    SystemClock m_clock;
    policy::ApprovalDesk m_approvals{m_clock}; ///< for types that ask
    std::vector<desktop::ListedPolicy> m_policies;
    std::string m_trouble;
};

} // namespace luthien::test
