// SPDX-License-Identifier: Apache-2.0
#include "policy/call_scope.h"

#include "policy/definition.h"
#include "policy/policy.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace luthien::policy {

namespace {
bool isIn(const Pattern& list, std::string_view text)
{
    return !list || matches(list, text);
}
} // namespace

Result<CallScope> CallScope::compile(const Scope& scope)
{
    struct List
    {
        std::string_view name;
        const std::vector<std::string>& globs;
        Pattern CallScope::* pattern;
    };
    const std::array<List, 6> lists{{{"clients", scope.clients, &CallScope::m_clients},
                                     {"models", scope.models, &CallScope::m_models},
                                     {"upstreams", scope.upstreams, &CallScope::m_upstreams},
                                     {"tools", scope.tools, &CallScope::m_tools},
                                     {"sessions", scope.sessions, &CallScope::m_sessions},
                                     {"agents", scope.agents, &CallScope::m_agents}}};
    CallScope compiled;
    for (const List& list : lists) {
        if (list.globs.empty())
            continue;
        Result<Pattern> pattern = compileGlobs(list.globs);
        if (!pattern)
            return Error{ErrorCode::InvalidInput, pattern.error().message, "scope." + std::string(list.name)};
        compiled.*list.pattern = std::move(*pattern);
    }
    return compiled;
}

bool CallScope::includes(const CallFacts& facts) const
{
    // A request that cannot be read names no model: it must not slip out of a policy by that.
    const bool isModelIn = facts.model.empty() || isIn(m_models, facts.model);
    return isIn(m_clients, facts.identity.client) && isModelIn && isIn(m_upstreams, facts.upstream) &&
           isIn(m_sessions, facts.identity.session) && isIn(m_agents, facts.identity.agent);
}

bool CallScope::includesTool(std::string_view name) const
{
    return isIn(m_tools, name);
}

} // namespace luthien::policy
