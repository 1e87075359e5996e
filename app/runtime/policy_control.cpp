// SPDX-License-Identifier: Apache-2.0
#include "runtime/policy_control.h"

namespace luthien::runtime {

namespace {
control::PolicyEntry entryOf(const PolicyState& state)
{
    return {.definition = state.definition,
            .version = state.version,
            .source = state.isFromFile ? control::PolicySource::File : control::PolicySource::Stored,
            .isOverridden = state.fileMode.has_value()};
}
} // namespace

PolicyControl::PolicyControl(Policies& policies)
    : m_policies(policies)
{
    connect(&m_policies, &Policies::changed, this, &PolicyControl::refresh);
    refresh();
}

std::vector<control::PolicyEntry> PolicyControl::list() const
{
    const std::lock_guard lock(m_mutex);
    return m_entries;
}

void PolicyControl::setMode(std::string id, policy::PolicyMode mode, SetModeDone done)
{
    const auto set = [this, id = std::move(id), mode, done = std::move(done)] {
        const auto taken = m_policies.setMode(id, mode, [&policies = m_policies, id, done](const Result<void>& saved) {
            const PolicyState* state = policies.find(id);
            if (!saved || state == nullptr) // removed meanwhile
                done(saved ? Error{.code = ErrorCode::NotFound, .message = "the policy is gone"} : saved.error());
            else
                done(entryOf(*state));
        });
        if (!taken)
            done(taken.error());
    };
    QMetaObject::invokeMethod(this, set, Qt::QueuedConnection);
}

void PolicyControl::refresh()
{
    std::vector<control::PolicyEntry> entries;
    for (const PolicyState& state : m_policies.states())
        entries.push_back(entryOf(state));
    const std::lock_guard lock(m_mutex);
    m_entries = std::move(entries);
}

} // namespace luthien::runtime
