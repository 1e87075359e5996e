// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "runtime/paths.h"

#include <string>
#include <vector>

namespace luthien::daemon {

/// The proxy as an agent must be told of it.
struct ProxyAddress
{
    std::string url;         ///< "http://127.0.0.1:4000"
    std::string clientToken; ///< empty = none is required
};

/// A program and how it is started.
struct AgentLaunch
{
    std::string program; ///< as typed; found through PATH
    std::vector<std::string> arguments;
    runtime::Variables environment;

    bool operator==(const AgentLaunch&) const = default;
};

/// Points an agent at the proxy: variables that every SDK reads, and what Codex, OpenCode, Claude Code and Gemini CLI
/// need beyond. Errors: InvalidInput if a setting the user made cannot be joined with ours.
[[nodiscard]] Result<AgentLaunch> pointedAtProxy(AgentLaunch launch, const ProxyAddress& proxy);

} // namespace luthien::daemon
