// SPDX-License-Identifier: Apache-2.0
#include "protocol/reply_editing.h"

#include "base/strict_json.h"
#include "protocol/chunk_editor.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace luthien::protocol {

namespace json = boost::json;
using conversation::ReplyReview;

bool GuardedCall::ask(ReplyReview& review)
{
    if (answer)
        return true;
    answer = review.tool({.choice = choice,
                          .block = block,
                          .executor = executor,
                          .isFreeText = isFreeText,
                          .id = id,
                          .name = name,
                          .arguments = arguments,
                          .responseId = responseId,
                          .conversationId = conversationId});
    if (executor != conversation::Executor::Client)
        answer = conversation::ToolAnswer();
    return answer.has_value();
}

Result<void> GuardedCall::checkArguments() const
{
    if (!newArguments() || isFreeText)
        return {};
    const Result<json::value> parsed = parseStrictJson(*newArguments());
    if (!parsed || !parsed->is_object())
        return Error{ErrorCode::InvalidInput, "The new arguments of a call are not one JSON object.", name};
    return {};
}

std::uint32_t leaveOutRest(std::vector<GuardedCall>& calls, std::uint32_t choice)
{
    std::uint32_t end = kNoEnd;
    for (const GuardedCall& call : calls) {
        if (call.choice == choice && call.isBlocked() && call.answer->onBlock == conversation::OnBlock::End)
            end = std::min(end, call.block);
    }
    for (GuardedCall& call : calls)
        call.isLeftOut = call.isLeftOut || (call.choice == choice && call.block > end);
    return end;
}

std::string EditedText::add(ReplyReview& review, std::string_view part)
{
    m_hasBegun = true;
    if (!m_isChanged)
        m_ahead += part;
    std::string out;
    review.text(m_choice, m_block, part, out);
    leave(out);
    return out;
}

bool EditedText::finish(ReplyReview& review, std::string& out)
{
    if (m_isFinished || !m_hasBegun) {
        m_isFinished = true;
        return true;
    }
    std::string rest;
    m_isFinished = review.textEnd(m_choice, m_block, rest);
    leave(rest);
    out += rest;
    if (!m_isFinished)
        return false;
    m_isChanged = m_isChanged || !m_ahead.empty();
    m_ahead = {};
    return true;
}

void EditedText::leave(std::string_view text)
{
    if (m_isChanged)
        return;
    m_isChanged = !m_ahead.starts_with(text);
    if (m_isChanged)
        m_ahead = {};
    else
        m_ahead.erase(0, text.size());
}

Error cannotJudge(std::string_view why, std::string_view where)
{
    return {ErrorCode::InvalidInput, "The reply cannot be judged: " + std::string(why) + ".", std::string(where)};
}

Result<std::string_view> stringAt(const json::object& parent, std::string_view name)
{
    const json::value* value = parent.if_contains(toJsonText(name));
    if (!value || value->is_null())
        return std::string_view();
    if (!value->is_string())
        return cannotJudge("a text is no text", name);
    return fromJsonText(value->get_string());
}

Result<std::uint32_t> indexAt(const json::object& parent, std::string_view name)
{
    const json::value* value = parent.if_contains(toJsonText(name));
    const std::int64_t* number = value ? value->if_int64() : nullptr;
    if (!number || *number < 0 || *number > std::numeric_limits<std::int32_t>::max())
        return cannotJudge("an index is missing or out of range", name);
    return static_cast<std::uint32_t>(*number);
}

bool anyObject(const json::value& value, std::string_view skip,
               const std::function<bool(const json::object&)>& isSuspicious)
{
    if (const json::array* list = value.if_array())
        return std::ranges::any_of(*list,
                                   [&](const json::value& element) { return anyObject(element, skip, isSuspicious); });
    const json::object* object = value.if_object();
    if (!object)
        return false;
    return isSuspicious(*object) || std::ranges::any_of(*object, [&](const json::key_value_pair& member) {
               return fromJsonText(member.key()) != skip && anyObject(member.value(), skip, isSuspicious);
           });
}

std::string onOneLine(std::string_view json)
{
    std::string line(json);
    std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r'; }, ' '); // blanks, outside of strings
    return line;
}

std::string joinedNotices(const std::vector<const GuardedCall*>& calls)
{
    std::string joined;
    for (const GuardedCall* call : calls) {
        if (!call->isBlocked() || call->isLeftOut)
            continue;
        joined += joined.empty() ? "" : "\n";
        joined += call->answer->notice;
    }
    return joined;
}

StreamEditor::StreamEditor(ReplyReview& review)
    : m_review(review)
    , m_guardsTools(review.guardsTools())
    , m_editsText(review.editsText())
    , m_watchesThinking(review.watchesThinking())
{
}

Result<void> StreamEditor::event(const ReplyEvent& event, EditedReply& out)
{
    EditedEvent edited = EditedEvent::received(event);
    Result<void> result;
    if (!event.hasData || event.data.empty()) {
        push(std::move(edited));
    } else if (event.data == "[DONE]") {
        result = readDone(std::move(edited));
    } else {
        Result<json::value> content = parseStrictJson(event.data);
        if (!content)
            return content.error();
        if (!content->is_object())
            return cannotJudge("an event is no JSON object", event.type);
        json::object& object = content->get_object();
        const Result<std::string_view> type = stringAt(object, "type");
        if (!type)
            return type.error();
        if (namesTypes() && type->empty())
            return cannotJudge("an event does not say its type", event.type);
        if (!event.type.empty() && !type->empty() && *type != event.type)
            return cannotJudge("an event's line and data name different types", event.type);
        // A copy: the object's members may be changed.
        result = read(std::move(edited), std::string(*type), object);
    }
    return result ? drain(out) : result;
}

Result<void> StreamEditor::end(EditedReply& out)
{
    if (Result<void> drained = drain(out); !drained)
        return drained;
    if (isHolding())
        return cannotJudge("it ended before what is held was complete");
    return {};
}

Result<void> StreamEditor::readDone(EditedEvent event)
{
    push(std::move(event));
    return {};
}

void StreamEditor::push(EditedEvent event, int role, std::uint32_t index)
{
    m_queuedBytes += event.bytes();
    m_queue.push_back({std::move(event), role, index});
}

void StreamEditor::pushMade(std::string_view type, const json::object& content)
{
    push(EditedEvent::made(type, json::serialize(content)));
}

StreamEditor::Queued StreamEditor::takeFront()
{
    Queued first = std::move(m_queue.front());
    m_queue.pop_front();
    m_queuedBytes -= first.event.bytes();
    return first;
}

std::deque<StreamEditor::Queued> StreamEditor::takeQueue()
{
    m_queuedBytes = 0;
    return std::exchange(m_queue, {});
}

void StreamEditor::writeAll(EditedReply& out)
{
    for (const Queued& queued : takeQueue())
        queued.event.write(out);
}

void StreamEditor::dropAll()
{
    for (Queued& queued : takeQueue()) {
        queued.event.drop();
        push(std::move(queued.event));
    }
}

BodyEditor::BodyEditor(ReplyReview& review)
    : m_review(review)
    , m_guardsTools(review.guardsTools())
    , m_editsText(review.editsText())
    , m_watchesThinking(review.watchesThinking())
{
}

Result<void> BodyEditor::event(const ReplyEvent& event, EditedReply& out)
{
    if (m_isHolding)
        return cannotJudge("a second body came");
    if (event.data.empty()) {
        out.keep(event);
        return {};
    }
    Result<json::value> body = parseStrictJson(event.data);
    if (!body)
        return body.error();
    if (!body->is_object())
        return cannotJudge("the body is no JSON object");
    m_body = std::move(body->get_object());
    m_bytes = event.data;
    m_isHolding = true;
    if (Result<void> found = read(m_bytes, m_body); !found)
        return found;
    return resume(out);
}

/// All at once, so that nobody waits for the one before.
bool BodyEditor::ask()
{
    bool isKnown = true;
    for (GuardedCall& call : m_calls)
        isKnown &= !m_guardsTools || call.ask(m_review);
    for (WholeText& text : m_texts)
        isKnown &= text.edited.finish(m_review, text.left);
    return isKnown;
}

bool BodyEditor::replaceTexts()
{
    bool isChanged = false;
    for (const WholeText& text : m_texts) {
        if (text.left == fromJsonText(text.place.get_string()))
            continue;
        text.place = toJsonText(text.left);
        text.onChange();
        isChanged = true;
    }
    m_texts.clear();
    return isChanged;
}

Result<void> BodyEditor::resume(EditedReply& out)
{
    if (!m_isHolding || !ask())
        return {};
    const bool isChanged = replaceTexts();
    const auto isTouched = [](const GuardedCall& call) { return call.isBlocked() || call.newArguments(); };
    if (!isChanged && std::ranges::none_of(m_calls, isTouched)) {
        m_isHolding = false;
        out.keep({.type = {}, .data = m_bytes, .bytes = m_bytes});
        return {};
    }
    for (const GuardedCall& call : m_calls) {
        if (Result<void> fits = call.checkArguments(); !fits)
            return fits;
    }
    if (Result<void> done = carryOut(m_body); !done)
        return done;
    m_isHolding = false;
    out.lose(m_bytes.size());
    const std::string changed = json::serialize(m_body);
    out.put({}, changed, changed);
    return {};
}

Result<void> BodyEditor::end(EditedReply&)
{
    if (m_isHolding)
        return cannotJudge("it ended before what is held was judged");
    return {};
}

void BodyEditor::editText(std::uint32_t choice, std::uint32_t block, json::value& text, std::function<void()> onChange)
{
    if (!m_editsText || !text.is_string() || text.get_string().empty())
        return;
    WholeText& whole = m_texts.emplace_back(WholeText{EditedText(choice, block), text, {}, std::move(onChange)});
    whole.left = whole.edited.add(m_review, fromJsonText(text.get_string()));
}

void BodyEditor::showThinking(std::uint32_t choice, std::uint32_t block, std::string_view text)
{
    if (m_watchesThinking && !text.empty())
        m_review.thinking(choice, block, text);
}

std::unique_ptr<ReplyEditor> makeStreamEditor(conversation::Api api, ReplyReview& review, conversation::StreamForm form)
{
    switch (api) {
    case conversation::Api::AnthropicMessages:
        return makeAnthropicStreamEditor(review);
    case conversation::Api::OpenAiChat:
        return makeOpenAiChatStreamEditor(review);
    case conversation::Api::OpenAiResponses:
        return makeOpenAiResponsesStreamEditor(review);
    default:
        return makeChunkEditor(api, review, form);
    }
}

std::unique_ptr<ReplyEditor> makeBodyEditor(conversation::Api api, ReplyReview& review)
{
    switch (api) {
    case conversation::Api::AnthropicMessages:
        return makeAnthropicBodyEditor(review);
    case conversation::Api::OpenAiChat:
        return makeOpenAiChatBodyEditor(review);
    case conversation::Api::OpenAiResponses:
        return makeOpenAiResponsesBodyEditor(review);
    default:
        return makeChunkEditor(api, review, std::nullopt);
    }
}

bool canEdit(conversation::Api api) noexcept
{
    return api != conversation::Api::Other;
}

} // namespace luthien::protocol
