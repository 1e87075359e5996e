// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "demo/shop.h"

#include <string>
#include <string_view>

namespace luthien::demo {

/// What the agent's tool gave back to the model.
struct ToolOutput
{
    std::string text;
    bool isError = false;
    bool operator==(const ToolOutput&) const = default;
};

/// The SQL of `sqlite3 shop.db "..."`, quotes taken away as a shell does. Anything else is refused: other programs,
/// variables, substitutions, pipes, lists. Errors: Unsupported.
[[nodiscard]] Result<std::string> sqlOfCommand(std::string_view command);

/// The agent's only tool: looks like a shell, runs SQL on the shop and nothing else. No process is ever started.
[[nodiscard]] ToolOutput runCommand(Shop& shop, std::string_view command);

} // namespace luthien::demo
