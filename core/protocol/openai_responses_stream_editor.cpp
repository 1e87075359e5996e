// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_responses_stream_editor.h"

#include <algorithm>

// How a stream is read.
namespace luthien::protocol {

namespace openai_responses {

namespace json = boost::json;
using conversation::Executor;

namespace {

/// The kind of the client's call that an event is a part of; empty = of none.
std::string_view callTypeOf(std::string_view eventType)
{
    constexpr std::string_view prefix = "response.";
    if (!eventType.starts_with(prefix))
        return {};
    eventType.remove_prefix(prefix.size());
    constexpr std::string_view word = "_call";
    const std::size_t at = eventType.find(word);
    if (at == std::string_view::npos)
        return {};
    const std::string_view type = eventType.substr(0, at + word.size());
    return executorOfItem(type) == Executor::Client ? type : std::string_view();
}

bool isTextEvent(std::string_view type)
{
    return type == kTextDelta || type == "response.output_text.done" || type == "response.content_part.added" ||
           type == "response.content_part.done" || type == "response.output_text.annotation.added";
}

/// True if some part of a message has text already.
bool hasText(const json::object& item)
{
    const json::value* content = item.if_contains("content");
    return content && content->is_array() && std::ranges::any_of(content->get_array(), [](const json::value& part) {
               const json::value* text = part.is_object() ? part.get_object().if_contains("text") : nullptr;
               return text && text->is_string() && !text->get_string().empty();
           });
}

} // namespace

void change(EditedEvent& event, std::string_view type, const json::object& content)
{
    event.change(type, json::serialize(content));
}

Result<void> ResponsesStreamEditor::read(EditedEvent event, std::string_view type, json::object& content)
{
    const bool isStart = type == "response.output_item.added";
    if (isStart || type == "response.output_item.done") {
        const Result<std::uint32_t> output = indexAt(content, "output_index");
        if (!output || !objectAt(content, "item") || membersHoldCall(content, "item"))
            return cannotJudge("an item or its index is missing", type);
        return isStart ? readItemStart(std::move(event), *output, content)
                       : readItemEnd(std::move(event), *output, content);
    }
    if (membersHoldCall(content, "response"))
        return cannotJudge("a call stands where none may be", type);
    if (content.contains("response"))
        return readResponse(std::move(event), type, content);
    if (type == "error") {
        abandon();
    } else if (!callTypeOf(type).empty()) {
        return readCallPart(std::move(event), type, content);
    } else if (m_editsText && isTextEvent(type)) {
        return readText(std::move(event), type, content);
    }
    const Result<std::uint32_t> output = indexAt(content, "output_index");
    const auto item = output ? m_items.find(*output) : m_items.end();
    const bool isOfCall = item != m_items.end() && item->second.call;
    if (m_watchesThinking && output)
        readThought(type, content);
    push(std::move(event), isOfCall ? CallPart : output ? OfItem : Passive, output ? *output : 0);
    return {};
}

/// The upstream failed: what waits will never be complete.
void ResponsesStreamEditor::abandon()
{
    for (auto& [output, item] : m_items)
        item.isAbandoned = item.isAbandoned || !item.isDone;
    m_texts.abandon();
}

Result<void> ResponsesStreamEditor::readItemStart(EditedEvent event, std::uint32_t output, json::object& content)
{
    json::object& object = *objectAt(content, "item");
    const Result<std::string_view> type = stringAt(object, "type");
    const Result<std::string_view> id = stringAt(object, "id");
    if (!type || type->empty() || !id)
        return cannotJudge("an item does not say its type", "response.output_item.added");
    const auto [found, isNew] = m_items.try_emplace(output);
    if (!isNew)
        return cannotJudge("two items have one index", "response.output_item.added");
    Item& item = found->second;
    item.type = *type;
    item.id = *id;
    if (executorOfItem(*type) == Executor::Client) {
        Result<ItemCall> call = readCall(object, Executor::Client, output);
        if (!call)
            return call.error();
        item.said = streamedText(object).value_or("");
        item.call = m_calls.size();
        m_calls.push_back(std::move(*call));
        push(std::move(event), CallPart, output);
        return {};
    }
    if (membersHoldCall(object, {}) || (m_editsText && *type == "message" && hasText(object)))
        return cannotJudge("an item starts with content", *type);
    push(std::move(event), OfItem, output);
    return {};
}

Result<ItemCall> ResponsesStreamEditor::readCall(const json::object& item, Executor executor,
                                                 std::uint32_t output) const
{
    Result<ItemCall> call = readItemCall(item, executor, output);
    if (call) {
        call->guarded.responseId = m_keptAs.responseId;
        call->guarded.conversationId = m_keptAs.conversationId;
    }
    return call;
}

Result<void> ResponsesStreamEditor::readItemEnd(EditedEvent event, std::uint32_t output, json::object& content)
{
    json::object& object = *objectAt(content, "item");
    const Result<std::string_view> type = stringAt(object, "type");
    const Result<std::string_view> id = stringAt(object, "id");
    if (!type || type->empty() || !id)
        return cannotJudge("an item does not say its type", "response.output_item.done");
    const auto [found, isNew] = m_items.try_emplace(output); // a resumed stream begins anywhere
    Item& item = found->second;
    if (item.isDone || (!isNew && item.type != *type))
        return cannotJudge("an item is done twice or changed its type", *type);
    item.type = *type;
    item.id = *id;
    item.isDone = true;
    const auto executor = executorOfItem(*type);
    if (executor == Executor::Client) {
        if (Result<void> ended = endCall(item, object, output); !ended)
            return ended;
        push(std::move(event), CallPart, output);
        return {};
    }
    if (membersHoldCall(object, {}))
        return cannotJudge("a call stands inside of an item", *type);
    if (executor && m_guardsTools) {
        Result<ItemCall> call = readCall(object, *executor, output);
        if (!call)
            return call.error();
        call->guarded.ask(m_review);
    }
    if (m_watchesThinking && *type == "reasoning")
        showThoughts(item, object);
    const Result<bool> hasNewText = m_editsText ? finishTexts(object, output) : Result<bool>(false);
    if (!hasNewText)
        return hasNewText.error();
    push(std::move(event), *hasNewText ? TextPlace : OfItem, output);
    return {};
}

void ResponsesStreamEditor::readThought(std::string_view type, const json::object& content)
{
    const bool isSummary = type == "response.reasoning_summary_text.delta";
    if (!isSummary && type != "response.reasoning_text.delta")
        return;
    const Result<std::uint32_t> output = indexAt(content, "output_index");
    const Result<std::uint32_t> part = indexAt(content, isSummary ? "summary_index" : "content_index");
    const Result<std::string_view> delta = stringAt(content, "delta");
    if (!output || !part || !delta || delta->empty())
        return;
    m_items[*output].hasThoughts = true;
    const auto [number, isNew] = m_thoughtNumbers.try_emplace({*output, *part * 2 + (isSummary ? 0 : 1)}, m_thoughts);
    m_thoughts += isNew ? 1 : 0;
    m_review.thinking(0, number->second, *delta);
}

/// Thoughts that came by no deltas.
void ResponsesStreamEditor::showThoughts(Item& item, const json::object& content)
{
    if (!std::exchange(item.hasThoughts, true))
        forEachThought(content,
                       [this](std::uint32_t, std::string_view text) { m_review.thinking(0, m_thoughts++, text); });
}

/// Errors: the item says one thing when it is done and another before.
Result<void> ResponsesStreamEditor::endCall(Item& item, const json::object& content, std::uint32_t output)
{
    Result<ItemCall> call = readCall(content, Executor::Client, output);
    if (!call)
        return call.error();
    call->isComplete = true;
    const std::string text = streamedText(content).value_or("");
    if ((!item.streamed.empty() && item.streamed != text) || (!item.said.empty() && item.said != text))
        return cannotJudge("a call's arguments contradict each other", item.type);
    if (!item.call) {
        item.call = m_calls.size();
        m_calls.push_back(std::move(*call));
    } else {
        GuardedCall& known = m_calls[*item.call].guarded;
        if (known.name != call->guarded.name && !item.id.empty() && !known.id.empty())
            return cannotJudge("a call changed its name", item.type);
        m_calls[*item.call] = std::move(*call);
    }
    GuardedCall& guarded = m_calls[*item.call].guarded;
    m_argumentBytes += guarded.arguments.size();
    if (m_guardsTools)
        guarded.ask(m_review);
    return {};
}

Result<void> ResponsesStreamEditor::readCallPart(EditedEvent event, std::string_view type, const json::object& content)
{
    const Result<std::uint32_t> output = indexAt(content, "output_index");
    if (!output)
        return output.error();
    const auto [found, isNew] = m_items.try_emplace(*output);
    Item& item = found->second;
    if (isNew) { // a resumed stream
        item.type = callTypeOf(type);
        item.call = m_calls.size();
        m_calls.push_back({.guarded = {.block = *output}, .noticeId = {}});
    }
    if (!item.call || item.isDone || item.type != callTypeOf(type))
        return cannotJudge("a part of a call belongs to no open call", type);
    for (const char* name : {"delta", "arguments", "input", "diff"}) {
        const Result<std::string_view> text = stringAt(content, name);
        if (!text)
            return text.error();
        if (type.ends_with(".delta")) {
            item.streamed += *text;
            m_argumentBytes += text->size();
        } else if (!text->empty()) {
            if (!item.said.empty() && item.said != *text)
                return cannotJudge("a call's arguments contradict each other", type);
            item.said = *text;
        }
    }
    push(std::move(event), CallPart, *output);
    return {};
}

Result<void> ResponsesStreamEditor::readText(EditedEvent event, std::string_view type, json::object& content)
{
    const Result<std::uint32_t> output = indexAt(content, "output_index");
    const Result<std::uint32_t> number = indexAt(content, "content_index");
    const Result<std::string_view> delta = stringAt(content, "delta");
    const Result<std::string_view> text = stringAt(content, "text");
    if (!output || !number || !delta || !text)
        return cannotJudge("a text or its index is missing", type);
    const json::object* part = objectAt(content, "part");
    Role role = OfItem;
    if (type == kTextDelta) {
        const std::string left = m_texts.add(*output, *number, *delta);
        if (left.empty() && !delta->empty()) {
            event.drop();
        } else if (left != *delta) {
            content["delta"] = toJsonText(left);
            content["logprobs"] = json::array();
            content.erase("obfuscation"); // it hid the length of what came
            change(event, type, content);
        }
    } else if (type.ends_with("annotation.added")) {
        if (m_texts.isChanged(*output, *number))
            event.drop(); // it points into the text that was
    } else if (type == "response.content_part.added") {
        const json::value* begun = part && isTextPart(*part) ? part->if_contains("text") : nullptr;
        if (begun && *begun != "")
            return cannotJudge("a part starts with text", type);
    } else if (part && !isTextPart(*part)) {
        if (m_texts.has(*output, *number))
            return cannotJudge("a text became something else", type);
    } else if (finishText(part ? *part : content, *output, *number)) {
        role = TextPlace;
    }
    push(std::move(event), role, *output);
    return {};
}

/// A place with the whole of a text. What stayed back gets its place before the first one. True if it is to be changed.
bool ResponsesStreamEditor::finishText(const json::object& part, std::uint32_t output, std::uint32_t content)
{
    const json::value* text = part.if_contains("text");
    const std::string_view came = text && text->is_string() ? fromJsonText(text->get_string()) : std::string_view();
    if (const auto number = m_texts.finish(output, content, came))
        push(EditedEvent(), TextRest, *number);
    return !m_texts.isSame(output, content, came);
}

/// True if some text is to be changed. Errors: what was a text is something else now, and would leave as it came.
Result<bool> ResponsesStreamEditor::finishTexts(json::object& item, std::uint32_t output)
{
    const auto known = m_items.find(output);
    const Result<std::string_view> type = stringAt(item, "type");
    if (known != m_items.end() && type && known->second.type != *type)
        return cannotJudge("an item changed its type", *type);
    const json::array* parts = arrayAt(item, "content");
    for (std::uint32_t i = 0; parts && i < parts->size(); ++i) {
        const json::object* part = (*parts)[i].if_object();
        if (m_texts.has(output, i) && !(part && isTextPart(*part)))
            return cannotJudge("a text became something else", "content");
    }
    bool mustChange = false;
    forEachText(item, [&](json::object& part, std::uint32_t i) { mustChange |= finishText(part, output, i); });
    return mustChange;
}

/// Which item of the stream one of a response's output is; one that was not seen in the stream is judged by itself.
std::uint32_t ResponsesStreamEditor::outputOf(const json::object& item, std::uint32_t place)
{
    const Result<std::string_view> id = stringAt(item, "id");
    const auto same =
        std::ranges::find_if(m_items, [&](const auto& entry) { return id && !id->empty() && entry.second.id == *id; });
    if (same != m_items.end())
        return same->first;
    const auto atPlace = m_items.find(place);
    const bool hasNoId = atPlace != m_items.end() && (atPlace->second.id.empty() || (id && id->empty()));
    return hasNoId && *item.if_contains("type") == toJsonText(atPlace->second.type) ? place : m_unannounced++;
}

/// The call judged before that this item is, or a new one.
Result<std::size_t> ResponsesStreamEditor::callOfOutput(const json::object& item, Executor executor)
{
    const auto number = static_cast<std::uint32_t>(m_calls.size());
    Result<ItemCall> call = readCall(item, executor, kUnannounced + number);
    if (!call)
        return call.error();
    const auto same = std::ranges::find_if(m_calls, [&](const ItemCall& known) {
        return known.guarded.id == call->guarded.id && known.guarded.name == call->guarded.name &&
               known.guarded.arguments == call->guarded.arguments &&
               known.guarded.isFreeText == call->guarded.isFreeText;
    });
    if (same != m_calls.end())
        return static_cast<std::size_t>(same - m_calls.begin());
    call->isComplete = true;
    if (m_guardsTools)
        call->guarded.ask(m_review);
    m_calls.push_back(std::move(*call));
    return std::size_t{number};
}

Result<void> ResponsesStreamEditor::readResponse(EditedEvent event, std::string_view type, json::object& content)
{
    json::object* response = objectAt(content, "response");
    if (!response || responseHidesCall(*response))
        return cannotJudge("a call stands where none may be", type);
    m_keptAs = keptAs(*response);
    std::vector<Output> outputs;
    json::array* output = arrayAt(*response, "output");
    for (std::uint32_t i = 0; output && i < output->size(); ++i) {
        json::object* item = (*output)[i].if_object();
        if (!item)
            return cannotJudge("an item is no object", type);
        Result<Output> read = readOutput(*item, i);
        if (!read)
            return read.error();
        outputs.push_back(*read);
    }
    if (Result<void> ended = endResponse(type); !ended)
        return ended;
    m_outputs.push_back(std::move(outputs));
    push(std::move(event), WholeResponse, static_cast<std::uint32_t>(m_outputs.size() - 1));
    return {};
}

Result<ResponsesStreamEditor::Output> ResponsesStreamEditor::readOutput(json::object& item, std::uint32_t place)
{
    const Result<std::string_view> type = stringAt(item, "type");
    if (!type || type->empty())
        return cannotJudge("an item does not say its type", "output");
    Output output{.call = {}, .index = outputOf(item, place)};
    if (executorOfItem(*type) == Executor::Client) {
        const Result<std::size_t> call = callOfOutput(item, Executor::Client);
        if (!call)
            return call.error();
        output.call = *call;
    } else if (membersHoldCall(item, {})) {
        return cannotJudge("a call stands inside of an item", *type);
    } else if (m_editsText) {
        if (const Result<bool> finished = finishTexts(item, output.index); !finished)
            return finished.error();
    }
    return output;
}

/// A reply that failed leaves calls unfinished: they will not leave.
Result<void> ResponsesStreamEditor::endResponse(std::string_view type)
{
    const bool isComplete = type == "response.completed" || type == "response.done";
    if (!isComplete && type != "response.failed" && type != "response.incomplete" && type != "response.cancelled")
        return {};
    if (type == "response.failed" || type == "response.cancelled")
        m_texts.abandon();
    for (auto& [output, item] : m_items) {
        if (!item.call || item.isDone)
            continue;
        if (isComplete)
            return cannotJudge("it is complete before a call is", type);
        item.isAbandoned = true;
    }
    return {};
}

} // namespace openai_responses

std::unique_ptr<ReplyEditor> makeOpenAiResponsesStreamEditor(conversation::ReplyReview& review)
{
    return std::make_unique<openai_responses::ResponsesStreamEditor>(review);
}

} // namespace luthien::protocol
