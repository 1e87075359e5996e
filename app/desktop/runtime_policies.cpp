// SPDX-License-Identifier: Apache-2.0
#include "desktop/runtime_policies.h"

namespace luthien::desktop {

RuntimePolicies::RuntimePolicies(runtime::Policies& policies, QObject* parent)
    : PolicySource(parent)
    , m_policies(policies)
{
    connect(&policies, &runtime::Policies::changed, this, &PolicySource::changed);
    connect(&policies, &runtime::Policies::saved, this, &PolicySource::changed);
}

std::vector<ListedPolicy> RuntimePolicies::policies() const
{
    std::vector<ListedPolicy> listed;
    for (const runtime::PolicyState& state : m_policies.states())
        listed.push_back({.definition = state.definition,
                          .version = state.version,
                          .isFromFile = state.isFromFile,
                          .fileMode = state.fileMode,
                          .place = state.place});
    return listed;
}

Result<void> RuntimePolicies::setMode(const std::string& id, std::optional<policy::PolicyMode> mode)
{
    return m_policies.setMode(id, mode, "window");
}

Result<void> RuntimePolicies::save(const policy::Definition& definition)
{
    return m_policies.save(definition, "window");
}

Result<void> RuntimePolicies::remove(const std::string& id)
{
    return m_policies.remove(id, "window");
}

Result<void> RuntimePolicies::move(const std::string& id, int place)
{
    return m_policies.move(id, static_cast<std::size_t>(place), "window");
}

Result<void> RuntimePolicies::saveAll(const std::vector<policy::Definition>& definitions)
{
    return m_policies.apply(definitions, runtime::Others::Kept, "window");
}

} // namespace luthien::desktop
