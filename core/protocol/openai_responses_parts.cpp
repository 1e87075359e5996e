// SPDX-License-Identifier: Apache-2.0
#include "protocol/request_parts.h"

#include <algorithm>
#include <array>

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

/// Items that hold no text a model is shown as one, or none that can be read.
constexpr std::array<std::string_view, 5> kTextless = {"reasoning", "compaction", "item_reference", "mcp_list_tools",
                                                       "mcp_approval_request"};

/// What a call that the provider carried out gave back.
void addResults(JsonNode item, AnsweredCall call, RequestParts& parts)
{
    for (const std::string_view member : {"output", "outputs", "results", "error"})
        parts.addReadTexts(PartKind::ToolResult, item[member], call);
}

void addItem(JsonNode item, RequestParts& parts)
{
    const std::string_view type = item["type"].text();
    if (type == "message" || (type.empty() && item["role"])) {
        parts.addContent(kindOf(item["role"].text()), item["content"]);
    } else if (type.ends_with("_call_output")) {
        const std::string_view id = item["call_id"].text();
        parts.addReadTexts(PartKind::ToolResult, item["output"], {id, parts.nameOfCall(id)});
    } else if (type.ends_with("_call")) {
        const std::string_view id = item[item["call_id"] ? "call_id" : "id"].text();
        parts.nameCall(id, toolOf(item, type));
        addResults(item, {id, toolOf(item, type)}, parts);
    } else if (type == "mcp_approval_response") {
        parts.addReadTexts(PartKind::UserText, item);
    } else if (std::ranges::find(kTextless, type) == kTextless.end()) {
        parts.addUnknownTexts(PartKind::UserText, item);
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
