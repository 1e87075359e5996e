// SPDX-License-Identifier: Apache-2.0
#include "protocol/gemini.h"
#include "protocol/gemini_arguments.h"
#include "protocol/json_stream_decoder.h"
#include "protocol/json_write.h"

#include <algorithm>
#include <deque>
#include <optional>

namespace luthien::protocol::gemini {

using namespace conversation;
namespace ondemand = simdjson::ondemand;

namespace {

constexpr std::uint32_t kMaxCandidates = 128;

/// One part as it came. Views are valid until the next chunk.
struct Part
{
    std::string_view json;
    std::string_view text;
    bool hasText = false;
    bool isThought = false;
    std::string_view call; ///< JSON of functionCall
    std::string_view serverTool;
    std::string_view serverArguments;
    std::string_view otherType;
};

/// functionCall's members.
struct Call
{
    std::string_view id;
    std::string_view name;
    std::string_view arguments;
    std::string_view pieces; ///< JSON of partialArgs
    bool goesOn = false;
};

/// What the reply said of one candidate so far.
struct Candidate
{
    /// The block that text goes on in.
    EventKind run = EventKind::Framing;
    std::uint32_t runBlock = 0;
    /// A call whose arguments are still coming.
    std::optional<StreamedArguments> streamed;
    std::uint32_t streamedBlock = 0;
    std::optional<std::uint32_t> grounding; ///< the block of groundingMetadata
    bool hasCalls = false;
    bool isStopped = false;
};

StopReason stopReasonOf(std::string_view word, bool hasCalls)
{
    if (word == "STOP")
        return hasCalls ? StopReason::ToolUse : StopReason::EndTurn;
    if (word == "MAX_TOKENS")
        return StopReason::MaxTokens;
    if (word == "MALFORMED_FUNCTION_CALL" || word == "UNEXPECTED_TOOL_CALL" || word == "TOO_MANY_TOOL_CALLS")
        return StopReason::Failed;
    for (const std::string_view filter :
         {"SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "IMAGE_SAFETY",
          "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "JAILBREAK"}) {
        if (word == filter)
            return StopReason::ContentFilter;
    }
    return StopReason::Other;
}

/// Thoughts are not among candidatesTokenCount, what tools put into the prompt not in promptTokenCount.
Usage readUsage(ondemand::value& value)
{
    Usage usage;
    std::optional<std::int64_t> toolPrompt;
    forEachMember(value, [&](std::string_view key, ondemand::value& member) {
        if (key == "promptTokenCount")
            usage.input = integerOf(member);
        else if (key == "candidatesTokenCount")
            usage.output = integerOf(member);
        else if (key == "thoughtsTokenCount")
            usage.reasoning = integerOf(member);
        else if (key == "cachedContentTokenCount")
            usage.cacheRead = integerOf(member);
        else if (key == "toolUsePromptTokenCount")
            toolPrompt = integerOf(member);
    });
    if (usage.reasoning)
        usage.output = usage.output.value_or(0) + *usage.reasoning;
    if (toolPrompt)
        usage.input = usage.input.value_or(0) + *toolPrompt;
    return usage;
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
        std::string_view blockReason;
        std::string_view errorStatus;
        std::string_view errorMessage;
        Usage usage;
        bool hasError = false;
    };

    bool read(std::string_view data, Members& members);
    static void readError(ondemand::value& value, Members& members);
    void finish(const Members& members);
    void readCandidate(ondemand::value& value, std::uint32_t position);
    void readContent(ondemand::value& value, std::uint32_t number);
    void readPart(ondemand::value& value, std::uint32_t number);
    void addPart(std::uint32_t number, const Part& part);
    void addText(std::uint32_t number, const Part& part);
    void addCall(std::uint32_t number, std::string_view callJson);
    void addStreamedCall(std::uint32_t number, const Call& call);
    void endStreamedCall(std::uint32_t number);
    void addWholeCall(std::uint32_t number, const Call& call, Executor executor);
    void addGrounding(std::uint32_t number, ondemand::value& value);
    void stop(std::uint32_t number, std::string_view reason);
    StreamEvent& addOf(std::uint32_t number, EventKind kind, std::uint32_t block);
    Candidate& candidateAt(std::uint32_t number);

    JsonReader m_callJson;
    std::vector<Candidate> m_candidates;
    std::deque<std::string> m_texts; ///< what events of the step point to
    std::uint32_t m_nextBlock = 0;
    bool m_hasId = false;
    bool m_hasModel = false;
};

std::span<const StreamEvent> Decoder::decode(std::string_view, std::string_view data)
{
    m_events.clear();
    m_texts.clear();
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
               if (key == "candidates") {
                   std::uint32_t position = 0;
                   forEachElement(member, [&](ondemand::value& each) { readCandidate(each, position++); });
               } else if (key == "usageMetadata") {
                   members.usage = readUsage(member);
               } else if (key == "modelVersion") {
                   members.model = textOf(member);
               } else if (key == "responseId") {
                   members.id = textOf(member);
               } else if (key == "promptFeedback") {
                   forEachMember(member, [&members](std::string_view name, ondemand::value& reason) {
                       if (name == "blockReason")
                           members.blockReason = textOf(reason);
                   });
               } else if (key == "error") {
                   readError(member, members);
               }
           });
}

/// {"code":503,"message","status":"UNAVAILABLE"}: the word says more than the number.
void Decoder::readError(ondemand::value& value, Members& members)
{
    members.hasError = true;
    forEachMember(value, [&members](std::string_view name, ondemand::value& member) {
        if (name == "message")
            members.errorMessage = textOrJsonOf(member);
        else if (name == "status")
            members.errorStatus = textOf(member);
    });
}

/// What is said of the whole reply: its name, usage and failure.
void Decoder::finish(const Members& members)
{
    const bool newId = !m_hasId && !members.id.empty();
    const bool newModel = !m_hasModel && !members.model.empty();
    if (newId || newModel) {
        addStart(newId ? members.id : std::string_view(), newModel ? members.model : std::string_view());
        m_hasId = m_hasId || newId;
        m_hasModel = m_hasModel || newModel;
    }
    if (members.usage != Usage())
        add(EventKind::Usage).usage = members.usage;
    if (!members.blockReason.empty() && m_candidates.empty()) {
        StreamEvent& event = add(EventKind::Stop);
        event.stopReason = StopReason::ContentFilter;
        event.rawStopReason = members.blockReason;
        m_isComplete = true;
    }
    if (members.hasError)
        addError(members.errorStatus, members.errorMessage);
    const auto isStopped = [](const Candidate& candidate) { return candidate.isStopped; };
    m_isComplete = m_isComplete || (!m_candidates.empty() && std::ranges::all_of(m_candidates, isStopped));
}

Candidate& Decoder::candidateAt(std::uint32_t number)
{
    if (number >= m_candidates.size())
        m_candidates.resize(number + 1);
    return m_candidates[number];
}

StreamEvent& Decoder::addOf(std::uint32_t number, EventKind kind, std::uint32_t block)
{
    StreamEvent& event = add(kind);
    event.choice = number;
    event.block = block;
    return event;
}

void Decoder::readCandidate(ondemand::value& value, std::uint32_t position)
{
    ondemand::object object;
    if (value.get_object().get(object))
        return;
    // The index decides where the parts go, and it comes after them.
    ondemand::value index;
    const std::uint32_t number =
        object.find_field_unordered("index").get(index) ? position : indexOf(index).value_or(position);
    if (number >= kMaxCandidates || object.reset().error())
        return;
    (void)candidateAt(number);
    std::string_view reason;
    forEachMember(object, [&](std::string_view key, ondemand::value& member) {
        if (key == "content")
            readContent(member, number);
        else if (key == "finishReason")
            reason = textOf(member);
        else if (key == "groundingMetadata")
            addGrounding(number, member);
    });
    stop(number, reason);
}

void Decoder::readContent(ondemand::value& value, std::uint32_t number)
{
    forEachMember(value, [&](std::string_view name, ondemand::value& parts) {
        if (name == "parts")
            forEachElement(parts, [&](ondemand::value& element) { readPart(element, number); });
    });
}

void Decoder::readPart(ondemand::value& value, std::uint32_t number)
{
    ondemand::object object;
    Part part;
    if (value.get_object().get(object) || object.raw_json().get(part.json) || object.reset().error())
        return;
    forEachMember(object, [&part](std::string_view key, ondemand::value& member) {
        if (key == "text") {
            part.text = textOf(member);
            part.hasText = true;
        } else if (key == "thought") {
            part.isThought = isTrue(member);
        } else if (key == "functionCall") {
            part.call = rawJsonOf(member);
        } else if (key == "executableCode" || key == "toolCall") {
            part.serverTool = key == "toolCall" ? "toolCall" : "codeExecution";
            part.serverArguments = rawJsonOf(member);
        } else if (key != "thoughtSignature" && part.otherType.empty()) {
            part.otherType = key;
        }
    });
    addPart(number, part);
}

void Decoder::addPart(std::uint32_t number, const Part& part)
{
    if (!part.call.empty()) {
        addCall(number, part.call);
    } else if (!part.serverTool.empty()) {
        addWholeCall(number, {.name = part.serverTool, .arguments = part.serverArguments}, Executor::Server);
    } else if (part.hasText) {
        addText(number, part);
    } else if (!part.otherType.empty()) {
        candidateAt(number).run = EventKind::Framing;
        StreamEvent& event = addOf(number, EventKind::Opaque, m_nextBlock++);
        event.name = part.otherType;
        event.text = part.json;
    }
}

/// Texts that follow each other are one block.
void Decoder::addText(std::uint32_t number, const Part& part)
{
    if (part.text.empty())
        return;
    Candidate& candidate = candidateAt(number);
    const EventKind kind = part.isThought ? EventKind::Thinking : EventKind::Text;
    if (candidate.run != kind) {
        candidate.run = kind;
        candidate.runBlock = m_nextBlock++;
    }
    addOf(number, kind, candidate.runBlock).text = part.text;
}

void Decoder::addCall(std::uint32_t number, std::string_view callJson)
{
    // A text of its own: the reader of the chunk goes on reading the chunk.
    Call call;
    const auto object = m_callJson.object(callJson);
    if (!object)
        return;
    const auto keep = [this](std::string_view text) { return std::string_view(m_texts.emplace_back(text)); };
    forEachMember(*object, [&](std::string_view key, ondemand::value& member) {
        if (key == "id")
            call.id = keep(textOf(member));
        else if (key == "name")
            call.name = keep(textOf(member));
        else if (key == "args")
            call.arguments = keep(rawJsonOf(member));
        else if (key == "partialArgs")
            call.pieces = keep(rawJsonOf(member));
        else if (key == "willContinue")
            call.goesOn = isTrue(member);
    });
    if (call.goesOn || !call.pieces.empty() || (call.name.empty() && candidateAt(number).streamed))
        addStreamedCall(number, call);
    else
        addWholeCall(number, call, Executor::Client);
}

void Decoder::addWholeCall(std::uint32_t number, const Call& call, Executor executor)
{
    endStreamedCall(number);
    Candidate& candidate = candidateAt(number);
    candidate.run = EventKind::Framing;
    candidate.hasCalls = candidate.hasCalls || executor == Executor::Client;
    const std::uint32_t block = m_nextBlock++;
    StreamEvent& start = addOf(number, EventKind::ToolStart, block);
    start.id = call.id;
    start.name = call.name;
    start.executor = executor;
    if (!call.arguments.empty())
        addOf(number, EventKind::ToolArgs, block).text = call.arguments;
    addOf(number, EventKind::ToolEnd, block);
}

void Decoder::addStreamedCall(std::uint32_t number, const Call& call)
{
    if (!call.name.empty() || !candidateAt(number).streamed) {
        endStreamedCall(number);
        Candidate& candidate = candidateAt(number);
        candidate.run = EventKind::Framing;
        candidate.hasCalls = true;
        candidate.streamed.emplace();
        candidate.streamedBlock = m_nextBlock++;
        StreamEvent& start = addOf(number, EventKind::ToolStart, candidate.streamedBlock);
        start.id = call.id;
        start.name = call.name;
    }
    boost::system::error_code broken;
    const boost::json::value pieces =
        call.pieces.empty() ? boost::json::value() : boost::json::parse(toJsonText(call.pieces), broken);
    const boost::json::array* list = broken ? nullptr : pieces.if_array();
    for (std::size_t i = 0; list && i < list->size(); ++i) {
        const boost::json::object* entry = (*list)[i].if_object();
        m_sawGarbage = m_sawGarbage || !entry || !candidateAt(number).streamed->add(*entry);
    }
    if (!call.goesOn)
        endStreamedCall(number);
}

void Decoder::endStreamedCall(std::uint32_t number)
{
    Candidate& candidate = candidateAt(number);
    if (!candidate.streamed)
        return;
    const std::string& arguments = m_texts.emplace_back(boost::json::serialize(candidate.streamed->value()));
    candidate.streamed.reset();
    addOf(number, EventKind::ToolArgs, candidate.streamedBlock).text = arguments;
    addOf(number, EventKind::ToolEnd, candidate.streamedBlock);
}

/// Where the answer's facts come from; each chunk that has it says all of it again.
void Decoder::addGrounding(std::uint32_t number, ondemand::value& value)
{
    Candidate& candidate = candidateAt(number);
    if (!candidate.grounding)
        candidate.grounding = m_nextBlock++;
    StreamEvent& event = addOf(number, EventKind::Opaque, *candidate.grounding);
    event.name = "groundingMetadata";
    event.text = rawJsonOf(value);
}

void Decoder::stop(std::uint32_t number, std::string_view reason)
{
    Candidate& candidate = candidateAt(number);
    if (reason.empty() || reason == "FINISH_REASON_UNSPECIFIED" || candidate.isStopped)
        return;
    endStreamedCall(number);
    candidate.isStopped = true;
    StreamEvent& event = addOf(number, EventKind::Stop, 0);
    event.stopReason = stopReasonOf(reason, candidate.hasCalls);
    event.rawStopReason = reason;
}

std::span<const StreamEvent> Decoder::decodeBody(std::string_view body)
{
    Members members;
    // The error of a stream that was to be a list may come as one.
    const std::size_t begin = body.find_first_not_of(" \t\r\n[");
    if (begin == std::string_view::npos || !read(body.substr(begin), members))
        return garbage();
    for (std::uint32_t i = 0; i < m_candidates.size(); ++i)
        endStreamedCall(i);
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

} // namespace luthien::protocol::gemini
