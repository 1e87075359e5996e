// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "protocol/openai_chat_editing.h"

#include <algorithm>
#include <map>
#include <set>

// Chat. From the first piece of a call on, everything waits in the queue until each choice that calls a tool has said
// why it stopped: only then its calls are complete, since their pieces may be mixed. What stayed back of a text, and
// what is told of blocked calls, leaves before the choice's end. Text and calls stand side by side in a message, so a
// call that ends the reply leaves out the calls behind it, and no text.
namespace luthien::protocol {

namespace json = boost::json;
using namespace openai_chat;
using conversation::ReplyReview;

namespace {

class ChatStreamEditor final : public StreamEditor
{
public:
    using StreamEditor::StreamEditor;

protected:
    Result<void> read(EditedEvent event, std::string_view type, json::object& chunk) override;
    Result<void> readDone(EditedEvent event) override;
    void askAgain() override;
    Result<void> drain(EditedReply& out) override;
    std::size_t heldText() const noexcept override
    {
        std::size_t bytes = 0;
        for (const auto& [number, choice] : m_choices)
            bytes += choice.text.heldBytes() + choice.rest.size();
        return bytes;
    }
    std::size_t heldArguments() const noexcept override
    {
        std::size_t bytes = 0;
        for (const GuardedCall& call : m_calls)
            bytes += m_isQueueing ? call.arguments.size() : 0;
        return bytes;
    }
    bool namesTypes() const noexcept override { return false; }

private:
    struct Choice
    {
        EditedText text{0, 0};
        std::string rest; ///< of a text that waits: what is known of its end
        bool isWaiting = false;
        bool hasContent = false;
        bool hasCalls = false;
        bool isFinished = false;
        bool isNoticeOut = false;
    };
    /// What an event is to the queue. Behind FirstCall everything waits.
    enum Role { Passive, Chunk, FirstCall, TextRest, Done };

    Choice& choiceAt(std::uint32_t number);
    void abandonCalls();
    Result<void> readChoice(json::object& choice, std::size_t choices, bool& isChanged);
    Result<void> readDelta(json::object& choice, std::uint32_t number, bool& isChanged);
    Result<void> readCall(std::uint32_t number, const CallPart& part);
    bool editText(json::object& choice, std::uint32_t number);
    bool editContent(json::value& content, Choice& state);
    bool finishText(json::object& choice, std::uint32_t number);
    void pushWaiting(EditedEvent event, json::object& chunk, Role role);
    void pushRests();
    void askFinished();
    [[nodiscard]] json::object contentChunk(std::uint32_t number, std::string_view text) const;
    [[nodiscard]] bool mustWait(const Queued& first) const;
    void judged();
    Result<void> leave(Queued queued, EditedReply& out);
    Result<void> rewrite(EditedEvent& event, EditedReply& out);
    bool rewriteChoice(json::object& choice, EditedReply& out);
    void tell(std::uint32_t number, json::object* delta, EditedReply& out);

    std::map<std::uint32_t, Choice> m_choices;
    std::vector<GuardedCall> m_calls;
    std::vector<std::uint32_t> m_nowWaiting; ///< choices whose text ended in this event, and is not known yet
    std::set<std::pair<std::uint32_t, std::uint32_t>> m_changedCalls; ///< their new arguments are out
    json::object m_frame;                                             ///< what every chunk says of the reply
    bool m_isQueueing = false;
    bool m_isRewriting = false;
    bool m_isDone = false;
};

/// Members that a chunk of ours repeats.
json::object frameOf(const json::object& chunk)
{
    json::object frame;
    for (const char* name : {"id", "object", "created", "model", "system_fingerprint"}) {
        if (const json::value* value = chunk.if_contains(name))
            frame[name] = *value;
    }
    return frame;
}

std::uint32_t numberOf(const json::object& choice)
{
    const Result<std::uint32_t> index = indexAt(choice, "index");
    return index ? *index : 0; // read() has made sure
}

/// A choice that says nothing any more.
bool isEmpty(const json::value& choice)
{
    const json::object& object = choice.get_object();
    const json::value* delta = object.if_contains("delta");
    const json::value* reason = object.if_contains("finish_reason");
    return delta && delta->is_object() && delta->get_object().empty() && (!reason || reason->is_null());
}

/// True if nothing but empty choices is left of a chunk.
bool isEmptyChunk(const json::object& chunk)
{
    for (const char* name : {"usage", "error", "x_groq", "prompt_filter_results"}) {
        const json::value* value = chunk.if_contains(name);
        if (value && !value->is_null())
            return false;
    }
    const json::value* choices = chunk.if_contains("choices");
    return choices && choices->is_array() && !choices->get_array().empty() &&
           std::ranges::all_of(choices->get_array(), isEmpty);
}

/// The changed chunk, or nothing if nothing is left of it.
void change(EditedEvent& event, const json::object& chunk)
{
    if (isEmptyChunk(chunk))
        event.drop();
    else
        event.change(event.type(), json::serialize(chunk));
}

/// The length camouflage does not fit any more, and what is said of single tokens would tell what they were.
void forgetTokens(json::object& choice)
{
    if (json::value* logprobs = choice.if_contains("logprobs"))
        *logprobs = nullptr;
}

ChatStreamEditor::Choice& ChatStreamEditor::choiceAt(std::uint32_t number)
{
    const auto [found, isNew] = m_choices.try_emplace(number);
    if (isNew)
        found->second.text = EditedText(number, 0);
    return found->second;
}

Result<void> ChatStreamEditor::read(EditedEvent event, std::string_view type, json::object& chunk)
{
    if (m_isDone)
        return cannotJudge("it goes on after its end", "[DONE]");
    if (hidesCall(chunk, "delta"))
        return cannotJudge("a call stands where none may be", type);
    json::value* list = chunk.if_contains("choices");
    if (list && !list->is_null() && !list->is_array())
        return cannotJudge("the choices are no list", "choices");
    json::array* choices = arrayAt(chunk, "choices");
    if (m_frame.empty() && choices && !choices->empty())
        m_frame = frameOf(chunk);
    const json::value* error = chunk.if_contains("error");
    if (error && !error->is_null())
        abandonCalls();
    const bool wasQueueing = m_isQueueing;
    bool isChanged = false;
    for (std::size_t i = 0; choices && i < choices->size(); ++i) {
        json::object* choice = (*choices)[i].if_object();
        if (!choice)
            return cannotJudge("a choice is no object", "choices");
        if (Result<void> found = readChoice(*choice, choices->size(), isChanged); !found)
            return found;
    }
    if (isChanged)
        change(event, chunk);
    const Role role = m_isQueueing && !wasQueueing ? FirstCall : Chunk;
    if (m_nowWaiting.empty())
        push(std::move(event), role);
    else
        pushWaiting(std::move(event), chunk, role);
    return {};
}

/// What stayed back of a text belongs before the choice's end. If that event has content, too, it becomes two events.
void ChatStreamEditor::pushWaiting(EditedEvent event, json::object& chunk, Role role)
{
    json::array& choices = *arrayAt(chunk, "choices");
    const bool mustSplit = std::ranges::any_of(choices, [](json::value& choice) {
        const json::object* delta = objectAt(choice.get_object(), "delta");
        return delta && hasContent(*delta);
    });
    if (mustSplit) {
        json::object head = chunk;
        head.erase("usage");
        for (json::value& choice : *arrayAt(head, "choices"))
            choice.get_object()["finish_reason"] = nullptr;
        push(EditedEvent::made(event.type(), json::serialize(head)), role);
        for (json::value& choice : choices)
            choice.get_object()["delta"] = json::object();
        event.change(event.type(), json::serialize(chunk));
        role = Chunk;
    }
    // Of choices that call a tool, too: nothing that waits may be passed by it.
    if (role == FirstCall)
        push(EditedEvent(), FirstCall);
    pushRests();
    push(std::move(event), Chunk);
}

void ChatStreamEditor::pushRests()
{
    for (const std::uint32_t number : m_nowWaiting)
        push(EditedEvent(), TextRest, number);
    m_nowWaiting.clear();
}

/// The upstream failed: the calls that wait will never be complete.
void ChatStreamEditor::abandonCalls()
{
    dropAll();
    m_isQueueing = false;
    for (auto& [number, choice] : m_choices) {
        choice.isFinished = true;
        if (!choice.isWaiting)
            continue;
        choice.text = EditedText(number, 0);
        choice.rest.clear();
        choice.isWaiting = false;
    }
}

Result<void> ChatStreamEditor::readChoice(json::object& choice, std::size_t choices, bool& isChanged)
{
    // Without an index it can only be the first, and only if it is alone.
    const Result<std::uint32_t> index =
        choices == 1 && !choice.contains("index") ? Result<std::uint32_t>(0) : indexAt(choice, "index");
    const Result<std::string_view> reason = stringAt(choice, "finish_reason");
    if (!index || !reason)
        return index ? reason.error() : index.error();
    if (const json::value* message = choice.if_contains("message"); message && !message->is_null())
        return cannotJudge("a whole message stands in a chunk", "choices");
    Choice& state = choiceAt(*index);
    if (Result<void> delta = readDelta(choice, *index, isChanged); !delta)
        return delta;
    if (!reason->empty() && !state.isFinished) {
        isChanged |= m_editsText && finishText(choice, *index);
        state.isFinished = true;
        askFinished();
    }
    return {};
}

Result<void> ChatStreamEditor::readDelta(json::object& choice, std::uint32_t number, bool& isChanged)
{
    const json::value* member = choice.if_contains("delta");
    if (member && !member->is_null() && !member->is_object())
        return cannotJudge("a delta is no object", "choices");
    const json::object* delta = objectAt(choice, "delta");
    if (!delta)
        return {};
    Choice& state = choiceAt(number);
    const auto onCall = [&](const CallPart& part) { return readCall(number, part); };
    if (Result<void> calls = forEachCall(*delta, false, onCall); !calls)
        return calls;
    if (m_editsText && state.isFinished && hasContent(*delta))
        return cannotJudge("a choice goes on after its end", "choices");
    if (m_watchesThinking)
        forEachThought(*delta, [&](std::string_view text) { m_review.thinking(number, 0, text); });
    isChanged |= m_editsText && editText(choice, number);
    state.hasContent = state.hasContent || hasContent(*delta);
    return {};
}

/// The calls of choices that have finished are complete.
void ChatStreamEditor::askFinished()
{
    for (GuardedCall& call : m_calls) {
        if (m_guardsTools && choiceAt(call.choice).isFinished)
            call.ask(m_review);
    }
}

void ChatStreamEditor::askAgain()
{
    askFinished();
    for (auto& [number, choice] : m_choices) {
        if (choice.isWaiting)
            (void)choice.text.finish(m_review, choice.rest);
    }
}

/// Errors: a call that clients would put together in different ways.
Result<void> ChatStreamEditor::readCall(std::uint32_t number, const CallPart& part)
{
    Choice& choice = choiceAt(number);
    if (choice.isFinished)
        return cannotJudge("a call comes after its choice's end", "tool_calls");
    const auto found = std::ranges::find_if(
        m_calls, [&](const GuardedCall& call) { return call.choice == number && call.block == part.index; });
    if (found == m_calls.end()) {
        choice.hasCalls = true;
        m_isQueueing = m_isQueueing || m_guardsTools;
        m_calls.push_back({.choice = number,
                           .block = part.index,
                           .isFreeText = part.isFreeText,
                           .id = std::string(part.id),
                           .name = std::string(part.name),
                           .arguments = std::string(part.arguments)});
        return {};
    }
    if ((!part.id.empty() && part.id != found->id) || (!part.name.empty() && part.name != found->name) ||
        (part.isFreeText && !found->isFreeText))
        return cannotJudge("two calls have one index", "tool_calls");
    found->arguments += part.arguments;
    return {};
}

bool ChatStreamEditor::editText(json::object& choice, std::uint32_t number)
{
    Choice& state = choiceAt(number);
    json::object& delta = *objectAt(choice, "delta");
    json::value* content = delta.if_contains("content");
    bool isChanged = content && editContent(*content, state);
    if (isChanged) {
        if (content->is_string() && content->get_string().empty() && !delta.contains("role"))
            delta.erase("content");
        forgetTokens(choice);
    }
    if (state.text.isChanged() && delta.contains("annotations")) {
        delta.erase("annotations"); // they point into the text that was
        isChanged = true;
    }
    return isChanged;
}

/// A text, or (Mistral) a list of parts, in which thoughts stay as they are.
bool ChatStreamEditor::editContent(json::value& content, Choice& state)
{
    if (json::array* parts = content.if_array()) {
        bool isChanged = false;
        for (json::value& part : *parts) {
            json::value* text = part.is_object() ? part.get_object().if_contains("text") : nullptr;
            isChanged |= text && text->is_string() && editContent(*text, state);
        }
        return isChanged;
    }
    if (!content.is_string() || content.get_string().empty())
        return false;
    const std::string left = state.text.add(m_review, fromJsonText(content.get_string()));
    if (left == fromJsonText(content.get_string()))
        return false;
    content = toJsonText(left);
    return true;
}

/// What stayed back leaves before the choice's end, or with it if its text stands there. True if the chunk changed.
bool ChatStreamEditor::finishText(json::object& choice, std::uint32_t number)
{
    Choice& state = choiceAt(number);
    std::string rest;
    if (!state.text.finish(m_review, rest)) {
        state.rest = std::move(rest);
        state.isWaiting = true;
        m_nowWaiting.push_back(number);
        return false;
    }
    if (rest.empty())
        return false;
    state.hasContent = true;
    json::object* delta = objectAt(choice, "delta");
    if (!delta || !hasContent(*delta)) {
        push(EditedEvent::made({}, json::serialize(contentChunk(number, rest))), Chunk);
        return false;
    }
    appendContent(*delta, rest);
    forgetTokens(choice);
    return true;
}

json::object ChatStreamEditor::contentChunk(std::uint32_t number, std::string_view text) const
{
    json::object chunk = m_frame;
    chunk["choices"] = json::array{{{"index", number},
                                    {"delta", {{"content", toJsonText(text)}}},
                                    {"logprobs", nullptr},
                                    {"finish_reason", nullptr}}};
    return chunk;
}

/// Some servers never say why a choice stopped: this is its end then.
Result<void> ChatStreamEditor::readDone(EditedEvent event)
{
    m_isDone = true;
    for (auto& [number, choice] : m_choices) {
        json::object nothing;
        choice.isFinished = true;
        if (m_editsText && !choice.isWaiting)
            (void)finishText(nothing, number);
    }
    askFinished();
    pushRests();
    push(std::move(event), Done);
    return {};
}

bool ChatStreamEditor::mustWait(const Queued& first) const
{
    if (first.role == TextRest)
        return !m_choices.at(first.index).text.isFinished();
    if (first.role != FirstCall)
        return false;
    const auto isOpen = [](const auto& entry) { return entry.second.hasCalls && !entry.second.isFinished; };
    return std::ranges::any_of(m_choices, isOpen) ||
           std::ranges::any_of(m_calls, [](const GuardedCall& call) { return !call.answer; });
}

/// All calls so far are known.
void ChatStreamEditor::judged()
{
    m_isQueueing = false;
    for (const auto& [number, choice] : m_choices) {
        (void)leaveOutRest(m_calls, number);
        m_isRewriting = m_isRewriting || isTouched(number, m_calls);
    }
}

Result<void> ChatStreamEditor::drain(EditedReply& out)
{
    while (!isQueueEmpty() && !mustWait(front())) {
        if (front().role == FirstCall)
            judged();
        if (Result<void> left = leave(takeFront(), out); !left)
            return left;
    }
    return {};
}

Result<void> ChatStreamEditor::leave(Queued queued, EditedReply& out)
{
    if (queued.role == TextRest) {
        Choice& choice = choiceAt(queued.index);
        choice.isWaiting = false;
        choice.hasContent = choice.hasContent || !choice.rest.empty();
        if (!choice.rest.empty())
            queued.event.change({}, json::serialize(contentChunk(queued.index, std::exchange(choice.rest, {}))));
    } else if (queued.role == Done) {
        for (const auto& [number, choice] : m_choices)
            tell(number, nullptr, out); // those that never said why they stopped
    } else if (m_isRewriting && queued.role != Passive && queued.event.bytes() > 0) {
        if (Result<void> rewritten = rewrite(queued.event, out); !rewritten)
            return rewritten;
    }
    queued.event.write(out);
    return {};
}

Result<void> ChatStreamEditor::rewrite(EditedEvent& event, EditedReply& out)
{
    for (const GuardedCall& call : m_calls) {
        if (Result<void> fits = call.checkArguments(); !fits)
            return fits;
    }
    Result<json::value> parsed = parseStrictJson(event.data());
    if (!parsed)
        return parsed.error();
    json::object& chunk = parsed->get_object();
    bool isChanged = false;
    if (json::array* choices = arrayAt(chunk, "choices")) {
        for (json::value& choice : *choices)
            isChanged |= rewriteChoice(choice.get_object(), out);
    }
    if (isChanged)
        change(event, chunk);
    return {};
}

bool ChatStreamEditor::rewriteChoice(json::object& choice, EditedReply& out)
{
    const std::uint32_t number = numberOf(choice);
    json::object* delta = objectAt(choice, "delta");
    if (!isTouched(number, m_calls))
        return false;
    const json::object before = choice;
    if (delta && (delta->contains("tool_calls") || delta->contains("function_call"))) {
        carryOutCalls(*delta, number, m_calls, Form::Pieces, [this](const GuardedCall& call) {
            return m_changedCalls.emplace(call.choice, call.block).second;
        });
        forgetTokens(choice);
    }
    const Result<std::string_view> reason = stringAt(choice, "finish_reason");
    if (reason && !reason->empty()) {
        tell(number, delta, out);
        fitFinishReason(choice, number, m_calls);
    }
    return choice != before;
}

/// The notices of a choice, once: in the delta that ends it if that has content or begins the choice, else before it.
void ChatStreamEditor::tell(std::uint32_t number, json::object* delta, EditedReply& out)
{
    Choice& state = choiceAt(number);
    if (!hasBlocked(number, m_calls) || std::exchange(state.isNoticeOut, true))
        return;
    const std::string notices = (state.hasContent ? "\n\n" : "") + noticesOf(number, m_calls);
    if (delta && (hasContent(*delta) || delta->contains("role")))
        appendContent(*delta, notices);
    else
        EditedEvent::made({}, json::serialize(contentChunk(number, notices))).write(out);
}

} // namespace

std::unique_ptr<ReplyEditor> makeOpenAiChatStreamEditor(ReplyReview& review)
{
    return std::make_unique<ChatStreamEditor>(review);
}

} // namespace luthien::protocol
