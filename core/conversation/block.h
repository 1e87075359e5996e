// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace luthien::conversation {

enum class Role : std::uint8_t { System, User, Assistant, Tool };
[[nodiscard]] std::string_view roleName(Role role) noexcept;

enum class BlockKind : std::uint8_t {
    Text,
    Thinking,
    ToolUse,
    ToolResult,
    Image,
    Document,
    Opaque, ///< anything we carry without understanding it
};
[[nodiscard]] std::string_view blockKindName(BlockKind kind) noexcept;

/// Who carries a tool call out.
enum class Executor : std::uint8_t {
    Client, ///< the agent: what policies guard first
    Server, ///< the provider itself, e.g. web search
    Mcp,    ///< an MCP server the provider talks to
};
[[nodiscard]] std::string_view executorName(Executor executor) noexcept;

/// One piece of a message, whatever API it came from.
struct Block
{
    BlockKind kind = BlockKind::Text;
    std::uint32_t choice = 0; ///< which alternative reply it belongs to (Chat's n > 1), else 0
    Executor executor = Executor::Client;
    bool isError = false;   ///< ToolResult: the tool failed
    bool isRefusal = false; ///< Text: the model's native refusal
    std::string id;         ///< ToolUse: the call's id; ToolResult: the id it answers
    std::string name;       ///< ToolUse: tool name; Image, Document: media type; Opaque: the wire type
    /// Text, Thinking: the text. ToolUse: the arguments exactly as the model wrote them (JSON, or free text for custom
    /// tools). ToolResult: its text. Image, Document, Opaque: the block's JSON.
    std::string text;

    bool operator==(const Block&) const = default;
};

} // namespace luthien::conversation
