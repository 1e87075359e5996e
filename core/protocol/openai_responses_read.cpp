// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_responses_read.h"

#include <algorithm>
#include <array>

namespace luthien::protocol::openai_responses {

using namespace conversation;
namespace ondemand = simdjson::ondemand;

namespace {
constexpr std::array<std::string_view, 6> kClientCalls = {"function_call", "custom_tool_call", "local_shell_call",
                                                          "shell_call",    "computer_call",    "apply_patch_call"};
constexpr std::array<std::string_view, 5> kServerCalls = {
    "web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call", "tool_search_call"};

void readUsage(ondemand::value& value, Usage& usage)
{
    forEachMember(value, [&usage](std::string_view key, ondemand::value& member) {
        if (key == "input_tokens") {
            usage.input = integerOf(member);
        } else if (key == "output_tokens") {
            usage.output = integerOf(member);
        } else if (key == "input_tokens_details") {
            forEachMember(member, [&usage](std::string_view name, ondemand::value& count) {
                if (name == "cached_tokens")
                    usage.cacheRead = integerOf(count);
                else if (name == "cache_write_tokens")
                    usage.cacheWrite = integerOf(count);
            });
        } else if (key == "output_tokens_details") {
            forEachMember(member, [&usage](std::string_view name, ondemand::value& count) {
                if (name == "reasoning_tokens")
                    usage.reasoning = integerOf(count);
            });
        }
    });
}

/// Content is a list of parts, or, in requests, one text.
void readParts(ondemand::value& value, std::vector<Part>& parts)
{
    ondemand::json_type type{};
    if (value.type().get(type))
        return;
    if (type == ondemand::json_type::string)
        parts.push_back({.type = "input_text", .text = textOf(value), .json = {}});
    else if (type == ondemand::json_type::array)
        forEachElement(value, [&parts](ondemand::value& element) {
            ondemand::object part;
            parts.push_back(element.get_object().get(part) ? Part() : readPart(part));
        });
}

void readMember(std::string_view key, ondemand::value& member, Item& item)
{
    if (key == "type") {
        item.type = textOf(member);
    } else if (key == "id") {
        item.id = textOf(member);
    } else if (key == "call_id") {
        item.callId = textOf(member);
    } else if (key == "name") {
        item.name = textOf(member);
    } else if (key == "role") {
        item.role = textOf(member);
    } else if (key == "status") {
        item.status = textOf(member);
    } else if (key == "arguments" || key == "input" || key == "code") {
        item.arguments = textOrJsonOf(member);
        item.argumentsAreText = true;
    } else if (key == "action" || key == "operation" || key == "queries") {
        item.arguments = textOrJsonOf(member);
    } else if (key == "output" || key == "outputs" || key == "results") {
        item.output = textOrJsonOf(member);
    } else if (key == "content") {
        readParts(member, item.content);
    } else if (key == "summary") {
        readParts(member, item.summary);
    }
}
} // namespace

Part readPart(ondemand::object object)
{
    Part part;
    if (object.raw_json().get(part.json) || object.reset().error())
        return part;
    forEachMember(object, [&part](std::string_view key, ondemand::value& member) {
        if (key == "type")
            part.type = textOf(member);
        else if (key == "text" || key == "refusal")
            part.text = textOf(member);
    });
    return part;
}

Item readItem(ondemand::object object)
{
    Item item;
    if (object.raw_json().get(item.json) || object.reset().error())
        return item;
    forEachMember(object, [&item](std::string_view key, ondemand::value& member) { readMember(key, member, item); });
    return item;
}

bool readResponse(ondemand::object object, ResponseObject& response)
{
    return forEachMember(object, [&response](std::string_view key, ondemand::value& member) {
        if (key == "id") {
            response.id = textOf(member);
        } else if (key == "model") {
            response.model = textOf(member);
        } else if (key == "status") {
            response.status = textOf(member);
        } else if (key == "code") {
            response.code = textOrJsonOf(member);
        } else if (key == "error" || key == "detail") {
            readError(member, response.error);
        } else if (key == "usage") {
            readUsage(member, response.usage);
        } else if (key == "incomplete_details") {
            forEachMember(member, [&response](std::string_view name, ondemand::value& reason) {
                if (name == "reason")
                    response.incompleteReason = textOf(reason);
            });
        } else if (key == "output") {
            forEachElement(member, [&response](ondemand::value& element) {
                ondemand::object item;
                response.output.push_back(element.get_object().get(item) ? Item() : readItem(item));
            });
        }
    });
}

std::optional<Executor> executorOf(std::string_view itemType) noexcept
{
    if (std::ranges::find(kClientCalls, itemType) != kClientCalls.end())
        return Executor::Client;
    if (std::ranges::find(kServerCalls, itemType) != kServerCalls.end())
        return Executor::Server;
    if (itemType == "mcp_call")
        return Executor::Mcp;
    return std::nullopt;
}

std::string_view toolNameOf(const Item& item) noexcept
{
    if (!item.name.empty())
        return item.name;
    constexpr std::string_view kSuffix = "_call";
    return item.type.ends_with(kSuffix) ? item.type.substr(0, item.type.size() - kSuffix.size()) : item.type;
}

} // namespace luthien::protocol::openai_responses
