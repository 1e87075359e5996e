// SPDX-License-Identifier: Apache-2.0
#include "protocol/request_parts.h"

namespace luthien::protocol {

using conversation::PartKind;

namespace {

PartKind kindOf(std::string_view role)
{
    if (role == "system" || role == "developer")
        return PartKind::System;
    if (role == "assistant")
        return PartKind::AssistantText;
    return role == "tool" || role == "function" ? PartKind::ToolResult : PartKind::UserText;
}

void nameCalls(JsonNode message, RequestParts& parts)
{
    for (const JsonNode call : message["tool_calls"]) {
        const JsonNode tool = call["function"] ? call["function"] : call["custom"];
        parts.nameCall(call["id"].text(), tool["name"].text());
    }
}

void addMessage(JsonNode message, RequestParts& parts)
{
    const PartKind kind = kindOf(message["role"].text());
    AnsweredCall call;
    if (kind == PartKind::ToolResult) {
        call.id = message["tool_call_id"].text();
        call.name = parts.nameOfCall(call.id);
        if (call.name.empty())
            call.name = message["name"].text(); // role "function" has no id
    }
    parts.addContent(kind, message["content"], call);
    parts.add(kind, message["refusal"], call);
    nameCalls(message, parts);
}

} // namespace

void collectOpenAiChat(JsonNode root, RequestParts& parts)
{
    // What the reply is expected to say: often a whole file.
    parts.addContent(PartKind::UserText, root["prediction"]["content"]);
    std::uint32_t number = 0;
    for (const JsonNode message : root["messages"]) {
        parts.setMessage(number++);
        addMessage(message, parts);
    }
}

} // namespace luthien::protocol
