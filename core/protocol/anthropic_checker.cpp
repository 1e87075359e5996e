// SPDX-License-Identifier: Apache-2.0
#include "protocol/anthropic_editing.h"
#include "protocol/stream_checking.h"

namespace luthien::protocol {

namespace ondemand = simdjson::ondemand;
using conversation::Executor;

namespace {

/// Messages. Blocks come one after the other. Text behind a client's call is a breach: the next turn is refused.
class AnthropicChecker final : public StreamChecker
{
public:
    Result<void> event(std::string_view type, std::string_view data) override;
    Result<void> end() override
    {
        return m_phase == Phase::Over ? Result<void>() : breach("A message ends with message_stop or an error.");
    }

private:
    enum class Phase { Before, Content, Stopping, Over };
    struct Block
    {
        std::string_view type;
        std::string_view id;
        std::string_view name;
    };
    struct Event
    {
        std::string_view type;
        std::optional<std::uint32_t> index;
        std::string_view deltaType;
        std::string_view stopReason;
        std::vector<Block> blocks; ///< a start's one, or all of a message
        bool hasMessage = false;
        bool hasUsage = false;
    };

    [[nodiscard]] bool read(std::string_view data, Event& event);
    static void readMember(std::string_view key, ondemand::value& member, Event& event);
    static Block readBlock(ondemand::value& value);
    Result<void> streamed(const Event& event);
    Result<void> body(const Event& event);
    Result<void> messageStart(const Event& event);
    Result<void> start(const Event& event);
    Result<void> delta(const Event& event);
    Result<void> messageDelta(const Event& event);
    Result<void> begin(const Block& block);
    Result<void> stopped(std::string_view reason);

    JsonReader m_reader;
    Event m_event;
    Phase m_phase = Phase::Before;
    bool m_hasCall = false; ///< of the client
    bool m_isOpen = false;
    std::string m_openType;
    std::uint32_t m_blocks = 0;
};

AnthropicChecker::Block AnthropicChecker::readBlock(ondemand::value& value)
{
    Block block;
    forEachMember(value, [&block](std::string_view key, ondemand::value& member) {
        if (key == "type")
            block.type = textOf(member);
        else if (key == "id")
            block.id = textOf(member);
        else if (key == "name")
            block.name = textOf(member);
    });
    return block;
}

void AnthropicChecker::readMember(std::string_view key, ondemand::value& member, Event& event)
{
    if (key == "type") {
        event.type = textOf(member);
    } else if (key == "index") {
        event.index = indexOf(member);
    } else if (key == "content_block") {
        event.blocks.push_back(readBlock(member));
    } else if (key == "content") {
        forEachElement(member, [&event](ondemand::value& block) { event.blocks.push_back(readBlock(block)); });
    } else if (key == "stop_reason") {
        event.stopReason = textOf(member);
    } else if (key == "usage") {
        event.hasUsage = isObject(member);
    } else if (key == "message") {
        event.hasMessage = isObject(member);
        forEachMember(member, [&event](std::string_view name, ondemand::value& inner) {
            if (name == "content")
                readMember(name, inner, event);
        });
    } else if (key == "delta") {
        forEachMember(member, [&event](std::string_view name, ondemand::value& inner) {
            if (name == "type")
                event.deltaType = textOf(inner);
            else if (name == "stop_reason")
                event.stopReason = textOf(inner);
        });
    }
}

bool AnthropicChecker::read(std::string_view data, Event& event)
{
    std::vector<Block> blocks = std::move(event.blocks); // keeps its room
    blocks.clear();
    event = {};
    event.blocks = std::move(blocks);
    const auto object = m_reader.object(data);
    return object && forEachMember(*object, [&event](std::string_view key, ondemand::value& member) {
               readMember(key, member, event);
           });
}

Result<void> AnthropicChecker::event(std::string_view type, std::string_view data)
{
    if (data.empty())
        return {};
    if (!read(data, m_event))
        return breach("An event is one JSON object.");
    if (m_phase == Phase::Over)
        return breach("Nothing follows the end of a message.");
    if (type.empty() && m_phase == Phase::Before && (m_event.type == "message" || m_event.type == "error"))
        return body(m_event);
    if (type != m_event.type)
        return breach("The event line says the type that the data says.");
    return streamed(m_event);
}

Result<void> AnthropicChecker::streamed(const Event& event)
{
    if (event.type == "message_start")
        return messageStart(event);
    if (event.type == "error") {
        m_phase = Phase::Over;
        return {};
    }
    const bool isOfBlock = event.type.starts_with("content_block_");
    if (!isOfBlock && !event.type.starts_with("message_"))
        return {}; // a ping, or one of tomorrow's
    if (m_phase == Phase::Before)
        return breach("A message begins with message_start.");
    if (isOfBlock && m_phase == Phase::Stopping)
        return breach("No block comes after message_delta.");
    if (event.type == "content_block_start")
        return start(event);
    if (event.type == "content_block_delta")
        return delta(event);
    if (event.type == "content_block_stop") {
        if (!m_isOpen || event.index != m_blocks - 1)
            return breach("Only the open block stops.");
        m_isOpen = false;
    } else if (event.type == "message_delta") {
        return messageDelta(event);
    } else if (event.type == "message_stop") {
        if (m_phase != Phase::Stopping)
            return breach("A message says why it stops before it does.");
        m_phase = Phase::Over;
    }
    return {};
}

Result<void> AnthropicChecker::body(const Event& event)
{
    m_phase = Phase::Over;
    if (event.type == "error")
        return {};
    for (const Block& block : event.blocks) {
        if (Result<void> begun = begin(block); !begun)
            return begun;
    }
    if (!event.hasUsage)
        return breach("A message has a usage.");
    return stopped(event.stopReason);
}

Result<void> AnthropicChecker::messageStart(const Event& event)
{
    if (m_phase != Phase::Before)
        return breach("A message starts once.");
    if (!event.hasMessage || !event.blocks.empty())
        return breach("A message starts without content.");
    m_phase = Phase::Content;
    return {};
}

Result<void> AnthropicChecker::start(const Event& event)
{
    if (m_isOpen)
        return breach("A block starts after the one before it has stopped.");
    if (event.index != m_blocks)
        return breach("Blocks are numbered without gaps.");
    if (event.blocks.empty())
        return breach("A block says its type.");
    ++m_blocks;
    m_isOpen = true;
    m_openType = event.blocks.front().type;
    return begin(event.blocks.front());
}

/// A block, streamed or not.
Result<void> AnthropicChecker::begin(const Block& block)
{
    if (block.type.empty())
        return breach("A block says its type.");
    const auto executor = anthropic::executorOf(block.type);
    if (executor && (block.id.empty() || block.name.empty()))
        return breach("A call begins with its id and name.");
    if (block.type == "text" && m_hasCall)
        return breach("No text follows a call.");
    m_hasCall = m_hasCall || executor == Executor::Client;
    return {};
}

Result<void> AnthropicChecker::delta(const Event& event)
{
    if (!m_isOpen || event.index != m_blocks - 1)
        return breach("A delta belongs to the open block.");
    const std::string_view type = event.deltaType;
    const bool fits = type == "text_delta" || type == "citations_delta"       ? m_openType == "text"
                      : type == "input_json_delta"                            ? m_openType.ends_with("tool_use")
                      : type == "thinking_delta" || type == "signature_delta" ? m_openType == "thinking"
                                                                              : !type.empty();
    return fits ? Result<void>() : breach("A delta is of its block's kind.");
}

/// May come again: the last reason counts.
Result<void> AnthropicChecker::messageDelta(const Event& event)
{
    if (m_isOpen)
        return breach("Every block stops before the message does.");
    if (!event.hasUsage)
        return breach("message_delta has a usage.");
    m_phase = Phase::Stopping;
    return stopped(event.stopReason);
}

/// A reply that was cut (max_tokens, refusal, pause_turn) may hold calls all the same.
Result<void> AnthropicChecker::stopped(std::string_view reason)
{
    if (reason.empty())
        return breach("A message says why it stops.");
    if (reason == "tool_use" && !m_hasCall)
        return breach("A message that stops for a call has one.");
    if (reason == "end_turn" && m_hasCall)
        return breach("A message with a call does not end the turn.");
    return {};
}

} // namespace

std::unique_ptr<StreamChecker> makeAnthropicChecker()
{
    return std::make_unique<AnthropicChecker>();
}

} // namespace luthien::protocol
