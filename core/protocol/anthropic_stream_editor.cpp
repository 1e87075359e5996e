// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "protocol/anthropic_editing.h"
#include "protocol/json_read.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

// Messages. All calls of a reply wait in the queue, from the first one until message_delta: what was blocked is told
// in a text before the first released call, because history with text behind a tool_use is refused on the next turn.
// What stayed back of a text has a place in the queue, before its block's stop.
namespace luthien::protocol {

namespace json = boost::json;
using namespace anthropic;
using conversation::Executor;
using conversation::ReplyReview;

namespace {

constexpr std::string_view kStart = "content_block_start";
constexpr std::string_view kDelta = "content_block_delta";
constexpr std::string_view kStop = "content_block_stop";

class AnthropicStreamEditor final : public StreamEditor
{
public:
    using StreamEditor::StreamEditor;

protected:
    Result<void> read(EditedEvent event, std::string_view type, json::object& content) override;
    Result<void> drain(EditedReply& out) override;
    void askAgain() override;
    std::size_t heldText() const noexcept override
    {
        std::size_t bytes = m_open ? m_open->text.heldBytes() : 0;
        for (const auto& [index, waiting] : m_waiting)
            bytes += waiting.text.heldBytes() + waiting.rest.size();
        return bytes;
    }
    std::size_t heldArguments() const noexcept override
    {
        std::size_t bytes = 0;
        for (const GuardedCall& call : m_calls)
            bytes += m_firstCall ? call.arguments.size() : 0;
        return bytes;
    }
    bool namesTypes() const noexcept override { return true; }

private:
    enum class Phase { Start, Content, Stopping, Stopped };
    enum Role { Other, BlockStart, BlockPart, BlockStop, TextRest, MessageDelta };
    enum class BlockKind { Text, Call, Thinking, Other };
    struct OpenBlock
    {
        std::uint32_t index = 0;
        BlockKind kind = BlockKind::Other;
        bool hasInput = false;
        EditedText text{0, 0};
    };
    /// A text that is complete and not known yet.
    struct WaitingText
    {
        EditedText text;
        std::string rest;
    };

    Result<void> readFrame(EditedEvent event, std::string_view type, json::object& content);
    Result<void> readMessageStart(EditedEvent event, const json::object& content);
    Result<void> readStart(EditedEvent event, json::object& content);
    Result<void> startCall(json::object& block, Executor executor, std::string_view data);
    void startText(EditedEvent& event, json::object& content, json::object& block);
    Result<void> readDelta(EditedEvent event, json::object& content);
    void readTextDelta(EditedEvent event, json::object& content, json::object& delta, std::string_view text);
    Result<void> readStop(EditedEvent event, const json::object& content);
    Result<void> readMessageDelta(EditedEvent event, const json::object& content);
    [[nodiscard]] bool mustWait(const Queued& first) const;
    [[nodiscard]] bool areCallsKnown() const;
    void judged();
    Result<void> leave(Queued queued, EditedReply& out);
    Result<void> leaveStart(Queued queued, EditedReply& out);
    Result<void> renumber(EditedEvent& event, std::uint32_t index) const;
    Result<void> fitStopReason(EditedEvent& event) const;
    [[nodiscard]] const GuardedCall* callAt(std::uint32_t index) const;
    [[nodiscard]] std::uint32_t numberOf(std::uint32_t index) const;

    Phase m_phase = Phase::Start;
    std::optional<OpenBlock> m_open;
    std::uint32_t m_blocks = 0;
    std::map<std::uint32_t, WaitingText> m_waiting;
    std::vector<GuardedCall> m_calls;
    std::set<std::uint32_t> m_wholeCalls;                       ///< that brought their arguments in their start
    std::optional<std::uint32_t> m_firstCall;                   ///< waits in the queue, with all behind it
    bool m_isRewriting = false;                                 ///< from that call on
    std::uint32_t m_end = kNoEnd;                               ///< see leaveOutRest
    std::uint32_t m_nextIndex = 0;                              ///< of rewritten blocks
    std::unordered_map<std::uint32_t, std::uint32_t> m_indexes; ///< as they came -> as they leave
};

json::object textDelta(std::uint32_t index, std::string_view text)
{
    return {{"type", kDelta}, {"index", index}, {"delta", {{"type", "text_delta"}, {"text", toJsonText(text)}}}};
}

void writeMade(std::string_view type, const json::object& content, EditedReply& out)
{
    EditedEvent::made(type, json::serialize(content)).write(out);
}

void writeNotices(std::uint32_t index, const std::string& notices, EditedReply& out)
{
    writeMade(kStart, {{"type", kStart}, {"index", index}, {"content_block", noticeBlock("")}}, out);
    writeMade(kDelta, textDelta(index, notices), out);
    writeMade(kStop, {{"type", kStop}, {"index", index}}, out);
}

Result<void> AnthropicStreamEditor::read(EditedEvent event, std::string_view type, json::object& content)
{
    if (type != kStart && holdsCall(content))
        return cannotJudge("a call stands where none may be", type);
    if (type == kStart)
        return readStart(std::move(event), content);
    if (type == kDelta)
        return readDelta(std::move(event), content);
    if (type == kStop)
        return readStop(std::move(event), content);
    return readFrame(std::move(event), type, content);
}

Result<void> AnthropicStreamEditor::readFrame(EditedEvent event, std::string_view type, json::object& content)
{
    if (type == "message_start")
        return readMessageStart(std::move(event), content);
    if (type == "message_delta")
        return readMessageDelta(std::move(event), content);
    if (type == "message_stop") {
        if (m_phase == Phase::Stopped || m_open || (m_firstCall && m_phase != Phase::Stopping))
            return cannotJudge("it stops before it is complete", type);
        m_phase = Phase::Stopped;
    } else if (type == "error") {
        dropAll(); // the calls that wait will never be complete
        m_firstCall.reset();
        m_waiting.clear();
        m_open.reset();
        m_phase = Phase::Stopped;
    }
    push(std::move(event));
    return {};
}

Result<void> AnthropicStreamEditor::readMessageStart(EditedEvent event, const json::object& content)
{
    if (m_phase != Phase::Start)
        return cannotJudge("a second message starts", "message_start");
    m_phase = Phase::Content;
    const json::value* message = content.if_contains("message");
    const json::value* blocks =
        message && message->is_object() ? message->get_object().if_contains("content") : nullptr;
    if (blocks && !blocks->is_null() && !(blocks->is_array() && blocks->get_array().empty()))
        return cannotJudge("a message starts with content", "message_start");
    push(std::move(event));
    return {};
}

Result<void> AnthropicStreamEditor::readStart(EditedEvent event, json::object& content)
{
    const Result<std::uint32_t> index = indexAt(content, "index");
    json::object* block = objectAt(content, "content_block");
    if (!index || !block)
        return index ? cannotJudge("a block is missing", kStart) : index.error();
    const Result<std::string_view> type = stringAt(*block, "type");
    if (!type || type->empty())
        return cannotJudge("a block does not say its type", kStart);
    if (m_phase == Phase::Stopping || m_phase == Phase::Stopped || m_open || *index != m_blocks)
        return cannotJudge("a block starts out of order", kStart);
    m_phase = Phase::Content;
    m_open = OpenBlock{.index = m_blocks++, .text = EditedText(0, *index)};
    if (const auto executor = executorOf(*type)) {
        if (Result<void> started = startCall(*block, *executor, event.data()); !started)
            return started;
    } else if (holdsCall(content)) {
        return cannotJudge("a call stands inside of a block", *type);
    } else if (*type == "text") {
        startText(event, content, *block);
    } else if (*type == "thinking") {
        m_open->kind = BlockKind::Thinking;
        const Result<std::string_view> thought = stringAt(*block, "thinking");
        if (m_watchesThinking && thought && !thought->empty())
            m_review.thinking(0, *index, *thought);
    }
    push(std::move(event), BlockStart, *index);
    return {};
}

/// A block may begin with text already.
void AnthropicStreamEditor::startText(EditedEvent& event, json::object& content, json::object& block)
{
    m_open->kind = BlockKind::Text;
    json::value* text = block.if_contains("text");
    if (!m_editsText || !text || !text->is_string() || text->get_string().empty())
        return;
    const std::string came(fromJsonText(text->get_string()));
    const std::string left = m_open->text.add(m_review, came);
    *text = toJsonText(left);
    if (m_open->text.isChanged())
        block.erase("citations");
    if (left != came)
        event.change(kStart, json::serialize(content));
}

Result<void> AnthropicStreamEditor::startCall(json::object& block, Executor executor, std::string_view data)
{
    Result<GuardedCall> call = readCall(block, executor, m_open->index);
    if (!call)
        return call.error();
    m_open->kind = BlockKind::Call;
    m_open->hasInput = hasInput(block);
    if (m_open->hasInput) {
        // As the model wrote it: Boost.JSON would write numbers in another way.
        JsonReader reader;
        auto object = reader.object(data);
        simdjson::ondemand::value input;
        if (!object || object->at_pointer("/content_block/input").get(input))
            return cannotJudge("a call's input cannot be read", kStart);
        call->arguments = rawJsonOf(input);
    }
    if (m_open->hasInput)
        m_wholeCalls.insert(m_open->index);
    if (m_guardsTools && executor == Executor::Client && !m_firstCall)
        m_firstCall = m_open->index;
    m_calls.push_back(std::move(*call));
    return {};
}

Result<void> AnthropicStreamEditor::readDelta(EditedEvent event, json::object& content)
{
    const Result<std::uint32_t> index = indexAt(content, "index");
    json::object* delta = objectAt(content, "delta");
    if (!index || !delta)
        return index ? cannotJudge("a delta is missing", kDelta) : index.error();
    if (!m_open || m_open->index != *index)
        return cannotJudge("a delta belongs to no open block", kDelta);
    const Result<std::string_view> type = stringAt(*delta, "type");
    const Result<std::string_view> text = stringAt(*delta, "text");
    const Result<std::string_view> arguments = stringAt(*delta, "partial_json");
    if (!type || !text || !arguments)
        return cannotJudge("a delta's text is no text", kDelta);
    if ((*type == "input_json_delta" || !arguments->empty()) != (m_open->kind == BlockKind::Call) ||
        (*type == "text_delta" && m_open->kind != BlockKind::Text))
        return cannotJudge("a delta does not fit its block", *type);
    if (m_open->kind == BlockKind::Call) {
        if (m_open->hasInput && !arguments->empty())
            return cannotJudge("a call brings its arguments twice", kDelta);
        m_calls.back().arguments += *arguments;
    }
    if (m_watchesThinking && *type == "thinking_delta") {
        if (const Result<std::string_view> thought = stringAt(*delta, "thinking"); thought && !thought->empty())
            m_review.thinking(0, *index, *thought);
    }
    if (m_editsText && *type == "text_delta") {
        readTextDelta(std::move(event), content, *delta, *text);
        return {};
    }
    if (*type == "citations_delta" && m_open->text.isChanged())
        event.drop(); // it was about another text
    push(std::move(event), BlockPart, *index);
    return {};
}

void AnthropicStreamEditor::readTextDelta(EditedEvent event, json::object& content, json::object& delta,
                                          std::string_view text)
{
    const std::string left = m_open->text.add(m_review, text);
    if (left.empty() && !text.empty()) {
        event.drop();
    } else if (left != text) {
        delta["text"] = toJsonText(left);
        event.change(kDelta, json::serialize(content));
    }
    push(std::move(event), BlockPart, m_open->index);
}

Result<void> AnthropicStreamEditor::readStop(EditedEvent event, const json::object& content)
{
    const Result<std::uint32_t> index = indexAt(content, "index");
    if (!index || !m_open || m_open->index != *index)
        return cannotJudge("a block stops that is not open", kStop);
    if (m_open->kind == BlockKind::Call && m_guardsTools)
        m_calls.back().ask(m_review);
    std::string rest;
    if (m_editsText && !m_open->text.finish(m_review, rest)) {
        m_waiting.insert_or_assign(*index, WaitingText{std::move(m_open->text), std::move(rest)});
        push(EditedEvent(), TextRest, *index);
    } else if (!rest.empty()) {
        push(EditedEvent::made(kDelta, json::serialize(textDelta(*index, rest))), BlockPart, *index);
    }
    m_open.reset();
    push(std::move(event), BlockStop, *index);
    return {};
}

Result<void> AnthropicStreamEditor::readMessageDelta(EditedEvent event, const json::object& content)
{
    if (m_phase == Phase::Stopped || m_open)
        return cannotJudge("it ends while a block is open", "message_delta");
    m_phase = Phase::Stopping;
    const json::value* delta = content.if_contains("delta");
    const json::value* reason = delta && delta->is_object() ? delta->get_object().if_contains("stop_reason") : nullptr;
    push(std::move(event), reason && reason->is_string() ? MessageDelta : Other);
    return {};
}

void AnthropicStreamEditor::askAgain()
{
    for (GuardedCall& call : m_calls) {
        if (m_guardsTools && (!m_open || call.block != m_open->index))
            call.ask(m_review);
    }
    for (auto& [index, waiting] : m_waiting)
        (void)waiting.text.finish(m_review, waiting.rest);
}

bool AnthropicStreamEditor::areCallsKnown() const
{
    const bool areAllThere = m_phase == Phase::Stopping || m_phase == Phase::Stopped;
    return areAllThere && std::ranges::all_of(m_calls, [](const GuardedCall& call) { return call.answer.has_value(); });
}

bool AnthropicStreamEditor::mustWait(const Queued& first) const
{
    if (first.role == BlockStart && first.index == m_firstCall)
        return !areCallsKnown();
    const auto waiting = first.role == TextRest ? m_waiting.find(first.index) : m_waiting.end();
    return waiting != m_waiting.end() && first.index <= m_end && !waiting->second.text.isFinished();
}

/// All calls are known, and the first of them is the next to leave.
void AnthropicStreamEditor::judged()
{
    m_end = leaveOutRest(m_calls, 0);
    m_isRewriting = std::ranges::any_of(
        m_calls, [](const GuardedCall& call) { return call.isGone() || call.newArguments() != nullptr; });
    m_nextIndex = *m_firstCall;
    m_firstCall.reset();
}

Result<void> AnthropicStreamEditor::drain(EditedReply& out)
{
    while (!isQueueEmpty() && !mustWait(front())) {
        if (m_firstCall && front().role == BlockStart && front().index == m_firstCall)
            judged();
        if (Result<void> left = leave(takeFront(), out); !left)
            return left;
    }
    return {};
}

const GuardedCall* AnthropicStreamEditor::callAt(std::uint32_t index) const
{
    const auto call = std::ranges::find(m_calls, index, &GuardedCall::block);
    return call == m_calls.end() ? nullptr : &*call;
}

std::uint32_t AnthropicStreamEditor::numberOf(std::uint32_t index) const
{
    const auto number = m_indexes.find(index);
    return number == m_indexes.end() ? index : number->second;
}

Result<void> AnthropicStreamEditor::leave(Queued queued, EditedReply& out)
{
    if (queued.role == TextRest) {
        auto waiting = m_waiting.extract(queued.index);
        if (!waiting.mapped().rest.empty() && queued.index <= m_end)
            writeMade(kDelta, textDelta(numberOf(queued.index), waiting.mapped().rest), out);
        return {};
    }
    if (!m_isRewriting || queued.role == Other) {
        queued.event.write(out);
        return {};
    }
    if (queued.role == BlockStart)
        return leaveStart(std::move(queued), out);
    if (queued.role == MessageDelta) {
        if (Result<void> fitted = fitStopReason(queued.event); !fitted)
            return fitted;
    } else {
        const GuardedCall* call = callAt(queued.index);
        if (queued.index > m_end || (call && (call->isGone() || (call->newArguments() && queued.role == BlockPart))))
            queued.event.drop();
        else if (Result<void> renumbered = renumber(queued.event, queued.index); !renumbered)
            return renumbered;
    }
    queued.event.write(out);
    return {};
}

Result<void> AnthropicStreamEditor::leaveStart(Queued queued, EditedReply& out)
{
    if (std::ranges::any_of(m_calls, &GuardedCall::isBlocked) && queued.index == noticePlace(m_calls))
        writeNotices(m_nextIndex++, noticesOf(m_calls), out);
    const GuardedCall* call = callAt(queued.index);
    if (queued.index > m_end || (call && call->isGone())) {
        queued.event.drop();
        queued.event.write(out);
        return {};
    }
    m_indexes[queued.index] = m_nextIndex++;
    if (Result<void> renumbered = renumber(queued.event, queued.index); !renumbered)
        return renumbered;
    const std::string* arguments = call ? call->newArguments() : nullptr;
    const bool isWhole = arguments && m_wholeCalls.contains(queued.index);
    if (Result<void> fits = arguments ? call->checkArguments() : Result<void>(); !fits)
        return fits;
    if (isWhole) {
        const auto changed = withMember(queued.event.data(), {"content_block", "input"}, onOneLine(*arguments));
        if (!changed)
            return cannotJudge("an event cannot be changed", kStart);
        queued.event.change(kStart, *changed);
    }
    queued.event.write(out);
    if (arguments && !isWhole)
        writeMade(kDelta,
                  {{"type", kDelta},
                   {"index", numberOf(queued.index)},
                   {"delta", {{"type", "input_json_delta"}, {"partial_json", toJsonText(*arguments)}}}},
                  out);
    return {};
}

Result<void> AnthropicStreamEditor::renumber(EditedEvent& event, std::uint32_t index) const
{
    if (numberOf(index) == index || event.bytes() == 0)
        return {};
    const auto changed = withMember(event.data(), {"index"}, std::to_string(numberOf(index)));
    if (!changed)
        return cannotJudge("an event cannot be changed", event.type());
    event.change(event.type(), *changed);
    return {};
}

/// "end_turn" if nothing is left to be called, or if the reply ends where we end it.
Result<void> AnthropicStreamEditor::fitStopReason(EditedEvent& event) const
{
    if (!isNoneLeft(m_calls))
        return {};
    Result<json::value> content = parseStrictJson(event.data());
    json::object* delta = content && content->is_object() ? objectAt(content->get_object(), "delta") : nullptr;
    if (!delta)
        return cannotJudge("an event cannot be changed", event.type());
    if (m_end == kNoEnd && !saysToolUse(*delta))
        return {};
    std::optional<std::string> changed = withMember(event.data(), {"delta", "stop_reason"}, R"("end_turn")");
    if (changed && delta->contains("stop_sequence"))
        changed = withMember(*changed, {"delta", "stop_sequence"}, "null");
    if (!changed)
        return cannotJudge("an event cannot be changed", event.type());
    event.change("message_delta", *changed);
    return {};
}

} // namespace

std::unique_ptr<ReplyEditor> makeAnthropicStreamEditor(ReplyReview& review)
{
    return std::make_unique<AnthropicStreamEditor>(review);
}

} // namespace luthien::protocol
