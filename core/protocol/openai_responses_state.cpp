// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_responses_state.h"

#include "protocol/json_splice.h"
#include "protocol/json_write.h"
#include "protocol/next_turn.h"

#include <vector>

namespace luthien::protocol {

namespace openai_responses {

std::string outputItem(std::string_view callType, std::string_view callId, std::string_view text)
{
    if (callType == "computer_call")
        return {};
    std::string item =
        R"({"type":)" + jsonString(std::string(callType) + "_output") + R"(,"call_id":)" + jsonString(callId);
    if (callType == "shell_call")
        return item + R"(,"output":[{"stdout":"","stderr":)" + jsonString(text) +
               R"(,"outcome":{"type":"exit","exit_code":1}}]})";
    if (callType == "apply_patch_call")
        item += R"(,"status":"failed")";
    return item + R"(,"output":)" + jsonString(text) + '}';
}

std::string previousResponseOf(JsonNode request)
{
    return std::string(request["previous_response_id"].text());
}

std::string conversationOf(JsonNode request)
{
    const JsonNode conversation = request["conversation"];
    return std::string(conversation.isString() ? conversation.text() : conversation["id"].text());
}

namespace {

/// What calls of a tool look like, as the request declares it.
std::string callTypeOf(JsonNode request, std::string_view tool)
{
    for (const JsonNode declared : request["tools"]) {
        const std::string_view type = declared["type"].text();
        if (declared["name"].text() == tool)
            return type == "custom" ? "custom_tool_call" : "function_call";
        // The provider's own have no name but their type.
        if (type == tool && (type == "local_shell" || type == "shell" || type == "apply_patch"))
            return std::string(type) + "_call";
    }
    return "function_call";
}

bool isAnswered(JsonNode input, std::string_view callId)
{
    for (const JsonNode item : input) {
        if (item["type"].text().ends_with("_output") && item["call_id"].text() == callId)
            return true;
    }
    return false;
}

JsonSplice inFrontOfInput(JsonNode request, const std::vector<std::string>& items)
{
    const JsonNode input = request["input"];
    if (input.isArray())
        return inFrontOf(input, joinedJson(items));
    std::string list = '[' + joinedJson(items);
    if (input.isString())
        list += R"(,{"role":"user","content":)" + std::string(input.json()) + '}';
    return memberOf(request, "input", list + ']');
}

} // namespace
} // namespace openai_responses

StateReference stateReference(conversation::Api api, std::string_view body)
{
    if (api != conversation::Api::OpenAiResponses)
        return {};
    const auto tree = JsonTree::read(body);
    if (!tree)
        return {};
    const JsonNode request = (*tree)->root();
    return {.previousResponseId = openai_responses::previousResponseOf(request),
            .conversationId = openai_responses::conversationOf(request)};
}

Result<std::string> withToolOutputs(std::string_view body, std::span<const ToolOutput> outputs)
{
    const auto tree = JsonTree::read(body);
    if (!tree)
        return tree.error();
    const JsonNode request = (*tree)->root();
    std::vector<std::string> items;
    for (const ToolOutput& output : outputs) {
        if (!openai_responses::isAnswered(request["input"], output.id))
            items.push_back(openai_responses::outputItem(openai_responses::callTypeOf(request, output.name), output.id,
                                                         output.text));
    }
    if (items.empty())
        return std::string(body);
    return spliced(body, {openai_responses::inFrontOfInput(request, items)});
}

} // namespace luthien::protocol
