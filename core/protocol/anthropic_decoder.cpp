// SPDX-License-Identifier: Apache-2.0
#include "protocol/anthropic.h"
#include "protocol/json_stream_decoder.h"

namespace luthien::protocol::anthropic {

using namespace conversation;
namespace ondemand = simdjson::ondemand;

namespace {

/// Members of an event, a body or one of their parts, whichever order they came in.
struct ContentBlock
{
    std::string_view type;
    std::string_view id;
    std::string_view name;
    std::string_view text;  ///< of text and thinking blocks
    std::string_view input; ///< JSON
    std::string_view json;  ///< the whole block
};

struct Delta
{
    std::string_view type;
    std::string_view text;
    std::string_view partialJson;
    std::string_view thinking;
    std::string_view content; ///< JSON, of compaction
    std::string_view stopReason;
};

struct Members
{
    std::string_view type;
    std::string_view id;
    std::string_view model;
    std::string_view stopReason;
    std::optional<std::uint32_t> index;
    ContentBlock block;
    Delta delta;
    WireError error;
    Usage usage;
    bool hasUsage = false;
};

StopReason stopReasonOf(std::string_view word)
{
    if (word == "end_turn")
        return StopReason::EndTurn;
    if (word == "stop_sequence")
        return StopReason::StopSequence;
    if (word == "max_tokens")
        return StopReason::MaxTokens;
    if (word == "tool_use")
        return StopReason::ToolUse;
    if (word == "refusal")
        return StopReason::Refusal;
    if (word == "pause_turn")
        return StopReason::PauseTurn;
    if (word == "model_context_window_exceeded")
        return StopReason::ContextWindow;
    return word == "compaction" ? StopReason::Compaction : StopReason::Other;
}

std::optional<Executor> executorOf(std::string_view type)
{
    if (type == "tool_use")
        return Executor::Client;
    if (type == "server_tool_use")
        return Executor::Server;
    if (type == "mcp_tool_use")
        return Executor::Mcp;
    return std::nullopt;
}

void readUsage(ondemand::value& value, Members& members)
{
    members.hasUsage = forEachMember(value, [&usage = members.usage](std::string_view key, ondemand::value& member) {
        if (key == "input_tokens")
            usage.input = integerOf(member);
        else if (key == "output_tokens")
            usage.output = integerOf(member);
        else if (key == "cache_read_input_tokens")
            usage.cacheRead = integerOf(member);
        else if (key == "cache_creation_input_tokens")
            usage.cacheWrite = integerOf(member);
    });
}

void readDelta(ondemand::value& value, Delta& delta)
{
    forEachMember(value, [&delta](std::string_view key, ondemand::value& member) {
        if (key == "type")
            delta.type = textOf(member);
        else if (key == "text")
            delta.text = textOf(member);
        else if (key == "partial_json")
            delta.partialJson = textOf(member);
        else if (key == "thinking")
            delta.thinking = textOf(member);
        else if (key == "stop_reason")
            delta.stopReason = textOf(member);
        else if (key == "content")
            delta.content = rawJsonOf(member);
    });
}

ContentBlock readBlock(ondemand::value& value)
{
    ContentBlock block;
    ondemand::object object;
    if (value.get_object().get(object) || object.raw_json().get(block.json) || object.reset().error())
        return block;
    forEachMember(object, [&block](std::string_view key, ondemand::value& member) {
        if (key == "type")
            block.type = textOf(member);
        else if (key == "id")
            block.id = textOf(member);
        else if (key == "name")
            block.name = textOf(member);
        else if (key == "text" || key == "thinking")
            block.text = textOf(member);
        else if (key == "input")
            block.input = rawJsonOf(member);
    });
    return block;
}

void readMessage(ondemand::value& value, Members& members)
{
    forEachMember(value, [&members](std::string_view key, ondemand::value& member) {
        if (key == "id")
            members.id = textOf(member);
        else if (key == "model")
            members.model = textOf(member);
        else if (key == "usage")
            readUsage(member, members);
    });
}

class Decoder final : public JsonStreamDecoder
{
public:
    std::span<const StreamEvent> decode(std::string_view type, std::string_view data) override;
    std::span<const StreamEvent> decodeBody(std::string_view body);

private:
    /// What the last started block is; blocks do not interleave.
    struct OpenBlock
    {
        std::uint64_t key = 0;
        bool isTool = false;
        bool hasInput = false; ///< the start carried the arguments already
    };

    bool read(std::string_view data, Members& members);
    void interpret(std::string_view type, const Members& members);
    void addDelta(std::uint64_t key, const Delta& delta);
    void addEnd(std::uint64_t key);
    void addUsageAndStop(const Members& members, std::string_view stopReason);
    /// A block's start; for a body, the whole block.
    void addBlock(std::uint64_t key, const ContentBlock& block);
    StreamEvent& addAt(EventKind kind, std::uint64_t key);
    void addFraming(std::uint64_t key);

    OpenBlock m_open;
    std::string m_compaction; ///< JSON of a block that came in pieces
};

std::span<const StreamEvent> Decoder::decode(std::string_view type, std::string_view data)
{
    m_events.clear();
    if (data.empty() || data == "[DONE]") // nobody but a translating gateway sends [DONE] here
        return events();
    Members members;
    if (!read(data, members))
        return garbage();
    interpret(members.type.empty() ? type : members.type, members);
    return events();
}

bool Decoder::read(std::string_view data, Members& members)
{
    const auto object = m_json.object(data);
    return object && forEachMember(*object, [&members](std::string_view key, ondemand::value& member) {
               if (key == "type")
                   members.type = textOf(member);
               else if (key == "index")
                   members.index = indexOf(member);
               else if (key == "delta")
                   readDelta(member, members.delta);
               else if (key == "content_block")
                   members.block = readBlock(member);
               else if (key == "message")
                   readMessage(member, members);
               else if (key == "usage")
                   readUsage(member, members);
               else if (key == "error")
                   readError(member, members.error);
           });
}

void Decoder::interpret(std::string_view type, const Members& members)
{
    // An index that is missing can only mean the block that is open.
    const std::uint64_t key = members.index ? *members.index : m_open.key;
    if (type == "content_block_delta") {
        addDelta(key, members.delta);
    } else if (type == "content_block_start") {
        addBlock(key, members.block);
    } else if (type == "content_block_stop") {
        addEnd(key);
    } else if (type == "message_start") {
        addStart(members.id, members.model);
        addUsageAndStop(members, {});
    } else if (type == "message_delta") {
        addUsageAndStop(members, members.delta.stopReason);
    } else if (type == "message_stop") {
        m_isComplete = true;
    } else if (type == "ping") {
        add(EventKind::Keepalive);
    } else if (type == "error" || !members.error.message.empty()) {
        addError(members.error.type.empty() ? members.error.code : members.error.type, members.error.message);
    }
}

StreamEvent& Decoder::addAt(EventKind kind, std::uint64_t key)
{
    StreamEvent& event = add(kind);
    event.block = m_blocks.of(key).value;
    return event;
}

/// An event that says nothing new of a block, but belongs to it.
void Decoder::addFraming(std::uint64_t key)
{
    if (m_blocks.has(key))
        addAt(EventKind::Framing, key);
}

void Decoder::addDelta(std::uint64_t key, const Delta& delta)
{
    if (delta.type == "text_delta") {
        addAt(EventKind::Text, key).text = delta.text;
    } else if (delta.type == "thinking_delta") {
        addAt(EventKind::Thinking, key).text = delta.thinking;
    } else if (delta.type == "input_json_delta") {
        StreamEvent& event = addAt(EventKind::ToolArgs, key);
        event.text = delta.partialJson;
        // SDKs read the fragments alone once there are any.
        event.replaces = m_open.key == key && m_open.hasInput && !delta.partialJson.empty();
        if (event.replaces)
            m_open.hasInput = false;
    } else if (delta.type == "compaction_delta") {
        m_compaction = R"({"type":"compaction","content":)";
        m_compaction += delta.content.empty() ? "null" : delta.content;
        m_compaction += '}';
        StreamEvent& event = addAt(EventKind::Opaque, key);
        event.name = "compaction";
        event.text = m_compaction;
    } else {
        addFraming(key); // signatures, citations
    }
}

void Decoder::addEnd(std::uint64_t key)
{
    if (m_open.key == key && m_open.isTool)
        addAt(EventKind::ToolEnd, key);
    else
        addFraming(key);
    m_open = {};
}

void Decoder::addUsageAndStop(const Members& members, std::string_view stopReason)
{
    if (members.hasUsage)
        add(EventKind::Usage).usage = members.usage;
    if (stopReason.empty())
        return;
    StreamEvent& event = add(EventKind::Stop);
    event.stopReason = stopReasonOf(stopReason);
    event.rawStopReason = stopReason;
}

void Decoder::addBlock(std::uint64_t key, const ContentBlock& block)
{
    m_open = {.key = key};
    if (block.type == "text") {
        addAt(EventKind::Text, key).text = block.text;
    } else if (block.type == "thinking") {
        addAt(EventKind::Thinking, key).text = block.text;
    } else if (const auto executor = executorOf(block.type)) {
        m_open.isTool = true;
        m_open.hasInput = !block.input.empty() && block.input != "{}" && block.input != "null";
        StreamEvent& start = addAt(EventKind::ToolStart, key);
        start.executor = *executor;
        start.id = block.id;
        start.name = block.name;
        if (m_open.hasInput)
            addAt(EventKind::ToolArgs, key).text = block.input;
    } else {
        StreamEvent& event = addAt(EventKind::Opaque, key);
        event.name = block.type;
        event.text = block.json;
    }
}

std::span<const StreamEvent> Decoder::decodeBody(std::string_view body)
{
    const auto object = m_json.object(body);
    if (!object)
        return garbage();
    Members members;
    std::uint64_t key = 0;
    const bool isRead = forEachMember(*object, [&](std::string_view name, ondemand::value& member) {
        if (name == "type")
            members.type = textOf(member);
        else if (name == "id")
            members.id = textOf(member);
        else if (name == "model")
            members.model = textOf(member);
        else if (name == "stop_reason")
            members.stopReason = textOf(member);
        else if (name == "usage")
            readUsage(member, members);
        else if (name == "error")
            readError(member, members.error);
        else if (name == "content")
            forEachElement(member, [&](ondemand::value& element) {
                addBlock(key, readBlock(element));
                addEnd(key++);
            });
    });
    if (!isRead)
        return garbage();
    if (members.type == "error" || !members.error.message.empty()) {
        addError(members.error.type.empty() ? members.error.code : members.error.type, members.error.message);
        return events();
    }
    addStart(members.id, members.model);
    addUsageAndStop(members, members.stopReason);
    m_isComplete = true;
    return events();
}

} // namespace

std::unique_ptr<StreamDecoder> makeDecoder()
{
    return std::make_unique<Decoder>();
}

std::unique_ptr<StreamDecoder> decodeBody(std::string_view body, std::vector<StreamEvent>& events)
{
    return decodeWhole<Decoder>(body, events);
}

} // namespace luthien::protocol::anthropic
