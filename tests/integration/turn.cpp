// SPDX-License-Identifier: Apache-2.0
#include "integration/turn.h"

#include "protocol/dialect.h"
#include "protocol/sse_parser.h"
#include "protocol/stream_framer.h"

#include <boost/json.hpp>

#include <array>
#include <functional>
#include <span>

namespace luthien::test {

namespace json = boost::json;
using conversation::Api;

namespace {
std::array<std::string, 3> inPieces(const std::string& text)
{
    const std::size_t third = text.size() / 3;
    return {text.substr(0, third), text.substr(third, third), text.substr(2 * third)};
}

std::string named(const json::object& event)
{
    return protocol::sseEvent(std::string_view(event.at("type").as_string()), json::serialize(event));
}

std::string chatChunk(json::object delta, const json::value& finish = nullptr)
{
    return protocol::sseEvent(
        {}, json::serialize(
                json::object{{"id", "chatcmpl-1"},
                             {"object", "chat.completion.chunk"},
                             {"created", 1},
                             {"model", "m"},
                             {"choices", {{{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", finish}}}}}));
}

std::vector<std::string> messagesStream(const ScriptedTurn& turn)
{
    std::vector<std::string> events = {named({{"type", "message_start"},
                                              {"message",
                                               {{"id", "msg_1"},
                                                {"type", "message"},
                                                {"role", "assistant"},
                                                {"model", "m"},
                                                {"content", json::array()},
                                                {"stop_reason", nullptr},
                                                {"stop_sequence", nullptr},
                                                {"usage", {{"input_tokens", 3}, {"output_tokens", 1}}}}}}),
                                       named({{"type", "ping"}})};
    int index = 0;
    const auto block = [&](json::object start, const std::vector<json::object>& deltas) {
        events.push_back(
            named({{"type", "content_block_start"}, {"index", index}, {"content_block", std::move(start)}}));
        for (const json::object& delta : deltas)
            events.push_back(named({{"type", "content_block_delta"}, {"index", index}, {"delta", delta}}));
        events.push_back(named({{"type", "content_block_stop"}, {"index", index++}}));
    };
    if (!turn.text.empty())
        block({{"type", "text"}, {"text", ""}}, {{{"type", "text_delta"}, {"text", turn.text}}});
    for (const ScriptedCall& call : turn.calls) {
        std::vector<json::object> deltas;
        for (const std::string& piece : inPieces(call.arguments))
            deltas.push_back({{"type", "input_json_delta"}, {"partial_json", piece}});
        block({{"type", "tool_use"}, {"id", call.id}, {"name", call.name}, {"input", json::object()}}, deltas);
    }
    events.push_back(
        named({{"type", "message_delta"},
               {"delta", {{"stop_reason", turn.calls.empty() ? "end_turn" : "tool_use"}, {"stop_sequence", nullptr}}},
               {"usage", {{"output_tokens", 9}}}}));
    events.push_back(named({{"type", "message_stop"}}));
    return events;
}

std::vector<std::string> chatStream(const ScriptedTurn& turn)
{
    std::vector<std::string> events = {chatChunk({{"role", "assistant"}, {"content", ""}})};
    if (!turn.text.empty())
        events.push_back(chatChunk({{"content", turn.text}}));
    int index = 0;
    for (const ScriptedCall& call : turn.calls) {
        events.push_back(chatChunk({{"tool_calls",
                                     {{{"index", index},
                                       {"id", call.id},
                                       {"type", "function"},
                                       {"function", {{"name", call.name}, {"arguments", ""}}}}}}}));
        for (const std::string& piece : inPieces(call.arguments))
            events.push_back(chatChunk({{"tool_calls", {{{"index", index}, {"function", {{"arguments", piece}}}}}}}));
        ++index;
    }
    events.push_back(chatChunk(json::object(), turn.calls.empty() ? "stop" : "tool_calls"));
    events.push_back(protocol::sseEvent({}, "[DONE]"));
    return events;
}

json::object chatBody(const ScriptedTurn& turn)
{
    json::array calls;
    for (const ScriptedCall& call : turn.calls)
        calls.push_back({{"id", call.id},
                         {"type", "function"},
                         {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
    json::object message{{"role", "assistant"}, {"content", nullptr}};
    if (!turn.text.empty())
        message["content"] = turn.text;
    if (!calls.empty())
        message["tool_calls"] = calls;
    return {{"id", "chatcmpl-1"},
            {"object", "chat.completion"},
            {"created", 1},
            {"model", "m"},
            {"choices",
             {{{"index", 0}, {"message", message}, {"finish_reason", turn.calls.empty() ? "stop" : "tool_calls"}}}},
            {"usage", {{"prompt_tokens", 3}, {"completion_tokens", 9}, {"total_tokens", 12}}}};
}

json::object messagesBody(const ScriptedTurn& turn)
{
    json::array content;
    if (!turn.text.empty())
        content.push_back({{"type", "text"}, {"text", turn.text}});
    for (const ScriptedCall& call : turn.calls)
        content.push_back(
            {{"type", "tool_use"}, {"id", call.id}, {"name", call.name}, {"input", json::parse(call.arguments)}});
    return {{"id", "msg_1"},
            {"type", "message"},
            {"role", "assistant"},
            {"model", "m"},
            {"content", content},
            {"stop_reason", turn.calls.empty() ? "end_turn" : "tool_use"},
            {"stop_sequence", nullptr},
            {"usage", {{"input_tokens", 3}, {"output_tokens", 9}}}};
}

/// An item's id is not its call's.
std::string itemOf(const ScriptedCall& call)
{
    return "fc_" + std::to_string(std::hash<std::string>()(call.id));
}

json::object responsesItem(const ScriptedCall& call, std::string_view status)
{
    return {{"id", itemOf(call)}, {"type", "function_call"},
            {"status", status},   {"call_id", call.id},
            {"name", call.name},  {"arguments", status == "completed" ? call.arguments : std::string()}};
}

json::object responsesText(const std::string& text)
{
    return {{"id", "msg_1"},
            {"type", "message"},
            {"status", "completed"},
            {"role", "assistant"},
            {"content", {{{"type", "output_text"}, {"text", text}, {"annotations", json::array()}}}}};
}

json::object responsesBody(const ScriptedTurn& turn, std::string_view status = "completed")
{
    json::array output;
    if (status == "completed" && !turn.text.empty())
        output.push_back(responsesText(turn.text));
    for (const ScriptedCall& call : turn.calls) {
        if (status == "completed")
            output.push_back(responsesItem(call, status));
    }
    json::value usage;
    if (status == "completed")
        usage = {{"input_tokens", 3}, {"output_tokens", 9}, {"total_tokens", 12}};
    return {{"id", "resp_1"}, {"object", "response"}, {"created_at", 1}, {"status", status},
            {"model", "m"},   {"output", output},     {"usage", usage}};
}

std::vector<std::string> responsesStream(const ScriptedTurn& turn)
{
    std::vector<std::string> events;
    const auto add = [&](std::string_view type, json::object members) {
        json::object event{{"type", type}, {"sequence_number", events.size()}};
        for (auto& member : members)
            event[member.key()] = std::move(member.value());
        events.push_back(named(event));
    };
    add("response.created", {{"response", responsesBody(turn, "in_progress")}});
    add("response.in_progress", {{"response", responsesBody(turn, "in_progress")}});
    int index = 0;
    if (!turn.text.empty()) {
        const json::object place{{"item_id", "msg_1"}, {"output_index", 0}, {"content_index", 0}};
        const auto at = [&](json::object members) {
            for (const auto& member : place)
                members[member.key()] = member.value();
            return members;
        };
        const json::object empty{{"type", "output_text"}, {"text", ""}, {"annotations", json::array()}};
        json::object begun = responsesText("");
        begun["content"] = json::array();
        begun["status"] = "in_progress";
        add("response.output_item.added", {{"output_index", 0}, {"item", begun}});
        add("response.content_part.added", at({{"part", empty}}));
        add("response.output_text.delta", at({{"delta", turn.text}}));
        add("response.output_text.done", at({{"text", turn.text}}));
        add("response.content_part.done", at({{"part", responsesText(turn.text).at("content").at(0)}}));
        add("response.output_item.done", {{"output_index", index++}, {"item", responsesText(turn.text)}});
    }
    for (const ScriptedCall& call : turn.calls) {
        const std::string item = itemOf(call);
        add("response.output_item.added", {{"output_index", index}, {"item", responsesItem(call, "in_progress")}});
        for (const std::string& piece : inPieces(call.arguments))
            add("response.function_call_arguments.delta",
                {{"item_id", item}, {"output_index", index}, {"delta", piece}});
        add("response.function_call_arguments.done",
            {{"item_id", item}, {"output_index", index}, {"arguments", call.arguments}});
        add("response.output_item.done", {{"output_index", index++}, {"item", responsesItem(call, "completed")}});
    }
    add("response.completed", {{"response", responsesBody(turn)}});
    return events;
}

json::object geminiReply(json::array parts, bool isLast)
{
    json::object candidate{{"content", {{"role", "model"}, {"parts", std::move(parts)}}}, {"index", 0}};
    json::object reply{{"candidates", json::array()}, {"modelVersion", "m"}, {"responseId", "r1"}};
    if (isLast) {
        candidate["finishReason"] = "STOP";
        reply["usageMetadata"] = {{"promptTokenCount", 3}, {"candidatesTokenCount", 9}, {"totalTokenCount", 12}};
    }
    reply["candidates"].as_array().push_back(std::move(candidate));
    return reply;
}

json::array geminiParts(const ScriptedTurn& turn)
{
    json::array parts;
    if (!turn.text.empty())
        parts.push_back(json::object{{"text", turn.text}});
    for (const ScriptedCall& call : turn.calls)
        parts.push_back(json::object{
            {"functionCall", {{"id", call.id}, {"name", call.name}, {"args", json::parse(call.arguments)}}}});
    return parts;
}

std::vector<std::string> geminiStream(const ScriptedTurn& turn)
{
    std::vector<std::string> events;
    for (json::value& part : geminiParts(turn))
        events.push_back("data: " + json::serialize(geminiReply({std::move(part)}, false)) + "\r\n\r\n");
    events.push_back("data: " + json::serialize(geminiReply({{{"text", ""}}}, true)) + "\r\n\r\n");
    return events;
}

json::object ollamaReply(const std::string& text, std::span<const ScriptedCall> calls, bool isLast)
{
    json::object message{{"role", "assistant"}, {"content", text}};
    json::array all;
    for (const ScriptedCall& call : calls)
        all.push_back(json::object{{"function", {{"name", call.name}, {"arguments", json::parse(call.arguments)}}}});
    if (!all.empty())
        message["tool_calls"] = std::move(all);
    json::object reply{
        {"model", "m"}, {"created_at", "2026-01-01T00:00:00Z"}, {"message", std::move(message)}, {"done", isLast}};
    if (isLast) {
        reply["done_reason"] = "stop";
        reply["prompt_eval_count"] = 3;
        reply["eval_count"] = 9;
    }
    return reply;
}

std::vector<std::string> ollamaStream(const ScriptedTurn& turn)
{
    std::vector<std::string> events;
    if (!turn.text.empty())
        events.push_back(json::serialize(ollamaReply(turn.text, {}, false)) + "\n");
    for (const ScriptedCall& call : turn.calls)
        events.push_back(json::serialize(ollamaReply("", {&call, 1}, false)) + "\n");
    events.push_back(json::serialize(ollamaReply("", {}, true)) + "\n");
    return events;
}
} // namespace

std::vector<std::string> streamOf(Api api, const ScriptedTurn& turn)
{
    switch (api) {
    case Api::AnthropicMessages:
        return messagesStream(turn);
    case Api::OpenAiChat:
        return chatStream(turn);
    case Api::Gemini:
        return geminiStream(turn);
    case Api::Ollama:
        return ollamaStream(turn);
    default:
        return responsesStream(turn);
    }
}

std::string bodyOf(Api api, const ScriptedTurn& turn)
{
    switch (api) {
    case Api::AnthropicMessages:
        return json::serialize(messagesBody(turn));
    case Api::OpenAiChat:
        return json::serialize(chatBody(turn));
    case Api::Gemini:
        return json::serialize(geminiReply(geminiParts(turn), true));
    case Api::Ollama:
        return json::serialize(ollamaReply(turn.text, turn.calls, true));
    default:
        return json::serialize(responsesBody(turn));
    }
}

std::string pathOf(Api api, bool stream)
{
    switch (api) {
    case Api::AnthropicMessages:
        return "/v1/messages";
    case Api::OpenAiChat:
        return "/v1/chat/completions";
    case Api::Gemini:
        return stream ? "/v1beta/models/m:streamGenerateContent?alt=sse" : "/v1beta/models/m:generateContent";
    case Api::Ollama:
        return "/api/chat";
    default:
        return "/v1/responses";
    }
}

std::string requestOf(Api api, bool stream)
{
    const std::string head = std::string(R"({"model":"m","stream":)") + (stream ? "true" : "false");
    if (api == Api::Gemini)
        return R"({"contents":[{"role":"user","parts":[{"text":"go"}]}]})";
    if (api == Api::OpenAiResponses)
        return head + R"(,"input":"go"})";
    return head + R"(,"max_tokens":99,"messages":[{"role":"user","content":"go"}]})";
}

std::string contentType(Api api, bool stream)
{
    return !stream ? "application/json" : api == Api::Ollama ? "application/x-ndjson" : "text/event-stream";
}
conversation::Response folded(Api api, bool stream, std::string_view bytes)
{
    const protocol::Dialect& dialect = protocol::dialectFor(api);
    conversation::ResponseAssembler assembler;
    if (!stream) {
        std::vector<conversation::StreamEvent> events;
        const auto decoder = dialect.decodeBody(bytes, events);
        for (const auto& event : events)
            assembler.apply(event);
        return assembler.response();
    }
    const auto decoder = dialect.makeDecoder();
    const bool isLines = api == Api::Ollama;
    protocol::StreamFramer framer(isLines ? conversation::StreamForm::Lines : conversation::StreamForm::EventStream);
    while (!bytes.empty()) {
        const auto step = framer.parse(bytes);
        bytes.remove_prefix(step.consumed);
        if (step.state != protocol::StreamFramer::State::Event)
            break;
        if (!step.event.hasData)
            continue;
        for (const auto& event : decoder->decode(step.event.type, step.event.data))
            assembler.apply(event);
    }
    return assembler.response();
}

} // namespace luthien::test
