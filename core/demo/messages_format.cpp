// SPDX-License-Identifier: Apache-2.0
#include "demo/api_format.h"
#include "protocol/json_write.h"
#include "protocol/sse_parser.h"

// Source: the Messages API as recorded in tests/data/corpus/anthropic-messages.
namespace luthien::demo {

namespace {
namespace json = boost::json;
using conversation::Block;
using conversation::BlockKind;
using conversation::Role;
using protocol::toJsonText;

constexpr const char* kTool = "Bash";
constexpr int kMaxTokens = 1024;
constexpr int kBytesPerToken = 4;

json::object usageOf(const ModelTurn& turn)
{
    const std::size_t bytes = turn.text.size() + turn.command.value_or("").size();
    return {{"input_tokens", 120}, {"output_tokens", bytes / kBytesPerToken}};
}

const char* stopReasonOf(const ModelTurn& turn)
{
    return turn.command ? "tool_use" : "end_turn";
}

json::value parsedArguments(const std::string& arguments)
{
    json::error_code failure;
    json::value parsed = json::parse(arguments, failure);
    return failure || !parsed.is_object() ? json::value(json::object()) : parsed;
}

json::object contentBlock(const Block& block)
{
    if (block.kind == BlockKind::ToolUse)
        return {{"type", "tool_use"}, {"id", block.id}, {"name", block.name}, {"input", parsedArguments(block.text)}};
    if (block.kind == BlockKind::ToolResult)
        return {
            {"type", "tool_result"}, {"tool_use_id", block.id}, {"content", block.text}, {"is_error", block.isError}};
    return {{"type", "text"}, {"text", block.text}};
}

json::object messageObject(const Message& message)
{
    json::array content;
    for (const Block& block : message.blocks)
        content.push_back(contentBlock(block));
    return {{"role", message.role == Role::Assistant ? "assistant" : "user"}, {"content", std::move(content)}};
}

/// Writes the events of one streamed reply.
class Events
{
public:
    void add(json::object event)
    {
        const std::string type(event.at("type").as_string());
        m_events.push_back(protocol::sseEvent(type, json::serialize(event)));
    }
    void addBlock(json::object start, const char* deltaType, const char* deltaMember, std::string_view text)
    {
        add({{"type", "content_block_start"}, {"index", m_index}, {"content_block", std::move(start)}});
        for (const std::string_view piece : piecesOf(text))
            add({{"type", "content_block_delta"},
                 {"index", m_index},
                 {"delta", {{"type", deltaType}, {deltaMember, toJsonText(piece)}}}});
        add({{"type", "content_block_stop"}, {"index", m_index}});
        ++m_index;
    }
    std::vector<std::string> take() { return std::move(m_events); }

private:
    std::vector<std::string> m_events;
    int m_index = 0;
};

class MessagesFormat final : public ApiFormat
{
public:
    [[nodiscard]] std::string_view path() const noexcept override { return "/v1/messages"; }

    [[nodiscard]] std::string requestBody(std::span<const Message> conversation, ReplyForm form) const override
    {
        json::array messages;
        for (const Message& message : conversation)
            messages.push_back(messageObject(message));
        const json::object schema{{"type", "object"},
                                  {"properties", {{"command", {{"type", "string"}}}}},
                                  {"required", json::array{"command"}}};
        const json::object tool{{"name", kTool}, {"description", "Runs a command."}, {"input_schema", schema}};
        return json::serialize(json::object{{"model", kModel},
                                            {"max_tokens", kMaxTokens},
                                            {"stream", form == ReplyForm::Streamed},
                                            {"system", kSystem},
                                            {"tools", json::array{tool}},
                                            {"messages", std::move(messages)}});
    }

    [[nodiscard]] std::vector<std::string> replyEvents(const ModelTurn& turn, const std::string& mark) const override
    {
        Events events;
        json::object message = head(mark);
        message["content"] = json::array();
        message["stop_reason"] = nullptr;
        message["usage"] = {{"input_tokens", 120}, {"output_tokens", 1}};
        events.add({{"type", "message_start"}, {"message", std::move(message)}});
        events.add({{"type", "ping"}});
        events.addBlock({{"type", "text"}, {"text", ""}}, "text_delta", "text", turn.text);
        if (turn.command)
            events.addBlock(call(mark, json::object()), "input_json_delta", "partial_json",
                            json::serialize(json::object{{"command", *turn.command}}));
        events.add({{"type", "message_delta"},
                    {"delta", {{"stop_reason", stopReasonOf(turn)}, {"stop_sequence", nullptr}}},
                    {"usage", usageOf(turn)}});
        events.add({{"type", "message_stop"}});
        return events.take();
    }

    [[nodiscard]] std::string replyBody(const ModelTurn& turn, const std::string& mark) const override
    {
        json::object message = head(mark);
        json::array content{json::object{{"type", "text"}, {"text", turn.text}}};
        if (turn.command)
            content.push_back(call(mark, {{"command", *turn.command}}));
        message["content"] = std::move(content);
        message["stop_reason"] = stopReasonOf(turn);
        message["usage"] = usageOf(turn);
        return json::serialize(message);
    }

private:
    static json::object head(const std::string& mark)
    {
        return {{"id", "msg_" + mark},
                {"type", "message"},
                {"role", "assistant"},
                {"model", kModel},
                {"stop_sequence", nullptr}};
    }
    static json::object call(const std::string& mark, json::object input)
    {
        return {{"type", "tool_use"}, {"id", "toolu_" + mark}, {"name", kTool}, {"input", std::move(input)}};
    }
};
} // namespace

const ApiFormat& messagesFormat() noexcept
{
    static const MessagesFormat format;
    return format;
}

} // namespace luthien::demo
