// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/glob.h"

#include <string_view>

namespace luthien::policy {

struct CallFacts;
struct Scope;

/// A definition's scope, ready to be asked. Thread: any.
class CallScope
{
public:
    /// Errors: InvalidInput, context = the list, e.g. "scope.models".
    [[nodiscard]] static Result<CallScope> compile(const Scope& scope);

    [[nodiscard]] bool includes(const CallFacts& facts) const;
    [[nodiscard]] bool includesTool(std::string_view name) const;

private:
    /// Null = the list is empty: all are in it.
    Pattern m_clients;
    Pattern m_models;
    Pattern m_upstreams;
    Pattern m_tools;
    Pattern m_sessions;
    Pattern m_agents;
};

} // namespace luthien::policy
