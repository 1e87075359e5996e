// SPDX-License-Identifier: Apache-2.0
#include "demo/api_format.h"
#include "protocol/json_write.h"
#include "protocol/sse_parser.h"

// Source: the Responses API as recorded in tests/data/corpus/openai-responses.
namespace luthien::demo {

namespace {
namespace json = boost::json;
using conversation::Block;
using conversation::BlockKind;
using conversation::Role;
using protocol::toJsonText;

constexpr const char* kTool = "shell";
constexpr int kBytesPerToken = 4;
constexpr std::int64_t kCreatedAt = 1'790'000'000;

std::string argumentsOf(const std::string& command)
{
    return json::serialize(json::object{{"command", json::array{"bash", "-lc", command}}});
}

json::object textPart(std::string_view text)
{
    return {{"type", "output_text"},
            {"annotations", json::array()},
            {"logprobs", json::array()},
            {"text", toJsonText(text)}};
}

json::object messageItem(const std::string& mark, const char* status, json::array content)
{
    return {{"id", "msg_" + mark},
            {"type", "message"},
            {"status", status},
            {"role", "assistant"},
            {"content", std::move(content)}};
}

json::object callItem(const std::string& mark, const char* status, const std::string& arguments)
{
    return {{"id", "fc_" + mark},     {"type", "function_call"},   {"status", status},
            {"arguments", arguments}, {"call_id", "call_" + mark}, {"name", kTool}};
}

json::object responseObject(const std::string& mark, const char* status, json::array output)
{
    return {{"id", "resp_" + mark},
            {"object", "response"},
            {"created_at", kCreatedAt},
            {"status", status},
            {"error", nullptr},
            {"incomplete_details", nullptr},
            {"instructions", nullptr},
            {"metadata", json::object()},
            {"model", kModel},
            {"output", std::move(output)},
            {"parallel_tool_calls", false},
            {"temperature", 1.0},
            {"tool_choice", "auto"},
            {"tools", json::array()},
            {"top_p", 1.0},
            {"usage", nullptr}};
}

json::object usageOf(const ModelTurn& turn)
{
    const std::size_t out = (turn.text.size() + turn.command.value_or("").size()) / kBytesPerToken;
    return {{"input_tokens", 120},
            {"input_tokens_details", {{"cached_tokens", 0}}},
            {"output_tokens", out},
            {"output_tokens_details", {{"reasoning_tokens", 0}}},
            {"total_tokens", 120 + out}};
}

json::object completed(const ModelTurn& turn, const std::string& mark)
{
    json::array output{messageItem(mark, "completed", json::array{textPart(turn.text)})};
    if (turn.command)
        output.push_back(callItem(mark, "completed", argumentsOf(*turn.command)));
    json::object response = responseObject(mark, "completed", std::move(output));
    response["usage"] = usageOf(turn);
    return response;
}

/// Writes the events of one streamed reply.
class Events
{
public:
    explicit Events(std::string mark)
        : m_mark(std::move(mark))
    {
    }

    void add(const char* type, json::object event)
    {
        event["type"] = type;
        event["sequence_number"] = m_number++;
        m_events.push_back(protocol::sseEvent(type, json::serialize(event)));
    }
    void addMessage(const std::string& text)
    {
        const json::object place{{"item_id", "msg_" + m_mark}, {"output_index", m_index}, {"content_index", 0}};
        addItem("added", messageItem(m_mark, "in_progress", json::array()));
        add("response.content_part.added", with(place, "part", textPart("")));
        for (const std::string_view piece : piecesOf(text))
            add("response.output_text.delta", with(place, "delta", toJsonText(piece)));
        add("response.output_text.done", with(place, "text", toJsonText(text)));
        add("response.content_part.done", with(place, "part", textPart(text)));
        addItem("done", messageItem(m_mark, "completed", json::array{textPart(text)}));
        ++m_index;
    }
    void addCall(const std::string& arguments)
    {
        const json::object place{{"item_id", "fc_" + m_mark}, {"output_index", m_index}};
        addItem("added", callItem(m_mark, "in_progress", ""));
        for (const std::string_view piece : piecesOf(arguments))
            add("response.function_call_arguments.delta", with(place, "delta", toJsonText(piece)));
        add("response.function_call_arguments.done", with(place, "arguments", toJsonText(arguments)));
        addItem("done", callItem(m_mark, "completed", arguments));
        ++m_index;
    }
    std::vector<std::string> take() { return std::move(m_events); }

private:
    static json::object with(json::object event, const char* member, json::value value)
    {
        event[member] = std::move(value);
        return event;
    }
    void addItem(const char* what, json::object item)
    {
        const std::string type = std::string("response.output_item.") + what;
        add(type.c_str(), {{"output_index", m_index}, {"item", std::move(item)}});
    }

    std::string m_mark;
    std::vector<std::string> m_events;
    int m_index = 0;
    int m_number = 0;
};

json::object inputItem(const Message& message, const Block& block)
{
    if (block.kind == BlockKind::ToolUse)
        return {{"type", "function_call"}, {"call_id", block.id}, {"name", block.name}, {"arguments", block.text}};
    if (block.kind == BlockKind::ToolResult)
        return {{"type", "function_call_output"}, {"call_id", block.id}, {"output", block.text}};
    const bool isOurs = message.role == Role::Assistant;
    const json::object part{{"type", isOurs ? "output_text" : "input_text"}, {"text", block.text}};
    return {{"type", "message"}, {"role", isOurs ? "assistant" : "user"}, {"content", json::array{part}}};
}

class ResponsesFormat final : public ApiFormat
{
public:
    [[nodiscard]] std::string_view path() const noexcept override { return "/v1/responses"; }

    [[nodiscard]] std::string requestBody(std::span<const Message> conversation, ReplyForm form) const override
    {
        json::array input;
        for (const Message& message : conversation) {
            for (const Block& block : message.blocks)
                input.push_back(inputItem(message, block));
        }
        const json::object words{{"type", "array"}, {"items", {{"type", "string"}}}};
        const json::object schema{
            {"type", "object"}, {"properties", {{"command", words}}}, {"required", json::array{"command"}}};
        const json::object tool{
            {"type", "function"}, {"name", kTool}, {"description", "Runs a command."}, {"parameters", schema}};
        return json::serialize(json::object{{"model", kModel},
                                            {"instructions", kSystem},
                                            {"stream", form == ReplyForm::Streamed},
                                            {"store", false},
                                            {"tools", json::array{tool}},
                                            {"input", std::move(input)}});
    }

    [[nodiscard]] std::vector<std::string> replyEvents(const ModelTurn& turn, const std::string& mark) const override
    {
        Events events(mark);
        for (const char* type : {"response.created", "response.in_progress"})
            events.add(type, {{"response", responseObject(mark, "in_progress", json::array())}});
        events.addMessage(turn.text);
        if (turn.command)
            events.addCall(argumentsOf(*turn.command));
        events.add("response.completed", {{"response", completed(turn, mark)}});
        return events.take();
    }

    [[nodiscard]] std::string replyBody(const ModelTurn& turn, const std::string& mark) const override
    {
        return json::serialize(completed(turn, mark));
    }
};
} // namespace

const ApiFormat& responsesFormat() noexcept
{
    static const ResponsesFormat format;
    return format;
}

} // namespace luthien::demo
