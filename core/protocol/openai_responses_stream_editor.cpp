// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "protocol/openai_responses_editing.h"

#include <algorithm>

// Responses. A call's item waits from output_item.added until it is done and judged, and with it what follows. A
// blocked one is replaced in place by a message, so that no number changes.
namespace luthien::protocol {

namespace json = boost::json;
using namespace openai_responses;
using conversation::Executor;
using conversation::ReplyReview;

namespace {

constexpr std::string_view kTextDelta = "response.output_text.delta";
/// Calls that only a response object named are numbered from here.
constexpr std::uint32_t kUnannounced = 1U << 30;

class ResponsesStreamEditor final : public StreamEditor
{
public:
    using StreamEditor::StreamEditor;

protected:
    Result<void> read(EditedEvent event, std::string_view type, json::object& content) override;
    Result<void> drain(EditedReply& out) override;
    std::size_t heldText() const noexcept override { return m_texts.heldBytes(); }
    std::size_t heldArguments() const noexcept override { return isQueueEmpty() ? 0 : m_argumentBytes; }
    bool namesTypes() const noexcept override { return true; }

private:
    struct Item
    {
        std::string type;
        std::string id;
        std::optional<std::size_t> call; ///< of the client
        std::string streamed;            ///< arguments by deltas
        std::string said;                ///< arguments as the item's start or the end of its deltas has them
        bool isDone = false;
        bool isAbandoned = false;
        bool isNoticeOut = false;
    };
    enum Role { Passive, CallPart, WholeResponse };

    Result<void> readItemStart(EditedEvent event, std::uint32_t output, json::object& content);
    Result<void> readItemEnd(EditedEvent event, std::uint32_t output, json::object& content);
    Result<void> endCall(Item& item, const json::object& content, std::uint32_t output);
    Result<void> readCallPart(EditedEvent event, std::string_view type, const json::object& content);
    Result<void> readText(EditedEvent event, std::string_view type, json::object& content);
    Result<void> readResponse(EditedEvent event, std::string_view type, json::object& content);
    Result<void> endResponse(std::string_view type);
    Result<std::size_t> callOfOutput(const json::object& item, Executor executor);
    bool editItem(json::object& item, std::optional<std::uint32_t> output);
    bool finishPart(json::object& part, const json::object* place, std::uint32_t output, std::uint32_t content);
    std::optional<std::uint32_t> outputOf(const json::object& item, std::uint32_t place) const;
    bool isKnown(const std::vector<std::optional<std::size_t>>& calls);
    Result<void> rewriteResponse(Queued& queued);

    std::map<std::uint32_t, Item> m_items;
    std::vector<ItemCall> m_calls;
    std::size_t m_argumentBytes = 0;
    std::vector<std::vector<std::optional<std::size_t>>> m_outputs; ///< of each response object: its items' calls
    EditedTexts m_texts;
};

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
        for (auto& [output, item] : m_items)
            item.isAbandoned = item.isAbandoned || !item.isDone; // what waits will never be complete
    } else if (!callTypeOf(type).empty()) {
        return readCallPart(std::move(event), type, content);
    } else if (m_editsText && isTextEvent(type)) {
        return readText(std::move(event), type, content);
    }
    const Result<std::uint32_t> output = indexAt(content, "output_index");
    const auto item = output ? m_items.find(*output) : m_items.end();
    const bool isOfCall = item != m_items.end() && item->second.call;
    push(std::move(event), isOfCall ? CallPart : Passive, isOfCall ? *output : 0);
    return {};
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
        Result<ItemCall> call = readItemCall(object, Executor::Client, output);
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
    push(std::move(event));
    return {};
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
        Result<ItemCall> call = readItemCall(object, *executor, output);
        if (!call)
            return call.error();
        call->guarded.ask(m_review);
    }
    if (m_editsText && editItem(object, output))
        change(event, "response.output_item.done", content);
    push(std::move(event));
    return {};
}

/// Errors: the item says one thing when it is done and another before.
Result<void> ResponsesStreamEditor::endCall(Item& item, const json::object& content, std::uint32_t output)
{
    Result<ItemCall> call = readItemCall(content, Executor::Client, output);
    if (!call)
        return call.error();
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
    json::object* part = objectAt(content, "part");
    if (type == kTextDelta) {
        const std::string left = m_texts.add(m_review, *output, *number, *delta);
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
        if (part && isTextPart(*part) && part->contains("text") && (*part)["text"] != "")
            return cannotJudge("a part starts with text", type);
    } else if (part ? isTextPart(*part) && finishPart(*part, &content, *output, *number)
                    : finishPart(content, &content, *output, *number)) {
        change(event, type, content);
    }
    push(std::move(event));
    return {};
}

/// Puts in what left of the text. What stayed back leaves as a last delta, if the stream has a place for it. True if
/// the part changed.
bool ResponsesStreamEditor::finishPart(json::object& part, const json::object* place, std::uint32_t output,
                                       std::uint32_t content)
{
    const json::value* text = part.if_contains("text");
    const std::string came(text && text->is_string() ? fromJsonText(text->get_string()) : std::string_view());
    const std::string rest = m_texts.finish(m_review, output, content, came);
    if (!rest.empty()) {
        json::object delta = {{"type", kTextDelta},
                              {"output_index", output},
                              {"content_index", content},
                              {"delta", rest},
                              {"logprobs", json::array()}};
        const json::value* id = place ? place->if_contains("item_id") : nullptr;
        const auto item = m_items.find(output);
        delta["item_id"] = id ? *id : json::value(item != m_items.end() ? toJsonText(item->second.id) : "");
        pushMade(kTextDelta, delta);
    }
    if (m_texts.sent(output, content) == came)
        return false;
    replacePartText(part, m_texts.sent(output, content));
    return true;
}

/// The texts of a message. Without an output it was not seen in the stream, and is judged by itself.
bool ResponsesStreamEditor::editItem(json::object& item, std::optional<std::uint32_t> output)
{
    const json::value* type = item.if_contains("type");
    json::array* parts = type && *type == "message" ? arrayAt(item, "content") : nullptr;
    bool isChanged = false;
    for (std::uint32_t i = 0; parts && i < parts->size(); ++i) {
        json::object* part = (*parts)[i].if_object();
        if (!part || !isTextPart(*part))
            continue;
        if (output) {
            isChanged |= finishPart(*part, nullptr, *output, i);
            continue;
        }
        const json::value* text = part->if_contains("text");
        if (!text || !text->is_string())
            continue;
        EditedText edited(0, m_texts.newNumber());
        std::string left = edited.add(m_review, fromJsonText(text->get_string()));
        left += edited.finish(m_review);
        if (left == fromJsonText(text->get_string()))
            continue;
        replacePartText(*part, left);
        isChanged = true;
    }
    return isChanged;
}

/// Which item of the stream one of a response's output is.
std::optional<std::uint32_t> ResponsesStreamEditor::outputOf(const json::object& item, std::uint32_t place) const
{
    const Result<std::string_view> id = stringAt(item, "id");
    const auto same =
        std::ranges::find_if(m_items, [&](const auto& entry) { return id && !id->empty() && entry.second.id == *id; });
    if (same != m_items.end())
        return same->first;
    const auto atPlace = m_items.find(place);
    const bool hasNoId = atPlace != m_items.end() && (atPlace->second.id.empty() || (id && id->empty()));
    return hasNoId && *item.if_contains("type") == toJsonText(atPlace->second.type) ? std::optional(place)
                                                                                    : std::nullopt;
}

/// The call judged before that this item is, or a new one.
Result<std::size_t> ResponsesStreamEditor::callOfOutput(const json::object& item, Executor executor)
{
    const auto number = static_cast<std::uint32_t>(m_calls.size());
    Result<ItemCall> call = readItemCall(item, executor, kUnannounced + number);
    if (!call)
        return call.error();
    const auto same = std::ranges::find_if(m_calls, [&](const ItemCall& known) {
        return known.guarded.id == call->guarded.id && known.guarded.name == call->guarded.name &&
               known.guarded.arguments == call->guarded.arguments &&
               known.guarded.isFreeText == call->guarded.isFreeText;
    });
    if (same != m_calls.end())
        return static_cast<std::size_t>(same - m_calls.begin());
    m_calls.push_back(std::move(*call));
    return std::size_t{number};
}

Result<void> ResponsesStreamEditor::readResponse(EditedEvent event, std::string_view type, json::object& content)
{
    json::object* response = objectAt(content, "response");
    if (!response || responseHidesCall(*response))
        return cannotJudge("a call stands where none may be", type);
    std::vector<std::optional<std::size_t>> calls;
    bool isChanged = false;
    json::array* output = arrayAt(*response, "output");
    for (std::uint32_t i = 0; output && i < output->size(); ++i) {
        json::object* item = (*output)[i].if_object();
        const Result<std::string_view> itemType = item ? stringAt(*item, "type") : std::string_view();
        if (!itemType || itemType->empty())
            return cannotJudge("an item does not say its type", type);
        calls.emplace_back();
        if (executorOfItem(*itemType) == Executor::Client) {
            const Result<std::size_t> call = callOfOutput(*item, Executor::Client);
            if (!call)
                return call.error();
            calls.back() = *call;
        } else if (membersHoldCall(*item, {})) {
            return cannotJudge("a call stands inside of an item", *itemType);
        } else if (m_editsText) {
            isChanged |= editItem(*item, outputOf(*item, i));
        }
    }
    if (Result<void> ended = endResponse(type); !ended)
        return ended;
    if (isChanged) {
        response->erase("output_text");
        change(event, type, content);
    }
    m_outputs.push_back(std::move(calls));
    push(std::move(event), WholeResponse, static_cast<std::uint32_t>(m_outputs.size() - 1));
    return {};
}

/// A reply that failed leaves calls unfinished: they will not leave.
Result<void> ResponsesStreamEditor::endResponse(std::string_view type)
{
    const bool isComplete = type == "response.completed" || type == "response.done";
    if (!isComplete && type != "response.failed" && type != "response.incomplete" && type != "response.cancelled")
        return {};
    for (auto& [output, item] : m_items) {
        if (!item.call || item.isDone)
            continue;
        if (isComplete)
            return cannotJudge("it is complete before a call is", type);
        item.isAbandoned = true;
    }
    return {};
}

bool ResponsesStreamEditor::isKnown(const std::vector<std::optional<std::size_t>>& calls)
{
    bool all = true;
    for (const std::optional<std::size_t>& call : calls)
        all &= !call || m_calls[*call].guarded.ask(m_review);
    return all;
}

Result<void> ResponsesStreamEditor::drain(EditedReply& out)
{
    while (!isQueueEmpty()) {
        if (front().role == CallPart && m_guardsTools) {
            Item& item = m_items.at(front().index);
            ItemCall& call = m_calls[*item.call];
            if (!item.isAbandoned && (!item.isDone || !call.guarded.ask(m_review)))
                return {};
            const bool isBlocked = !item.isAbandoned && call.guarded.isBlocked();
            if (isBlocked && !std::exchange(item.isNoticeOut, true))
                writeNoticeEvents(call, front().index, out);
            Queued queued = takeFront();
            if (item.isAbandoned || isBlocked)
                queued.event.drop();
            queued.event.write(out);
            continue;
        }
        if (front().role == WholeResponse && m_guardsTools && !isKnown(m_outputs[front().index]))
            return {};
        Queued queued = takeFront();
        if (queued.role == WholeResponse) {
            if (Result<void> rewritten = rewriteResponse(queued); !rewritten)
                return rewritten;
        }
        queued.event.write(out);
    }
    m_argumentBytes = 0;
    return {};
}

Result<void> ResponsesStreamEditor::rewriteResponse(Queued& queued)
{
    const auto& calls = m_outputs[queued.index];
    const auto isBlocked = [this](const std::optional<std::size_t>& call) {
        return call && m_calls[*call].guarded.isBlocked();
    };
    if (std::ranges::none_of(calls, isBlocked))
        return {};
    Result<json::value> content = parseStrictJson(queued.event.data());
    if (!content)
        return content.error();
    json::array& output = *arrayAt(*objectAt(content->get_object(), "response"), "output");
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (isBlocked(calls[i]))
            output[i] = noticeItem(m_calls[*calls[i]]);
    }
    const std::string type(*stringAt(content->get_object(), "type"));
    change(queued.event, type, content->get_object());
    return {};
}

} // namespace

std::unique_ptr<ReplyEditor> makeOpenAiResponsesStreamEditor(ReplyReview& review)
{
    return std::make_unique<ResponsesStreamEditor>(review);
}

} // namespace luthien::protocol
