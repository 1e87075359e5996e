// SPDX-License-Identifier: Apache-2.0
#include "protocol/request_parts.h"

namespace luthien::protocol {

using conversation::PartKind;

namespace {

/// Google's servers take one object for a list of one.
template <typename Each>
void forEachOf(JsonNode list, Each&& each)
{
    if (list.isObject())
        return each(list);
    for (const JsonNode element : list)
        each(element);
}

PartKind kindOf(std::string_view role)
{
    return role == "model" ? PartKind::AssistantText : role == "system" ? PartKind::System : PartKind::UserText;
}

void addPart(PartKind kind, JsonNode part, RequestParts& parts)
{
    if (!part["thought"].isTrue())
        parts.add(kind, part["text"]);
    const JsonNode result = parts.either(part, "functionResponse", "function_response");
    // A result is an object of the tool's own making; any string in it may be what the tool gave back.
    parts.addAllTexts(PartKind::ToolResult, result["response"], {result["id"].text(), result["name"].text()});
    // Of tools that Google carries out.
    const JsonNode server = parts.either(part, "toolResponse", "tool_response");
    const JsonNode kindOfTool = parts.either(server, "toolType", "tool_type");
    parts.addAllTexts(PartKind::ToolResult, server["response"], {server["id"].text(), kindOfTool.text()});
    const JsonNode run = parts.either(part, "codeExecutionResult", "code_execution_result");
    parts.add(PartKind::ToolResult, run["output"], {run["id"].text(), "code_execution"});
}

void addContent(PartKind kind, JsonNode content, RequestParts& parts)
{
    parts.add(kind, content);
    forEachOf(content["parts"], [&](JsonNode part) { addPart(kind, part, parts); });
}

} // namespace

void collectGemini(JsonNode root, RequestParts& parts)
{
    // Code Assist, which Gemini CLI uses after a login, wraps the request. Who reads which one depends on the server.
    if (root["request"] && root["contents"])
        parts.setAmbiguous("request");
    const JsonNode request = root["request"] && !root["contents"] ? root["request"] : root;
    addContent(PartKind::System, parts.either(request, "systemInstruction", "system_instruction"), parts);
    std::uint32_t number = 0;
    forEachOf(request["contents"], [&](JsonNode content) {
        parts.setMessage(number++);
        addContent(kindOf(content["role"].text()), content, parts);
    });
}

} // namespace luthien::protocol
