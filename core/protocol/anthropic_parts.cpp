// SPDX-License-Identifier: Apache-2.0
#include "protocol/request_parts.h"

namespace luthien::protocol {

using conversation::PartKind;

namespace {

PartKind kindOf(std::string_view role)
{
    return role == "assistant" ? PartKind::AssistantText : role == "system" ? PartKind::System : PartKind::UserText;
}

/// A text, a document given as text, or what was found by a search. Thinking has no "text".
void addBlock(PartKind kind, JsonNode block, AnsweredCall call, RequestParts& parts)
{
    parts.add(kind, block["text"], call);
    const std::string_view type = block["type"].text();
    if (type == "document") {
        const JsonNode source = block["source"];
        if (source["type"].text() == "text")
            parts.add(kind, source["data"], call);
        parts.addContent(kind, source["content"], call);
    } else if (type == "search_result") {
        parts.addContent(kind, block["content"], call);
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
        if (type == "tool_use")
            parts.nameCall(block["id"].text(), block["name"].text());
        if (type == "tool_result") {
            const std::string_view id = block["tool_use_id"].text();
            addBlocks(PartKind::ToolResult, block["content"], {id, parts.nameOfCall(id)}, parts);
        } else {
            addBlock(kind, block, {}, parts);
        }
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
