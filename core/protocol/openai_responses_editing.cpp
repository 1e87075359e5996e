// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_responses_editing.h"

#include "base/strict_json.h"
#include "protocol/openai_responses_read.h"

#include <algorithm>
#include <array>

namespace luthien::protocol::openai_responses {

namespace json = boost::json;
using conversation::Executor;

namespace {

constexpr std::array<const char*, 7> kArgumentNames = {"arguments", "input", "action", "actions",
                                                       "operation", "code",  "queries"};

bool isClientCall(const json::object& object)
{
    const json::value* type = object.if_contains("type");
    return type && type->is_string() && executorOfItem(fromJsonText(type->get_string())) == Executor::Client;
}

/// What a call is to do: a text, or the JSON of what stands for the arguments; of a kind nobody knows the whole item.
/// Errors: a call the client runs says it under two names, and which one counts is the client's to choose.
Result<std::string> argumentsOf(const json::object& item, std::string_view type, Executor executor)
{
    const json::value* found = nullptr;
    for (const char* name : kArgumentNames) {
        const json::value* value = item.if_contains(name);
        if (!value || value->is_null())
            continue;
        if (found && executor == Executor::Client)
            return cannotJudge("a call brings its arguments twice", name);
        found = found ? found : value;
    }
    if (!found)
        return executorOf(type) ? std::string() : json::serialize(item);
    return found->is_string() ? std::string(fromJsonText(found->get_string())) : json::serialize(*found);
}

json::object textPart(std::string_view text)
{
    return {{"type", "output_text"},
            {"text", toJsonText(text)},
            {"annotations", json::array()},
            {"logprobs", json::array()}};
}

json::object messageItem(const std::string& id, std::string_view status, json::array content)
{
    return {{"id", id},
            {"type", "message"},
            {"status", toJsonText(status)},
            {"role", "assistant"},
            {"content", std::move(content)}};
}

} // namespace

std::optional<Executor> executorOfItem(std::string_view type) noexcept
{
    const auto known = executorOf(type);
    return known || !type.ends_with("_call") ? known : Executor::Client;
}

bool membersHoldCall(const json::object& parent, std::string_view except)
{
    return std::ranges::any_of(parent, [except](const json::key_value_pair& member) {
        return fromJsonText(member.key()) != except && anyObject(member.value(), "arguments", isClientCall);
    });
}

bool responseHidesCall(const json::object& response)
{
    return std::ranges::any_of(response, [](const json::key_value_pair& member) {
        const json::string_view key = member.key();
        const bool isAside = (key == "output" && member.value().is_array()) || key == "input" ||
                             key == "instructions" || key == "prompt";
        return !isAside && anyObject(member.value(), "arguments", isClientCall);
    });
}

Result<ItemCall> readItemCall(const json::object& item, Executor executor, std::uint32_t block)
{
    const Result<std::string_view> type = stringAt(item, "type");
    const Result<std::string_view> id = stringAt(item, "id");
    const Result<std::string_view> callId = stringAt(item, "call_id");
    const Result<std::string_view> name = stringAt(item, "name");
    if (!type || !id || !callId || !name)
        return cannotJudge("a call's id or name is no text", "output");
    Result<std::string> arguments = argumentsOf(item, *type, executor);
    if (!arguments)
        return arguments.error();
    const Item names{.type = *type, .name = *name};
    ItemCall call;
    call.guarded = {.block = block,
                    .executor = executor,
                    .isFreeText = *type == "custom_tool_call",
                    .id = std::string(callId->empty() ? *id : *callId),
                    .name = std::string(toolNameOf(names)),
                    .arguments = std::move(*arguments)};
    // Ids say what they name: fc_1 becomes msg_1.
    const std::string& own = id->empty() ? call.guarded.id : std::string(*id);
    const std::size_t prefix = own.find('_');
    call.noticeId = "msg_" + (own.empty()                   ? std::to_string(block)
                              : prefix == std::string::npos ? own
                                                            : own.substr(prefix + 1));
    return call;
}

std::optional<std::string> streamedText(const json::object& item)
{
    const json::value* text = item.if_contains("arguments");
    if (!text)
        text = item.if_contains("input");
    if (const json::value* operation = item.if_contains("operation"); !text && operation && operation->is_object())
        text = operation->get_object().if_contains("diff");
    return text && text->is_string() ? std::optional<std::string>(fromJsonText(text->get_string())) : std::nullopt;
}

std::optional<std::string> streamedText(std::string_view type, std::string_view arguments)
{
    if (type == "function_call" || type == "custom_tool_call")
        return std::string(arguments);
    if (type != "apply_patch_call")
        return std::nullopt;
    Result<json::value> operation = parseStrictJson(arguments);
    return operation ? streamedText(json::object{{"operation", std::move(*operation)}}) : std::nullopt;
}

Result<void> replaceArguments(json::object& item, const GuardedCall& call)
{
    for (const char* name : kArgumentNames) {
        json::value* value = item.if_contains(name);
        if (!value || value->is_null())
            continue;
        if (value->is_string()) {
            *value = toJsonText(*call.newArguments());
            return {};
        }
        Result<json::value> arguments = parseStrictJson(*call.newArguments());
        if (!arguments)
            return arguments.error();
        *value = std::move(*arguments);
        return {};
    }
    return cannotJudge("there is no place for a call's new arguments", call.name);
}

Result<bool> replaceArguments(json::object& event, std::string_view type, const GuardedCall& call, bool isFirst)
{
    if (json::object* item = objectAt(event, "item")) {
        const bool isDone = type.ends_with(".done");
        const bool hasPlace = std::ranges::any_of(kArgumentNames, [item](const char* name) {
            const json::value* value = item->if_contains(name);
            return value && !value->is_null();
        });
        if (Result<void> replaced = hasPlace || isDone ? replaceArguments(*item, call) : Result<void>(); !replaced)
            return replaced.error();
        json::object* operation = objectAt(*item, "operation"); // the rest of it does not come by deltas
        for (const char* name : {"arguments", "input", "diff"}) {
            json::value* text = isDone ? nullptr : (operation ? operation : item)->if_contains(name);
            if (text && text->is_string())
                *text = ""; // comes by deltas
        }
        return true;
    }
    const std::string_view name = type.substr(std::string_view("response.").size());
    const auto streamed =
        streamedText(name.substr(0, name.find("_call") + std::string_view("_call").size()), *call.newArguments());
    if (!streamed || (type.ends_with(".delta") && !isFirst))
        return false;
    for (const char* member : {"delta", "arguments", "input", "diff"}) {
        if (json::value* text = event.if_contains(member))
            *text = toJsonText(*streamed);
    }
    event.erase("obfuscation"); // it hid the length of what came
    return true;
}

KeptAs keptAs(const json::object& response)
{
    KeptAs kept;
    const json::value* conversation = response.if_contains("conversation");
    const json::object* object = conversation ? conversation->if_object() : nullptr;
    if (const Result<std::string_view> id = object ? stringAt(*object, "id") : std::string_view())
        kept.conversationId = *id;
    const json::value* store = response.if_contains("store");
    const bool isStored = !store || !store->is_bool() || store->get_bool();
    if (const Result<std::string_view> id = stringAt(response, "id"); id && (isStored || !kept.conversationId.empty()))
        kept.responseId = *id;
    return kept;
}

json::object noticeItem(const ItemCall& call)
{
    return messageItem(call.noticeId, "completed", {textPart(call.guarded.answer->notice)});
}

void writeNoticeEvents(const ItemCall& call, std::uint32_t outputIndex, EditedReply& out)
{
    const json::string_view notice = toJsonText(call.guarded.answer->notice);
    // sequence_number is left out: no client misses it, and there are too few of them for these events.
    const auto write = [&](const char* type, json::object event) {
        event["type"] = type;
        event["output_index"] = outputIndex;
        EditedEvent::made(type, json::serialize(event)).write(out);
    };
    const auto writePart = [&](const char* type, json::object event) {
        event["item_id"] = call.noticeId;
        event["content_index"] = 0;
        write(type, std::move(event));
    };
    write("response.output_item.added", {{"item", messageItem(call.noticeId, "in_progress", {})}});
    writePart("response.content_part.added", {{"part", textPart("")}});
    writePart("response.output_text.delta", {{"delta", notice}, {"logprobs", json::array()}});
    writePart("response.output_text.done", {{"text", notice}, {"logprobs", json::array()}});
    writePart("response.content_part.done", {{"part", textPart(fromJsonText(notice))}});
    write("response.output_item.done", {{"item", noticeItem(call)}});
}

bool isTextPart(const json::object& part)
{
    const json::value* type = part.if_contains("type");
    return type && (*type == "output_text" || *type == "text");
}

void forgetTokens(json::object& part)
{
    for (const char* name : {"annotations", "logprobs"}) {
        if (json::value* list = part.if_contains(name))
            *list = json::array();
    }
}

void endHere(json::object& response)
{
    json::value* status = response.if_contains("status");
    if (!status || *status != "incomplete")
        return;
    *status = "completed";
    if (json::value* details = response.if_contains("incomplete_details"))
        *details = nullptr;
}

void forEachThought(const json::object& item, const std::function<void(std::uint32_t, std::string_view)>& each)
{
    std::uint32_t index = 0;
    for (const char* name : {"summary", "content"}) {
        const json::value* list = item.if_contains(name);
        for (std::size_t i = 0; list && list->is_array() && i < list->get_array().size(); ++i, ++index) {
            const json::object* part = list->get_array()[i].if_object();
            const json::value* text = part ? part->if_contains("text") : nullptr;
            if (text && text->is_string() && !text->get_string().empty())
                each(index, fromJsonText(text->get_string()));
        }
    }
}

EditedTexts::Text& EditedTexts::at(std::uint32_t output, std::uint32_t content)
{
    const auto number = static_cast<std::uint32_t>(m_texts.size());
    const auto [found, isNew] = m_numbers.try_emplace({output, content}, number);
    if (isNew)
        m_texts.push_back({.output = output, .content = content, .edited = EditedText(0, number)});
    return m_texts[found->second];
}

const EditedTexts::Text* EditedTexts::find(std::uint32_t output, std::uint32_t content) const
{
    const auto found = m_numbers.find({output, content});
    return found == m_numbers.end() ? nullptr : &m_texts[found->second];
}

std::string EditedTexts::add(std::uint32_t output, std::uint32_t content, std::string_view part)
{
    Text& text = at(output, content);
    text.hasDeltas = true;
    std::string left = text.edited.add(m_review, part);
    text.sent += left;
    return left;
}

std::optional<std::uint32_t> EditedTexts::finish(std::uint32_t output, std::uint32_t content, std::string_view came)
{
    Text& text = at(output, content);
    if (std::exchange(text.hasEnded, true))
        return std::nullopt;
    if (!text.hasDeltas && !came.empty())
        text.sent = text.edited.add(m_review, came);
    ask(text);
    const bool mustLeave = text.isWaiting || (text.hasDeltas && !text.rest.empty());
    return mustLeave ? std::optional(m_numbers.at({output, content})) : std::nullopt;
}

void EditedTexts::ask(Text& text)
{
    const std::size_t before = text.rest.size();
    text.isWaiting = !text.edited.finish(m_review, text.rest);
    text.sent += std::string_view(text.rest).substr(before);
}

void EditedTexts::askAgain()
{
    for (Text& text : m_texts) {
        if (text.isWaiting)
            ask(text);
    }
}

void EditedTexts::abandon()
{
    for (Text& text : m_texts) {
        if (text.edited.isFinished())
            continue;
        text.edited = EditedText(0, 0);
        text.rest.clear();
        text.isWaiting = false;
        text.hasEnded = true;
    }
}

std::optional<json::object> EditedTexts::takeRest(std::uint32_t number)
{
    Text& text = m_texts[number];
    const std::string rest = std::exchange(text.rest, {});
    if (rest.empty() || !text.hasDeltas)
        return std::nullopt;
    return json::object{{"type", "response.output_text.delta"},
                        {"output_index", text.output},
                        {"content_index", text.content},
                        {"delta", rest},
                        {"logprobs", json::array()}};
}

const std::string& EditedTexts::sent(std::uint32_t output, std::uint32_t content) const
{
    return find(output, content)->sent;
}

bool EditedTexts::isSame(std::uint32_t output, std::uint32_t content, std::string_view came) const
{
    const Text* text = find(output, content);
    return text && !text->isWaiting && text->sent == came;
}

bool EditedTexts::isChanged(std::uint32_t output, std::uint32_t content) const
{
    const Text* text = find(output, content);
    return text && text->edited.isChanged();
}

std::size_t EditedTexts::heldBytes() const noexcept
{
    std::size_t bytes = 0;
    for (const Text& text : m_texts)
        bytes += text.edited.heldBytes() + (text.isWaiting ? text.rest.size() : 0);
    return bytes;
}

} // namespace luthien::protocol::openai_responses
