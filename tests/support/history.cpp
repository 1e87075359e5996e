// SPDX-License-Identifier: Apache-2.0
#include "support/history.h"

#include <boost/json.hpp>

#include <set>
#include <vector>

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

/// The content of a message, however it is given.
std::string contentOf(const json::value& message)
{
    const json::value* content = message.as_object().if_contains("content");
    const json::array* parts = content ? content->if_array() : nullptr;
    if (!parts)
        return member(message, "content");
    std::string all;
    for (const json::value& part : *parts)
        all += json::serialize(part);
    return all;
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
        if (!calls && !message.as_object().contains("function_call") && contentOf(message).empty())
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
    bool isReasoningOpen = false;
    for (const json::value& item : input) {
        const std::string type = member(item, "type");
        if (isReasoningOpen && type.ends_with("_output"))
            return "reasoning without the item it led to";
        isReasoningOpen = type == "reasoning";
        if (type == "function_call") {
            boost::system::error_code error;
            if (!json::parse(member(item, "arguments"), error).is_object() || error)
                return "arguments that are no object";
        }
        const bool isServers = type == "web_search_call" || type == "file_search_call" || type == "mcp_call" ||
                               type == "code_interpreter_call" || type == "image_generation_call";
        if (type.ends_with("_call") && !isServers && !open.insert(member(item, "call_id")).second)
            return "an id twice";
        if (type.ends_with("_call_output") && open.erase(member(item, "call_id")) == 0)
            return "an output without its call";
        if (type == "message" && contentOf(item).empty())
            return "a text that is empty";
    }
    return open.empty() && !isReasoningOpen ? "" : "a call without its output";
}

std::string geminiFault(const json::array& contents)
{
    std::vector<std::string> open;
    for (const json::value& content : contents) {
        std::vector<std::string> calls;
        std::vector<std::string> answers;
        for (const json::value& part : content.at("parts").as_array()) {
            const json::object& members = part.as_object();
            if (members.contains("text") && member(part, "text").empty() && !members.contains("thoughtSignature"))
                return "a text that is empty";
            if (members.contains("functionCall"))
                calls.push_back(member(part.at("functionCall"), "name"));
            if (members.contains("functionResponse"))
                answers.push_back(member(part.at("functionResponse"), "name"));
        }
        if (answers != open)
            return "function responses that do not fit the function calls of the turn before";
        if (!calls.empty() && member(content, "role") != "model")
            return "a function call that is not the model's";
        open = calls;
    }
    return open.empty() ? "" : "a function call without its response";
}

std::string ollamaFault(const json::array& messages)
{
    std::vector<std::string> open;
    for (const json::value& message : messages) {
        if (member(message, "role") == "tool") {
            if (open.empty() || open.front() != member(message, "tool_name"))
                return "a tool message that answers no call";
            open.erase(open.begin());
            continue;
        }
        if (!open.empty())
            return "a call without its tool message";
        const json::value* calls = message.as_object().if_contains("tool_calls");
        for (const json::value& call : calls ? calls->as_array() : json::array()) {
            if (!call.at("function").at("arguments").is_object())
                return "arguments that are no object";
            open.push_back(member(call.at("function"), "name"));
        }
    }
    return open.empty() ? "" : "a call without its tool message";
}

std::string_view listOf(Api api)
{
    return api == Api::OpenAiResponses ? "input" : api == Api::Gemini ? "contents" : "messages";
}
} // namespace

std::string firstRequest(Api api, bool stream)
{
    if (api == Api::Gemini)
        return json::serialize(json::object{{"contents", {{{"role", "user"}, {"parts", {{{"text", kQuestion}}}}}}}});
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
    switch (api) {
    case Api::AnthropicMessages:
        return messagesFault(history);
    case Api::OpenAiChat:
        return chatFault(history);
    case Api::OpenAiResponses:
        return responsesFault(history);
    case Api::Gemini:
        return geminiFault(history);
    case Api::Ollama:
        return ollamaFault(history);
    case Api::Other:
        break;
    }
    return "no API";
}

} // namespace luthien::test
