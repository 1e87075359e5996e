// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/policy_source.h"
#include "runtime/policies.h"

namespace luthien::desktop {

/// The policies of the running instance, for the window. Thread: GUI.
class RuntimePolicies final : public PolicySource
{
    Q_OBJECT

public:
    /// policies outlives this.
    explicit RuntimePolicies(runtime::Policies& policies, QObject* parent = nullptr);

    [[nodiscard]] std::vector<ListedPolicy> policies() const override;
    [[nodiscard]] std::string trouble() const override { return m_policies.trouble(); }
    [[nodiscard]] std::optional<policy::ScriptFailure> failureOf(const std::string& id) const override
    {
        return m_policies.failureOf(id);
    }
    [[nodiscard]] LatencyCounts latencyOf(const std::string& id) const override { return m_policies.latencyOf(id); }
    [[nodiscard]] policy::Registry types() const override { return m_policies.types(); }
    [[nodiscard]] Result<void> setMode(const std::string& id, std::optional<policy::PolicyMode> mode) override;
    [[nodiscard]] Result<void> save(const policy::Definition& definition) override;
    [[nodiscard]] Result<void> remove(const std::string& id) override;
    [[nodiscard]] Result<void> move(const std::string& id, int place) override;
    [[nodiscard]] Result<void> saveAll(const std::vector<policy::Definition>& definitions) override;

private:
    runtime::Policies& m_policies;
};

} // namespace luthien::desktop
