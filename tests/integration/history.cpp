// SPDX-License-Identifier: Apache-2.0
#include "integration/history.h"

#include <boost/json.hpp>

#include <set>

namespace luthien::test {

namespace json = boost::json;
using conversation::Api;
using conversation::Block;
using conversation::BlockKind;
using conversation::StopReason;

namespace {
constexpr std::string_view kQuestion = "Clean the shop up, please.";
constexpr std::string_view kResult = "done";
constexpr std::string_view kRemark = "And then?";

json::value argumentsOf(const Block& call)
{
    boost::system::error_code error;
    json::value value = json::parse(call.text, error);
    return error ? json::value(nullptr) : value;
}

void addMessagesTurn(json::array& messages, const conversation::Response& reply)
{
    json::array said;
    json::array results;
    for (const Block& block : reply.blocks) {
        if (block.kind == BlockKind::Text)
            said.push_back({{"type", "text"}, {"text", block.text}});
        if (block.kind != BlockKind::ToolUse)
            continue;
        said.push_back({{"type", "tool_use"}, {"id", block.id}, {"name", block.name}, {"input", argumentsOf(block)}});
        if (reply.stopReason == StopReason::ToolUse)
            results.push_back({{"type", "tool_result"}, {"tool_use_id", block.id}, {"content", kResult}});
    }
    messages.push_back({{"role", "assistant"}, {"content", said}});
    if (results.empty() && reply.stopReason != StopReason::ToolUse)
        results.push_back({{"type", "text"}, {"text", kRemark}});
    messages.push_back({{"role", "user"}, {"content", results}});
}

void addChatTurn(json::array& messages, const conversation::Response& reply)
{
    std::string text;
    json::array calls;
    json::array results;
    for (const Block& block : reply.blocks) {
        if (block.kind == BlockKind::Text)
            text += block.text;
        if (block.kind != BlockKind::ToolUse)
            continue;
        calls.push_back(
            {{"id", block.id}, {"type", "function"}, {"function", {{"name", block.name}, {"arguments", block.text}}}});
        if (reply.stopReason == StopReason::ToolUse)
            results.push_back({{"role", "tool"}, {"tool_call_id", block.id}, {"content", kResult}});
    }
    json::object said{{"role", "assistant"}};
    if (!text.empty())
        said["content"] = text;
    if (!calls.empty())
        said["tool_calls"] = calls;
    messages.push_back(said);
    for (json::value& result : results)
        messages.push_back(std::move(result));
    if (reply.stopReason != StopReason::ToolUse)
        messages.push_back({{"role", "user"}, {"content", kRemark}});
}

void addResponsesTurn(json::array& input, const conversation::Response& reply)
{
    bool called = false;
    for (const Block& block : reply.blocks) {
        if (block.kind == BlockKind::Text)
            input.push_back({{"type", "message"},
                             {"role", "assistant"},
                             {"content", {{{"type", "output_text"}, {"text", block.text}}}}});
        if (block.kind != BlockKind::ToolUse)
            continue;
        called = true;
        input.push_back(
            {{"type", "function_call"}, {"call_id", block.id}, {"name", block.name}, {"arguments", block.text}});
        input.push_back({{"type", "function_call_output"}, {"call_id", block.id}, {"output", kResult}});
    }
    if (!called)
        input.push_back({{"role", "user"}, {"content", kRemark}});
}

std::string text(const json::value& value)
{
    return value.is_string() ? std::string(value.as_string()) : std::string();
}

std::string member(const json::value& value, std::string_view name)
{
    const json::value* found = value.is_object() ? value.as_object().if_contains(name) : nullptr;
    return found ? text(*found) : std::string();
}

std::string messagesFault(const json::array& messages)
{
    std::set<std::string> open;
    std::string role;
    for (const json::value& message : messages) {
        if (member(message, "role") == role)
            return "two messages of one role in a row";
        role = member(message, "role");
        const json::array* blocks = message.as_object().at("content").if_array();
        if (!blocks)
            continue;
        if (blocks->empty())
            return "a message without content";
        bool called = false;
        std::set<std::string> answered;
        for (const json::value& block : *blocks) {
            const std::string type = member(block, "type");
            if (type == "text" && member(block, "text").find_first_not_of(" \n\t") == std::string::npos)
                return "a text that is empty";
            if (type == "text" && called)
                return "text after a tool_use";
            if (type == "tool_use") {
                called = true;
                if (!block.as_object().at("input").is_object())
                    return "an input that is no object";
                if (!open.insert(member(block, "id")).second)
                    return "an id twice";
            }
            if (type == "tool_result" && open.erase(member(block, "tool_use_id")) == 0)
                return "a tool_result without its tool_use";
        }
        if (role == "user" && !open.empty())
            return "a tool_use without its tool_result";
    }
    return open.empty() ? "" : "a tool_use without its tool_result";
}

std::string chatFault(const json::array& messages)
{
    std::set<std::string> open;
    for (const json::value& message : messages) {
        const std::string role = member(message, "role");
        const json::value* calls = message.as_object().if_contains("tool_calls");
        if (role == "tool") {
            if (open.erase(member(message, "tool_call_id")) == 0)
                return "a tool message without its call";
            continue;
        }
        if (!open.empty())
            return "a call without its tool message";
        if (!calls && member(message, "content").empty())
            return "a message without content";
        for (const json::value& call : calls ? calls->as_array() : json::array()) {
            boost::system::error_code error;
            if (!json::parse(member(call.at("function"), "arguments"), error).is_object() || error)
                return "arguments that are no object";
            if (!open.insert(member(call, "id")).second)
                return "an id twice";
        }
    }
    return open.empty() ? "" : "a call without its tool message";
}

std::string responsesFault(const json::array& input)
{
    std::set<std::string> open;
    for (const json::value& item : input) {
        const std::string type = member(item, "type");
        if (type == "function_call") {
            boost::system::error_code error;
            if (!json::parse(member(item, "arguments"), error).is_object() || error)
                return "arguments that are no object";
            if (!open.insert(member(item, "call_id")).second)
                return "an id twice";
        } else if (type == "function_call_output" && open.erase(member(item, "call_id")) == 0) {
            return "an output without its call";
        } else if (type == "message" && member(item.at("content").at(0), "text").empty()) {
            return "a text that is empty";
        }
    }
    return open.empty() ? "" : "a call without its output";
}

std::string_view listOf(Api api)
{
    return api == Api::OpenAiResponses ? "input" : "messages";
}
} // namespace

std::string firstRequest(Api api, bool stream)
{
    return json::serialize(json::object{{"model", "m"},
                                        {"max_tokens", 100},
                                        {"stream", stream},
                                        {listOf(api), {{{"role", "user"}, {"content", kQuestion}}}}});
}

std::string nextRequest(Api api, const conversation::Response& reply)
{
    json::array history{{{"role", "user"}, {"content", kQuestion}}};
    if (api == Api::AnthropicMessages)
        addMessagesTurn(history, reply);
    else if (api == Api::OpenAiChat)
        addChatTurn(history, reply);
    else
        addResponsesTurn(history, reply);
    return json::serialize(json::object{{"model", "m"}, {"max_tokens", 100}, {listOf(api), history}});
}

std::string historyFault(Api api, std::string_view request)
{
    const json::value body = json::parse(request);
    const json::array& history = body.at(listOf(api)).as_array();
    return api == Api::AnthropicMessages ? messagesFault(history)
           : api == Api::OpenAiChat      ? chatFault(history)
                                         : responsesFault(history);
}

} // namespace luthien::test
