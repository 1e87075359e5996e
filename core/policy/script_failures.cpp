// SPDX-License-Identifier: Apache-2.0
#include "policy/script_failures.h"

#include "policy/notice.h"

#include <utility>

namespace luthien::policy {

void ScriptFailures::note(const std::string& policyId, TimePoint at, std::string_view message)
{
    std::string line = oneLine(message, kMaxMessageCharacters);
    const std::lock_guard lock(m_mutex);
    // Ids come from definitions, of which there are fewer; whoever saves thousands loses the count, not the program.
    if (m_failures.size() >= kMaxPolicies && !m_failures.contains(policyId))
        m_failures.clear();
    ScriptFailure& failure = m_failures[policyId];
    failure.at = at;
    failure.message = std::move(line);
    ++failure.count;
}

std::optional<ScriptFailure> ScriptFailures::of(std::string_view policyId) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_failures.find(policyId);
    return found == m_failures.end() ? std::nullopt : std::optional(found->second);
}

} // namespace luthien::policy
