// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_stream_decoder.h"
#include "protocol/ollama.h"

namespace luthien::protocol::ollama {

using namespace conversation;
namespace ondemand = simdjson::ondemand;

namespace {

enum class Part : std::uint64_t { Text, Thinking, Tool };

StopReason stopReasonOf(std::string_view word, bool hasCalls)
{
    if (word.empty() || word == "stop") // old servers say nothing but "done"
        return hasCalls ? StopReason::ToolUse : StopReason::EndTurn;
    if (word == "length")
        return StopReason::MaxTokens;
    return word == "tool_calls" ? StopReason::ToolUse : StopReason::Other;
}

class Decoder final : public JsonStreamDecoder
{
public:
    std::span<const StreamEvent> decode(std::string_view type, std::string_view data) override;
    std::span<const StreamEvent> decodeBody(std::string_view body);

private:
    struct Members
    {
        std::string_view model;
        std::string_view doneReason;
        std::string_view error;
        Usage usage;
        bool isDone = false;
        bool hasError = false;
    };

    bool read(std::string_view data, Members& members);
    void readMessage(ondemand::value& value);
    void addText(EventKind kind, Part part, std::string_view text);
    void addCall(ondemand::value& value);
    void finish(const Members& members);

    std::uint32_t m_calls = 0;
    bool m_hasModel = false;
};

std::span<const StreamEvent> Decoder::decode(std::string_view, std::string_view data)
{
    m_events.clear();
    if (data.empty())
        return events();
    Members members;
    if (!read(data, members))
        return garbage();
    finish(members);
    return events();
}

bool Decoder::read(std::string_view data, Members& members)
{
    const auto object = m_json.object(data);
    return object && forEachMember(*object, [&](std::string_view key, ondemand::value& member) {
               if (key == "message")
                   readMessage(member);
               else if (key == "response") // /api/generate
                   addText(EventKind::Text, Part::Text, textOf(member));
               else if (key == "thinking")
                   addText(EventKind::Thinking, Part::Thinking, textOf(member));
               else if (key == "model")
                   members.model = textOf(member);
               else if (key == "done")
                   members.isDone = isTrue(member);
               else if (key == "done_reason")
                   members.doneReason = textOf(member);
               else if (key == "prompt_eval_count")
                   members.usage.input = integerOf(member);
               else if (key == "eval_count")
                   members.usage.output = integerOf(member);
               else if (key == "error") {
                   members.error = textOrJsonOf(member);
                   members.hasError = true;
               }
           });
}

void Decoder::readMessage(ondemand::value& value)
{
    forEachMember(value, [this](std::string_view key, ondemand::value& member) {
        if (key == "content")
            addText(EventKind::Text, Part::Text, textOf(member));
        else if (key == "thinking")
            addText(EventKind::Thinking, Part::Thinking, textOf(member));
        else if (key == "tool_calls")
            forEachElement(member, [this](ondemand::value& call) { addCall(call); });
    });
}

void Decoder::addText(EventKind kind, Part part, std::string_view text)
{
    if (text.empty())
        return;
    StreamEvent& event = add(kind);
    event.block = m_blocks.of(static_cast<std::uint64_t>(part)).value;
    event.text = text;
}

/// Calls come whole; only newer servers give them ids.
void Decoder::addCall(ondemand::value& value)
{
    std::string_view id;
    std::string_view name;
    std::string_view arguments;
    forEachMember(value, [&](std::string_view key, ondemand::value& member) {
        if (key == "id")
            id = textOf(member);
        else if (key == "function")
            forEachMember(member, [&](std::string_view inner, ondemand::value& part) {
                if (inner == "name")
                    name = textOf(part);
                else if (inner == "arguments")
                    arguments = textOrJsonOf(part);
            });
    });
    const std::uint64_t key = (static_cast<std::uint64_t>(m_calls++) << 8) | static_cast<std::uint64_t>(Part::Tool);
    const std::uint32_t block = m_blocks.of(key).value;
    StreamEvent& start = add(EventKind::ToolStart);
    start.block = block;
    start.id = id;
    start.name = name;
    if (!arguments.empty()) {
        StreamEvent& event = add(EventKind::ToolArgs);
        event.block = block;
        event.text = arguments;
    }
    add(EventKind::ToolEnd).block = block;
}

void Decoder::finish(const Members& members)
{
    if (!m_hasModel && !members.model.empty()) {
        addStart({}, members.model);
        m_hasModel = true;
    }
    if (members.usage != Usage())
        add(EventKind::Usage).usage = members.usage;
    if (members.hasError) {
        addError({}, members.error);
    } else if (members.isDone && !m_isComplete) {
        m_isComplete = true;
        StreamEvent& event = add(EventKind::Stop);
        event.stopReason = stopReasonOf(members.doneReason, m_calls > 0);
        event.rawStopReason = members.doneReason;
    }
}

std::span<const StreamEvent> Decoder::decodeBody(std::string_view body)
{
    Members members;
    if (!read(body, members))
        return garbage();
    finish(members);
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

} // namespace luthien::protocol::ollama
