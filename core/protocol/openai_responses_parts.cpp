// SPDX-License-Identifier: Apache-2.0
#include "protocol/request_parts.h"

namespace luthien::protocol {

using conversation::PartKind;

namespace {

PartKind kindOf(std::string_view role)
{
    if (role == "system" || role == "developer")
        return PartKind::System;
    return role == "assistant" ? PartKind::AssistantText : PartKind::UserText;
}

/// What the tool of a call is called: shell calls and the like have no name but their type.
std::string_view toolOf(JsonNode item, std::string_view type)
{
    const std::string_view name = item["name"].text();
    return name.empty() ? type.substr(0, type.size() - std::string_view("_call").size()) : name;
}

/// One text, a list of parts, or (shell) a list of what each command wrote.
void addOutput(JsonNode output, AnsweredCall call, RequestParts& parts)
{
    parts.addContent(PartKind::ToolResult, output, call);
    if (!output.isArray())
        return;
    for (const JsonNode part : output) {
        parts.add(PartKind::ToolResult, part["stdout"], call);
        parts.add(PartKind::ToolResult, part["stderr"], call);
    }
}

void addItem(JsonNode item, RequestParts& parts)
{
    const std::string_view type = item["type"].text();
    if (type == "message" || (type.empty() && item["role"])) {
        parts.addContent(kindOf(item["role"].text()), item["content"]);
    } else if (type.ends_with("_call_output")) {
        const std::string_view id = item["call_id"].text();
        addOutput(item["output"], {id, parts.nameOfCall(id)}, parts);
    } else if (type.ends_with("_call")) {
        parts.nameCall(item["call_id"].text(), toolOf(item, type));
    }
}

} // namespace

void collectOpenAiResponses(JsonNode root, RequestParts& parts)
{
    parts.addContent(PartKind::System, root["instructions"]);
    for (const JsonNode variable : root["prompt"]["variables"]) {
        parts.add(PartKind::UserText, variable);
        parts.add(PartKind::UserText, variable["text"]);
    }
    const JsonNode input = root["input"];
    parts.add(PartKind::UserText, input);
    if (!input.isArray())
        return;
    std::uint32_t number = 0;
    for (const JsonNode item : input) {
        parts.setMessage(number++);
        addItem(item, parts);
    }
}

} // namespace luthien::protocol
