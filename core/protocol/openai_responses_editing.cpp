// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_responses_editing.h"

#include "protocol/openai_responses_read.h"

#include <algorithm>

namespace luthien::protocol::openai_responses {

namespace json = boost::json;
using conversation::Executor;
using conversation::ReplyReview;

namespace {

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
    for (const char* name : {"arguments", "input", "action", "actions", "operation", "code", "queries"}) {
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

void replacePartText(json::object& part, std::string_view text)
{
    part["text"] = toJsonText(text);
    for (const char* name : {"annotations", "logprobs"}) {
        if (json::value* list = part.if_contains(name))
            *list = json::array();
    }
}

EditedTexts::Text& EditedTexts::at(Key key)
{
    const auto found = m_texts.find(key);
    return found != m_texts.end() ? found->second
                                  : m_texts.emplace(key, Text{EditedText(0, newNumber()), {}, false}).first->second;
}

std::string EditedTexts::add(ReplyReview& review, std::uint32_t output, std::uint32_t content, std::string_view part)
{
    Text& text = at({output, content});
    text.hasBegun = true;
    std::string left = text.edited.add(review, part);
    text.sent += left;
    return left;
}

std::string EditedTexts::finish(ReplyReview& review, std::uint32_t output, std::uint32_t content, std::string_view came)
{
    Text& text = at({output, content});
    if (text.edited.isFinished())
        return {};
    std::string rest;
    if (!text.hasBegun && !came.empty()) // no delta came: clients that read those alone see it, too
        rest = text.edited.add(review, came);
    rest += text.edited.finish(review);
    text.sent += rest;
    return rest;
}

const std::string& EditedTexts::sent(std::uint32_t output, std::uint32_t content) const
{
    return m_texts.at({output, content}).sent;
}

bool EditedTexts::isChanged(std::uint32_t output, std::uint32_t content) const
{
    const auto found = m_texts.find({output, content});
    return found != m_texts.end() && found->second.edited.isChanged();
}

std::size_t EditedTexts::heldBytes() const noexcept
{
    std::size_t bytes = 0;
    for (const auto& [key, text] : m_texts)
        bytes += text.edited.heldBytes();
    return bytes;
}

} // namespace luthien::protocol::openai_responses
