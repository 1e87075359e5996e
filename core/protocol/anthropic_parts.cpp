// SPDX-License-Identifier: Apache-2.0
#include "protocol/request_parts.h"

#include <algorithm>
#include <array>

namespace luthien::protocol {

using conversation::PartKind;

namespace {

PartKind kindOf(std::string_view role)
{
    return role == "assistant" ? PartKind::AssistantText : role == "system" ? PartKind::System : PartKind::UserText;
}

/// Blocks that hold no text a model is shown as one: images, thinking, calls, references.
constexpr std::array<std::string_view, 8> kTextless = {
    "image",           "thinking",     "redacted_thinking", "tool_use",
    "server_tool_use", "mcp_tool_use", "container_upload",  "tool_reference"};

/// Blocks whose texts are known, beside what is no text in them.
constexpr std::array<std::string_view, 2> kMixed = {"search_result", "compaction"};

/// A text, a document, what was found by a search, or a block that is not known here.
void addBlock(PartKind kind, JsonNode block, AnsweredCall call, RequestParts& parts)
{
    const std::string_view type = block["type"].text();
    if (type == "text") {
        parts.add(kind, block["text"], call);
    } else if (type == "document") {
        const JsonNode source = block["source"];
        parts.add(kind, block["title"], call);
        parts.add(kind, block["context"], call);
        if (source["type"].text() == "text")
            parts.add(kind, source["data"], call);
        parts.addContent(kind, source["content"], call);
    } else if (std::ranges::find(kMixed, type) != kMixed.end()) {
        parts.addReadTexts(kind, block, call);
    } else if (std::ranges::find(kTextless, type) == kTextless.end()) {
        parts.addUnknownTexts(kind, block, call);
    }
}

void addBlocks(PartKind kind, JsonNode content, AnsweredCall call, RequestParts& parts)
{
    parts.add(kind, content, call);
    if (!content.isArray())
        return;
    for (const JsonNode block : content)
        addBlock(kind, block, call, parts);
}

void addMessage(JsonNode message, RequestParts& parts)
{
    const PartKind kind = kindOf(message["role"].text());
    const JsonNode content = message["content"];
    parts.add(kind, content);
    if (!content.isArray())
        return;
    for (const JsonNode block : content) {
        const std::string_view type = block["type"].text();
        const std::string_view id = block["tool_use_id"].text();
        if (type.ends_with("tool_use")) // also those the provider carries out: server_tool_use, mcp_tool_use
            parts.nameCall(block["id"].text(), block["name"].text());
        if (type == "tool_result")
            addBlocks(PartKind::ToolResult, block["content"], {id, parts.nameOfCall(id)}, parts);
        else if (type.ends_with("_tool_result"))
            parts.addReadTexts(PartKind::ToolResult, block["content"], {id, parts.nameOfCall(id)});
        else
            addBlock(kind, block, {}, parts);
    }
}

} // namespace

void collectAnthropic(JsonNode root, RequestParts& parts)
{
    addBlocks(PartKind::System, root["system"], {}, parts);
    std::uint32_t number = 0;
    for (const JsonNode message : root["messages"]) {
        parts.setMessage(number++);
        addMessage(message, parts);
    }
}

} // namespace luthien::protocol
