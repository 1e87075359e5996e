// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_responses.h"
#include "protocol/openai_responses_read.h"

#include <array>
#include <string>
#include <unordered_set>

namespace luthien::protocol::openai_responses {

using namespace conversation;
namespace ondemand = simdjson::ondemand;

namespace {

constexpr std::string_view kPrefix = "response.";

enum class Place : std::uint64_t { Content, Summary, Call, Whole, Result };

std::uint64_t keyOf(std::uint32_t output, Place place, std::uint32_t number = 0)
{
    return (static_cast<std::uint64_t>(output) << 32) | (static_cast<std::uint64_t>(place) << 29) |
           (number & 0x1fffffff);
}

/// The members of an event; nested objects are kept as JSON and read when the type says what they are.
struct Members
{
    std::string_view type;
    std::uint32_t output = 0;
    std::uint32_t content = 0;
    std::uint32_t summary = 0;
    std::string_view text;   ///< delta, text, refusal, arguments, input or diff: an event has only one of them
    std::string_view nested; ///< JSON of item, part or response: an event has only one of them
    std::string_view code;
    std::string_view message;
    WireError error;
};

/// What a delta or done event adds to: the event's name without prefix and ending.
struct TextEvent
{
    std::string_view name;
    EventKind kind;
    Place place;
    bool isRefusal;
};
constexpr std::array kTextEvents = {
    TextEvent{"output_text", EventKind::Text, Place::Content, false},
    TextEvent{"function_call_arguments", EventKind::ToolArgs, Place::Call, false},
    TextEvent{"reasoning_summary_text", EventKind::Thinking, Place::Summary, false},
    TextEvent{"reasoning_text", EventKind::Thinking, Place::Content, false},
    TextEvent{"refusal", EventKind::Text, Place::Content, true},
    TextEvent{"custom_tool_call_input", EventKind::ToolArgs, Place::Call, false},
    TextEvent{"mcp_call_arguments", EventKind::ToolArgs, Place::Call, false},
    TextEvent{"code_interpreter_call_code", EventKind::ToolArgs, Place::Call, false},
    TextEvent{"apply_patch_call_operation_diff", EventKind::ToolArgs, Place::Call, false},
};

class Decoder final : public JsonStreamDecoder
{
public:
    std::span<const StreamEvent> decode(std::string_view type, std::string_view data) override;
    std::span<const StreamEvent> decodeBody(std::string_view body);

private:
    bool read(std::string_view data, Members& members);
    void interpret(std::string_view name, const Members& members);
    bool addTextEvent(std::string_view name, const Members& members);
    void addPart(std::uint64_t key, const Part& part, bool isDone);
    void startItem(std::uint32_t output, const Item& item);
    void startCall(std::uint32_t output, const Item& item, Executor executor);
    void endItem(std::uint32_t output, const Item& item);
    void endCall(std::uint32_t output, const Item& item, Executor executor);
    void addOpaque(std::uint64_t key, std::string_view type, std::string_view json);
    void addResponse(const ResponseObject& response);
    void endResponse(const ResponseObject& response);
    [[nodiscard]] StopReason stopReasonOf(const ResponseObject& response) const;
    StreamEvent& addAt(EventKind kind, std::uint64_t key);

    JsonReader m_nested;
    std::unordered_set<std::uint32_t> m_ended; ///< items that came whole
    std::string m_rawStopReason;
    bool m_hasStarted = false;
    bool m_hasClientCall = false;
    bool m_hasRefusal = false;
};

std::span<const StreamEvent> Decoder::decode(std::string_view type, std::string_view data)
{
    m_events.clear();
    if (data.empty() || data == "[DONE]")
        return events();
    Members members;
    if (!read(data, members))
        return garbage();
    std::string_view name = members.type.empty() ? type : members.type;
    if (name.starts_with(kPrefix))
        name.remove_prefix(kPrefix.size());
    interpret(name, members);
    return events();
}

bool Decoder::read(std::string_view data, Members& members)
{
    const auto object = m_json.object(data);
    return object && forEachMember(*object, [&members](std::string_view key, ondemand::value& member) {
               if (key == "type")
                   members.type = textOf(member);
               else if (key == "output_index")
                   members.output = indexOf(member).value_or(0);
               else if (key == "content_index")
                   members.content = indexOf(member).value_or(0);
               else if (key == "summary_index")
                   members.summary = indexOf(member).value_or(0);
               else if (key == "delta" || key == "text" || key == "refusal" || key == "arguments" || key == "input" ||
                        key == "diff")
                   members.text = textOrJsonOf(member);
               else if (key == "item" || key == "part" || key == "response")
                   members.nested = rawJsonOf(member);
               else if (key == "code")
                   members.code = textOrJsonOf(member);
               else if (key == "message")
                   members.message = textOf(member);
               else if (key == "error")
                   readError(member, members.error);
           });
}

void Decoder::interpret(std::string_view name, const Members& members)
{
    if (addTextEvent(name, members))
        return;
    if (name == "error") {
        // Seen flat and nested.
        const bool isFlat = members.error.message.empty();
        addError(isFlat || members.error.code.empty() ? (isFlat ? members.code : members.error.type)
                                                      : members.error.code,
                 isFlat ? members.message : members.error.message);
        return;
    }
    if (name == "keepalive") {
        add(EventKind::Keepalive);
        return;
    }
    auto object = members.nested.empty() ? std::nullopt : m_nested.object(members.nested);
    if (!object)
        return;
    if (name == "output_item.added") {
        startItem(members.output, readItem(*object));
    } else if (name == "output_item.done") {
        endItem(members.output, readItem(*object));
    } else if (name.starts_with("content_part.") || name.starts_with("reasoning_summary_part.")) {
        const Place place = name.starts_with("content") ? Place::Content : Place::Summary;
        const std::uint32_t number = place == Place::Content ? members.content : members.summary;
        addPart(keyOf(members.output, place, number), readPart(*object), name.ends_with(".done"));
    } else {
        ResponseObject response;
        if (!readResponse(*object, response))
            m_sawGarbage = true;
        addResponse(response);
        if (name == "completed" || name == "incomplete" || name == "failed" || name == "cancelled")
            endResponse(response);
    }
}

/// The events that carry text, by far the most: "<what>.delta" and "<what>.done".
bool Decoder::addTextEvent(std::string_view name, const Members& members)
{
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos)
        return false;
    const std::string_view ending = name.substr(dot);
    const bool isDone = ending == ".done";
    if (!isDone && ending != ".delta")
        return false;
    for (const TextEvent& each : kTextEvents) {
        if (each.name != name.substr(0, dot))
            continue;
        const std::uint32_t number = each.place == Place::Content   ? members.content
                                     : each.place == Place::Summary ? members.summary
                                                                    : 0;
        StreamEvent& event = addAt(each.kind, keyOf(members.output, each.place, number));
        event.isRefusal = each.isRefusal;
        event.replaces = isDone;
        event.text = members.text.empty() ? members.code : members.text; // code_interpreter_call_code.done
        m_hasRefusal = m_hasRefusal || each.isRefusal;
        return true;
    }
    return false;
}

StreamEvent& Decoder::addAt(EventKind kind, std::uint64_t key)
{
    StreamEvent& event = add(kind);
    event.block = m_blocks.of(key).value;
    return event;
}

void Decoder::addOpaque(std::uint64_t key, std::string_view type, std::string_view json)
{
    StreamEvent& event = addAt(EventKind::Opaque, key);
    event.name = type;
    event.text = json;
}

void Decoder::addPart(std::uint64_t key, const Part& part, bool isDone)
{
    const bool isThinking = part.type == "reasoning_text" || part.type == "summary_text";
    if (!isThinking && part.type != "output_text" && part.type != "refusal" && part.type != "text") {
        addOpaque(key, part.type, part.json);
        return;
    }
    StreamEvent& event = addAt(isThinking ? EventKind::Thinking : EventKind::Text, key);
    event.isRefusal = part.type == "refusal";
    event.replaces = isDone;
    event.text = part.text;
    m_hasRefusal = m_hasRefusal || event.isRefusal;
}

void Decoder::startItem(std::uint32_t output, const Item& item)
{
    const auto executor = executorOf(item.type);
    if (!executor)
        return; // others begin with their first part, or come whole with output_item.done
    startCall(output, item, *executor);
    if (item.argumentsAreText && !item.arguments.empty())
        addAt(EventKind::ToolArgs, keyOf(output, Place::Call)).text = item.arguments;
}

void Decoder::startCall(std::uint32_t output, const Item& item, Executor executor)
{
    StreamEvent& start = addAt(EventKind::ToolStart, keyOf(output, Place::Call));
    start.executor = executor;
    start.id = item.callId.empty() ? item.id : item.callId;
    start.name = toolNameOf(item);
    m_hasClientCall = m_hasClientCall || executor == Executor::Client;
}

/// The item as it is in the end; what the deltas said before gives way to it.
void Decoder::endItem(std::uint32_t output, const Item& item)
{
    if (!m_ended.insert(output).second)
        return;
    if (const auto executor = executorOf(item.type)) {
        endCall(output, item, *executor);
        return;
    }
    const bool isReasoning = item.type == "reasoning";
    if (!isReasoning && item.type != "message") {
        addOpaque(keyOf(output, Place::Whole), item.type, item.json);
        return;
    }
    for (std::uint32_t i = 0; i < item.summary.size(); ++i)
        addPart(keyOf(output, Place::Summary, i), item.summary[i], true);
    for (std::uint32_t i = 0; i < item.content.size(); ++i)
        addPart(keyOf(output, Place::Content, i), item.content[i], true);
    if (isReasoning && item.summary.empty() && item.content.empty() && !m_blocks.has(keyOf(output, Place::Summary)) &&
        !m_blocks.has(keyOf(output, Place::Content)))
        addOpaque(keyOf(output, Place::Whole), item.type, item.json); // thought in secret
}

void Decoder::endCall(std::uint32_t output, const Item& item, Executor executor)
{
    const std::uint64_t key = keyOf(output, Place::Call);
    if (!m_blocks.has(key))
        startCall(output, item, executor);
    if (!item.arguments.empty()) {
        StreamEvent& arguments = addAt(EventKind::ToolArgs, key);
        arguments.replaces = true;
        arguments.text = item.arguments;
    }
    if (item.status != "incomplete") // cut by the token limit: the arguments stop somewhere
        addAt(EventKind::ToolEnd, key);
    if (executor != Executor::Client && !item.output.empty() && item.output != "[]")
        addOpaque(keyOf(output, Place::Result), item.type, item.json);
}

void Decoder::addResponse(const ResponseObject& response)
{
    if (!m_hasStarted && !response.id.empty()) {
        m_hasStarted = true;
        addStart(response.id, response.model);
    }
}

void Decoder::endResponse(const ResponseObject& response)
{
    // A resumed stream may have begun after some items.
    for (std::uint32_t i = 0; i < response.output.size(); ++i)
        endItem(i, response.output[i]);
    if (response.usage != Usage())
        add(EventKind::Usage).usage = response.usage;
    if (!response.error.message.empty() || response.status == "failed")
        addError(response.error.code.empty() ? response.error.type : response.error.code, response.error.message);
    m_rawStopReason = response.status;
    if (!response.incompleteReason.empty()) {
        m_rawStopReason += ':';
        m_rawStopReason += response.incompleteReason;
    }
    StreamEvent& stop = add(EventKind::Stop);
    stop.stopReason = stopReasonOf(response);
    stop.rawStopReason = m_rawStopReason;
    m_isComplete = true;
}

/// The API has no word for "the client must act": the items say it.
StopReason Decoder::stopReasonOf(const ResponseObject& response) const
{
    if (response.status == "failed")
        return StopReason::Failed;
    if (response.status == "incomplete") {
        if (response.incompleteReason == "max_output_tokens")
            return StopReason::MaxTokens;
        return response.incompleteReason == "content_filter" ? StopReason::ContentFilter : StopReason::Other;
    }
    if (response.status != "completed")
        return StopReason::Other;
    if (m_hasClientCall)
        return StopReason::ToolUse;
    return m_hasRefusal ? StopReason::Refusal : StopReason::EndTurn;
}

std::span<const StreamEvent> Decoder::decodeBody(std::string_view body)
{
    const auto object = m_json.object(body);
    ResponseObject response;
    if (!object || !readResponse(*object, response))
        return garbage();
    if (response.status.empty()) { // no response object
        if (!response.error.message.empty())
            addError(response.error.code.empty() ? (response.code.empty() ? response.error.type : response.code)
                                                 : response.error.code,
                     response.error.message);
        return events();
    }
    addResponse(response);
    endResponse(response);
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

} // namespace luthien::protocol::openai_responses
