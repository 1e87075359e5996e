// SPDX-License-Identifier: Apache-2.0
#include "runtime/policy_control.h"

namespace luthien::runtime {

namespace {
control::PolicyEntry entryOf(const PolicyState& state, const Policies& policies)
{
    return {.definition = state.definition,
            .version = state.version,
            .source = state.isFromFile ? control::PolicySource::File : control::PolicySource::Stored,
            .isOverridden = state.fileMode.has_value(),
            .trouble = policies.failureOf(state.definition.id)};
}

control::PolicySet setOf(const Policies& policies)
{
    control::PolicySet set{.version = policies.setVersion()};
    for (const PolicyState& state : policies.states())
        set.entries.push_back(entryOf(state, policies));
    return set;
}
} // namespace

PolicyControl::PolicyControl(Policies& policies)
    : m_policies(policies)
{
    connect(&m_policies, &Policies::changed, this, &PolicyControl::refresh);
    refresh();
}

control::PolicySet PolicyControl::list() const
{
    control::PolicySet set = known();
    // Looked up now: what goes wrong with a script changes no policy.
    for (control::PolicyEntry& entry : set.entries)
        entry.trouble = m_policies.failureOf(entry.definition.id);
    return set;
}

control::PolicySet PolicyControl::known() const
{
    const std::lock_guard lock(m_mutex);
    return m_set;
}

void PolicyControl::setMode(std::string id, policy::PolicyMode mode, SetModeDone done)
{
    change(std::move(id), mode, std::move(done));
}

void PolicyControl::setModeOfFile(std::string id, SetModeDone done)
{
    change(std::move(id), std::nullopt, std::move(done));
}

void PolicyControl::change(std::string id, std::optional<policy::PolicyMode> mode, SetModeDone done)
{
    const auto set = [this, id = std::move(id), mode, done = std::move(done)] {
        const auto taken =
            m_policies.setMode(id, mode, "api", [&policies = m_policies, id, done](const Result<void>& saved) {
                const PolicyState* state = policies.find(id);
                if (!saved || state == nullptr) // removed meanwhile
                    done(saved ? Error{.code = ErrorCode::NotFound, .message = "the policy is gone"} : saved.error());
                else
                    done(entryOf(*state, policies));
            });
        if (!taken)
            done(taken.error());
    };
    QMetaObject::invokeMethod(this, set, Qt::QueuedConnection);
}

void PolicyControl::apply(control::PolicyChange change, ApplyDone done)
{
    const auto set = [this, change = std::move(change), done = std::move(done)] {
        if (change.ifVersion && *change.ifVersion != m_policies.setVersion()) {
            done(Error{.code = ErrorCode::Conflict,
                       .message = "The policies have changed since this version; read them again."});
            return;
        }
        const auto taken =
            m_policies.apply(change.definitions, change.removesOthers ? Others::Removed : Others::Kept, "api",
                             [&policies = m_policies, done](const Result<void>& saved) {
                                 done(saved ? Result<control::PolicySet>(setOf(policies)) : saved.error());
                             });
        if (!taken)
            done(taken.error());
    };
    QMetaObject::invokeMethod(this, set, Qt::QueuedConnection);
}

void PolicyControl::refresh()
{
    control::PolicySet set = setOf(m_policies);
    const std::lock_guard lock(m_mutex);
    m_set = std::move(set);
}

} // namespace luthien::runtime
