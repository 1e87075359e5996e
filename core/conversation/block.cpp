// SPDX-License-Identifier: Apache-2.0
#include "conversation/block.h"

namespace luthien::conversation {

std::string_view roleName(Role role) noexcept
{
    switch (role) {
    case Role::System:
        return "system";
    case Role::User:
        return "user";
    case Role::Assistant:
        return "assistant";
    case Role::Tool:
        return "tool";
    }
    return "";
}

std::string_view blockKindName(BlockKind kind) noexcept
{
    switch (kind) {
    case BlockKind::Text:
        return "text";
    case BlockKind::Thinking:
        return "thinking";
    case BlockKind::ToolUse:
        return "tool_use";
    case BlockKind::ToolResult:
        return "tool_result";
    case BlockKind::Image:
        return "image";
    case BlockKind::Document:
        return "document";
    case BlockKind::Opaque:
        return "opaque";
    }
    return "";
}

std::string_view executorName(Executor executor) noexcept
{
    switch (executor) {
    case Executor::Client:
        return "client";
    case Executor::Server:
        return "server";
    case Executor::Mcp:
        return "mcp";
    }
    return "";
}

} // namespace luthien::conversation
