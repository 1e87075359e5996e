// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_stream_decoder.h"
#include "protocol/openai_chat.h"

#include <map>

namespace luthien::protocol::openai_chat {

using namespace conversation;
namespace ondemand = simdjson::ondemand;

namespace {

constexpr std::uint32_t kMaxChoices = 128; // what n may be

enum class Part : std::uint64_t { Text, Refusal, Thinking, Tool, LegacyCall, Other };

/// Names a block on the wire: the choice, the member it lives in, and the call's number there.
std::uint64_t keyOf(std::uint32_t choice, Part part, std::uint32_t number = 0)
{
    return (static_cast<std::uint64_t>(choice) << 40) | (static_cast<std::uint64_t>(part) << 32) | number;
}

struct ToolDelta
{
    std::optional<std::uint32_t> index;
    std::string_view id;
    std::string_view name;
    std::string_view arguments;
};

/// What the reply said of one choice so far.
struct Choice
{
    struct Tool
    {
        std::string id;
        std::uint64_t key = 0;
        bool isEnded = false;
    };
    std::map<std::uint32_t, std::size_t> positions; ///< wire index -> the call it means now
    std::vector<Tool> tools;                        ///< in order of appearance
    bool hasRefusal = false;
    bool isStopped = false;
};

StopReason stopReasonOf(std::string_view word, const Choice& choice)
{
    if (word == "stop") {
        // Servers say "stop" with tool calls, too: what was emitted decides.
        if (!choice.tools.empty())
            return StopReason::ToolUse;
        return choice.hasRefusal ? StopReason::Refusal : StopReason::EndTurn;
    }
    if (word == "length")
        return StopReason::MaxTokens;
    if (word == "tool_calls" || word == "function_call")
        return StopReason::ToolUse;
    if (word == "content_filter")
        return StopReason::ContentFilter;
    return word == "error" ? StopReason::Failed : StopReason::Other;
}

void readUsage(ondemand::value& value, Usage& usage)
{
    forEachMember(value, [&usage](std::string_view key, ondemand::value& member) {
        if (key == "prompt_tokens") {
            usage.input = integerOf(member);
        } else if (key == "completion_tokens") {
            usage.output = integerOf(member);
        } else if (key == "prompt_cache_hit_tokens") {
            usage.cacheRead = integerOf(member);
        } else if (key == "cache_creation_input_tokens") { // gateways before Anthropic
            usage.cacheWrite = integerOf(member);
        } else if (key == "prompt_tokens_details") {
            forEachMember(member, [&usage](std::string_view name, ondemand::value& count) {
                if (name == "cached_tokens")
                    usage.cacheRead = integerOf(count);
                else if (name == "cache_write_tokens" || name == "cache_creation_tokens")
                    usage.cacheWrite = integerOf(count);
            });
        } else if (key == "completion_tokens_details") {
            forEachMember(member, [&usage](std::string_view name, ondemand::value& count) {
                if (name == "reasoning_tokens")
                    usage.reasoning = integerOf(count);
            });
        }
    });
}

/// {"name","arguments"} of functions, {"name","input"} of custom tools.
void readFunction(ondemand::value& value, ToolDelta& tool)
{
    forEachMember(value, [&tool](std::string_view key, ondemand::value& member) {
        if (key == "name")
            tool.name = textOf(member);
        else if (key == "arguments" || key == "input")
            tool.arguments = textOrJsonOf(member);
    });
}

ToolDelta readTool(ondemand::value& value)
{
    ToolDelta tool;
    forEachMember(value, [&tool](std::string_view key, ondemand::value& member) {
        if (key == "index")
            tool.index = indexOf(member);
        else if (key == "id")
            tool.id = textOf(member);
        else if (key == "function" || key == "custom")
            readFunction(member, tool);
    });
    return tool;
}

class Decoder final : public JsonStreamDecoder
{
public:
    std::span<const StreamEvent> decode(std::string_view type, std::string_view data) override;
    std::span<const StreamEvent> decodeBody(std::string_view body);

private:
    struct Members
    {
        std::string_view id;
        std::string_view model;
        std::string_view object;
        std::string_view code;
        std::string_view message;
        WireError error;
        Usage usage;
        bool hasError = false;
    };
    struct ChoiceStep
    {
        std::uint32_t number = 0;
        std::string_view finishReason;
        bool hasThinking = false; ///< some servers write the same thought under two names
    };

    bool read(std::string_view data, Members& members);
    void readChoice(ondemand::value& value, std::uint32_t position);
    void readDelta(ondemand::value& value, ChoiceStep& step);
    void readContent(ondemand::value& value, ChoiceStep& step);
    void readContentPart(ondemand::value& value, ChoiceStep& step);
    void readThinking(ondemand::value& value, std::uint32_t choice);
    void addText(EventKind kind, Part part, std::uint32_t choice, std::string_view text);
    void addTool(std::uint32_t choice, const ToolDelta& delta);
    Choice::Tool& toolFor(std::uint32_t number, const ToolDelta& delta, bool& isNew);
    void addLegacyCall(std::uint32_t choice, const ToolDelta& delta);
    void endTools(std::uint32_t number);
    void stop(const ChoiceStep& step);
    void finish(const Members& members);
    Choice& choiceAt(std::uint32_t number);

    std::vector<Choice> m_choices;
    std::uint32_t m_otherBlocks = 0;
    bool m_hasId = false;
    bool m_hasModel = false;
};

std::span<const StreamEvent> Decoder::decode(std::string_view, std::string_view data)
{
    m_events.clear();
    if (data.empty())
        return events();
    if (data.starts_with("[DONE]")) {
        m_isComplete = true;
        for (std::uint32_t i = 0; i < m_choices.size(); ++i)
            endTools(i);
        return events();
    }
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
               if (key == "choices") {
                   std::uint32_t position = 0;
                   forEachElement(member, [&](ondemand::value& choice) { readChoice(choice, position++); });
               } else if (key == "id") {
                   members.id = textOf(member);
               } else if (key == "model") {
                   members.model = textOf(member);
               } else if (key == "object") {
                   members.object = textOf(member);
               } else if (key == "usage") {
                   readUsage(member, members.usage);
               } else if (key == "x_groq") {
                   forEachMember(member, [&members](std::string_view name, ondemand::value& usage) {
                       if (name == "usage")
                           readUsage(usage, members.usage);
                       else if (name == "error")
                           members.message = textOf(usage);
                   });
               } else if (key == "error" || key == "detail") {
                   readError(member, members.error);
                   members.hasError = !members.error.message.empty() || !members.error.code.empty();
               } else if (key == "message") {
                   members.message = textOf(member);
               } else if (key == "code") {
                   members.code = textOrJsonOf(member);
               }
           });
}

/// What is said of the whole reply: its name, usage and failure.
void Decoder::finish(const Members& members)
{
    const bool newId = !m_hasId && !members.id.empty();
    const bool newModel = !m_hasModel && !members.model.empty();
    if (newId || newModel) { // Azure's first chunk has neither
        addStart(newId ? members.id : std::string_view(), newModel ? members.model : std::string_view());
        m_hasId = m_hasId || newId;
        m_hasModel = m_hasModel || newModel;
    }
    if (members.usage != Usage())
        add(EventKind::Usage).usage = members.usage;
    const auto orElse = [](std::string_view first, std::string_view second) { return first.empty() ? second : first; };
    if (members.hasError)
        addError(orElse(orElse(members.error.code, members.code), members.error.type), members.error.message);
    else if (members.object == "error") // vLLM and Mistral: the error's members are the body's
        addError(members.code, members.message);
}

Choice& Decoder::choiceAt(std::uint32_t number)
{
    if (number >= m_choices.size())
        m_choices.resize(number + 1);
    return m_choices[number];
}

void Decoder::readChoice(ondemand::value& value, std::uint32_t position)
{
    ChoiceStep step;
    ondemand::object object;
    if (value.get_object().get(object))
        return;
    // The index decides where the delta goes, and it may come after it.
    ondemand::value index;
    step.number = object.find_field_unordered("index").get(index) ? position : indexOf(index).value_or(position);
    if (step.number >= kMaxChoices || object.reset().error())
        return;
    forEachMember(object, [&](std::string_view key, ondemand::value& member) {
        if (key == "delta" || key == "message")
            readDelta(member, step);
        else if (key == "finish_reason")
            step.finishReason = textOf(member);
    });
    stop(step);
}

void Decoder::readDelta(ondemand::value& value, ChoiceStep& step)
{
    forEachMember(value, [&](std::string_view key, ondemand::value& member) {
        if (key == "content") {
            readContent(member, step);
        } else if (key == "refusal") {
            addText(EventKind::Text, Part::Refusal, step.number, textOf(member));
        } else if (key == "reasoning_content" || key == "reasoning") {
            const std::string_view text = step.hasThinking ? std::string_view() : textOf(member);
            step.hasThinking = step.hasThinking || !text.empty();
            addText(EventKind::Thinking, Part::Thinking, step.number, text);
        } else if (key == "tool_calls") {
            forEachElement(member, [&](ondemand::value& tool) { addTool(step.number, readTool(tool)); });
        } else if (key == "function_call") {
            ToolDelta tool;
            readFunction(member, tool);
            addLegacyCall(step.number, tool);
        }
    });
}

void Decoder::readContent(ondemand::value& value, ChoiceStep& step)
{
    ondemand::json_type type{};
    if (value.type().get(type))
        return;
    if (type == ondemand::json_type::array) // Mistral
        forEachElement(value, [&](ondemand::value& part) { readContentPart(part, step); });
    else
        addText(EventKind::Text, Part::Text, step.number, textOf(value));
}

/// Mistral's thought: a text, or a list of {"type":"text","text"}.
void Decoder::readThinking(ondemand::value& value, std::uint32_t choice)
{
    ondemand::json_type type{};
    if (value.type().get(type))
        return;
    if (type != ondemand::json_type::array) {
        addText(EventKind::Thinking, Part::Thinking, choice, textOf(value));
        return;
    }
    forEachElement(value, [&](ondemand::value& part) {
        forEachMember(part, [&](std::string_view name, ondemand::value& text) {
            if (name == "text")
                addText(EventKind::Thinking, Part::Thinking, choice, textOf(text));
        });
    });
}

/// {"type":"text","text"}, {"type":"thinking","thinking":[{"type":"text","text"}]}, or another kind, kept whole.
void Decoder::readContentPart(ondemand::value& value, ChoiceStep& step)
{
    ondemand::object object;
    std::string_view json;
    if (value.get_object().get(object) || object.raw_json().get(json) || object.reset().error())
        return;
    std::string_view type;
    bool isRead = false;
    forEachMember(object, [&](std::string_view key, ondemand::value& member) {
        if (key == "type") {
            type = textOf(member);
        } else if (key == "text") {
            addText(EventKind::Text, Part::Text, step.number, textOf(member));
            isRead = true;
        } else if (key == "thinking") {
            readThinking(member, step.number);
            isRead = true;
        }
    });
    if (isRead)
        return;
    StreamEvent& event = add(EventKind::Opaque);
    event.choice = step.number;
    event.block = m_blocks.of(keyOf(step.number, Part::Other, m_otherBlocks++)).value;
    event.name = type;
    event.text = json;
}

void Decoder::addText(EventKind kind, Part part, std::uint32_t choice, std::string_view text)
{
    if (text.empty()) // role chunks: a block begins with its first character
        return;
    StreamEvent& event = add(kind);
    event.choice = choice;
    event.block = m_blocks.of(keyOf(choice, part)).value;
    event.isRefusal = part == Part::Refusal;
    event.text = text;
    if (event.isRefusal)
        choiceAt(choice).hasRefusal = true;
}

/// The call a delta belongs to. Normally its index says it. Without one it is the call of that id, or the last call;
/// with an index used before, a new id and name begin another call (Gemini's compatible endpoint numbers all of them
/// 0).
Choice::Tool& Decoder::toolFor(std::uint32_t number, const ToolDelta& delta, bool& isNew)
{
    Choice& choice = choiceAt(number);
    const auto begins = [&delta](const Choice::Tool& tool) {
        return !delta.id.empty() && !delta.name.empty() && !tool.id.empty() && tool.id != delta.id;
    };
    isNew = false;
    if (delta.index) {
        const auto found = choice.positions.find(*delta.index);
        if (found != choice.positions.end() && !begins(choice.tools[found->second]))
            return choice.tools[found->second];
    } else if (!choice.tools.empty() && !begins(choice.tools.back())) {
        return choice.tools.back();
    }
    isNew = true;
    const auto position = static_cast<std::uint32_t>(choice.tools.size());
    choice.positions[delta.index.value_or(position)] = position;
    return choice.tools.emplace_back(
        Choice::Tool{.id = std::string(delta.id), .key = keyOf(number, Part::Tool, position), .isEnded = false});
}

void Decoder::addTool(std::uint32_t choice, const ToolDelta& delta)
{
    bool isNew = false;
    const Choice::Tool& tool = toolFor(choice, delta, isNew);
    const std::uint32_t block = m_blocks.of(tool.key).value;
    if (isNew) {
        StreamEvent& start = add(EventKind::ToolStart);
        start.choice = choice;
        start.block = block;
        start.id = delta.id;
        start.name = delta.name;
    }
    if (delta.arguments.empty())
        return;
    StreamEvent& arguments = add(EventKind::ToolArgs);
    arguments.choice = choice;
    arguments.block = block;
    arguments.id = delta.id; // tells the calls of one delta apart
    arguments.text = delta.arguments;
}

/// The one call of the deprecated function_call member: it has no id and no index.
void Decoder::addLegacyCall(std::uint32_t choice, const ToolDelta& delta)
{
    if (delta.name.empty() && delta.arguments.empty())
        return;
    ToolDelta only = delta;
    only.index = 0;
    addTool(choice, only);
}

void Decoder::endTools(std::uint32_t number)
{
    for (Choice::Tool& tool : choiceAt(number).tools) {
        if (tool.isEnded)
            continue;
        tool.isEnded = true;
        StreamEvent& event = add(EventKind::ToolEnd);
        event.choice = number;
        event.block = m_blocks.of(tool.key).value;
    }
}

void Decoder::stop(const ChoiceStep& step)
{
    Choice& choice = choiceAt(step.number);
    if (step.finishReason.empty() || choice.isStopped) // OpenRouter repeats it
        return;
    endTools(step.number);
    choice.isStopped = true;
    StreamEvent& event = add(EventKind::Stop);
    event.choice = step.number;
    event.stopReason = stopReasonOf(step.finishReason, choice);
    event.rawStopReason = step.finishReason;
}

std::span<const StreamEvent> Decoder::decodeBody(std::string_view body)
{
    Members members;
    if (!read(body, members))
        return garbage();
    finish(members);
    for (std::uint32_t i = 0; i < m_choices.size(); ++i)
        endTools(i);
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

} // namespace luthien::protocol::openai_chat
