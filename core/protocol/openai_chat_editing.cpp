// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_chat_editing.h"

#include <algorithm>

namespace luthien::protocol::openai_chat {

namespace json = boost::json;

namespace {

bool isNothing(const json::value& value)
{
    return value.is_null() || (value.is_array() && value.get_array().empty()) ||
           (value.is_object() && value.get_object().empty());
}

bool isCallMember(const json::key_value_pair& member)
{
    return (member.key() == "tool_calls" || member.key() == "function_call") && !member.value().is_primitive() &&
           !isNothing(member.value());
}

/// Parts of content in other APIs' words.
bool isCallPart(const json::object& object)
{
    const json::value* type = object.if_contains("type");
    const std::string_view word = type && type->is_string() ? fromJsonText(type->get_string()) : std::string_view();
    return word == "tool_use" || word == "tool_call" || word == "function_call" || word == "custom_tool_call";
}

/// True if an object in there holds calls.
bool holdsCall(const json::value& value)
{
    return anyObject(value, "arguments", [](const json::object& object) {
        return isCallPart(object) || std::ranges::any_of(object, isCallMember);
    });
}

bool isOrHoldsCall(const json::key_value_pair& member)
{
    return isCallMember(member) || holdsCall(member.value());
}

bool choiceHidesCall(const json::object& choice, std::string_view placeOfCalls)
{
    return std::ranges::any_of(choice, [placeOfCalls](const json::key_value_pair& member) {
        const json::object* place = fromJsonText(member.key()) == placeOfCalls ? member.value().if_object() : nullptr;
        return !place ? isOrHoldsCall(member) : std::ranges::any_of(*place, [](const json::key_value_pair& inner) {
            return !isCallMember(inner) && holdsCall(inner.value());
        });
    });
}

/// {"name","arguments"} of functions, {"name","input"} of custom tools. Errors: other forms.
Result<void> readFunction(const json::object& function, CallPart& part)
{
    const Result<std::string_view> name = stringAt(function, "name");
    const Result<std::string_view> arguments = stringAt(function, "arguments");
    const Result<std::string_view> input = stringAt(function, "input");
    if (!name || !arguments || !input)
        return cannotJudge("a call's name or arguments are no text", "tool_calls");
    if (!arguments->empty() && !input->empty())
        return cannotJudge("a call brings its arguments twice", "tool_calls");
    part.name = *name;
    part.arguments = input->empty() ? *arguments : *input;
    return {};
}

const GuardedCall* callAt(std::uint32_t index, std::uint32_t choice, const std::vector<GuardedCall>& calls)
{
    const auto found = std::ranges::find_if(
        calls, [&](const GuardedCall& call) { return call.choice == choice && call.block == index; });
    return found == calls.end() ? nullptr : &*found;
}

std::int64_t goneBefore(std::uint32_t index, std::uint32_t choice, const std::vector<GuardedCall>& calls)
{
    return std::ranges::count_if(
        calls, [&](const GuardedCall& call) { return call.choice == choice && call.block < index && call.isGone(); });
}

/// Puts new arguments, if there are any, under that name. False = they stood in an earlier piece already.
bool putText(json::object& parent, std::string_view name, const GuardedCall& call,
             const std::function<bool(const GuardedCall&)>& isFirst)
{
    const std::string* arguments = call.newArguments();
    if (!arguments)
        return true;
    if (!isFirst(call))
        return false;
    parent[toJsonText(name)] = toJsonText(*arguments);
    return true;
}

bool putArguments(json::object& piece, const GuardedCall& call, const std::function<bool(const GuardedCall&)>& isFirst)
{
    json::object* custom = objectAt(piece, "custom");
    json::object* body = custom ? custom : objectAt(piece, "function");
    return !body || putText(*body, custom ? "input" : "arguments", call, isFirst);
}

} // namespace

Result<CallPart> readCallPart(const json::object& call, std::optional<std::uint32_t> place)
{
    CallPart part;
    const Result<std::uint32_t> index = place ? Result<std::uint32_t>(*place) : indexAt(call, "index");
    const Result<std::string_view> id = stringAt(call, "id");
    if (!index || !id)
        return index ? id.error() : index.error();
    part.index = *index;
    part.id = *id;
    const json::value* function = call.if_contains("function");
    const json::value* custom = call.if_contains("custom");
    part.isFreeText = custom && !custom->is_null();
    if (part.isFreeText && function && !function->is_null())
        return cannotJudge("a call is two calls", "tool_calls");
    const json::value* body = part.isFreeText ? custom : function;
    if (!body || body->is_null()) {
        // Only a stream's later pieces may bring nothing.
        const bool isOfAnotherKind =
            place || call.contains("name") || call.contains("arguments") || call.contains("input");
        return isOfAnotherKind ? Result<CallPart>(cannotJudge("a call is of no kind we know", "tool_calls")) : part;
    }
    if (!body->is_object())
        return cannotJudge("a call is no object", "tool_calls");
    if (Result<void> read = readFunction(body->get_object(), part); !read)
        return read.error();
    return part;
}

Result<void> forEachCall(const json::object& parent, bool isWhole,
                         const std::function<Result<void>(const CallPart&)>& each)
{
    const json::value* calls = parent.if_contains("tool_calls");
    const json::array* list = calls ? calls->if_array() : nullptr;
    if (calls && !calls->is_null() && !list)
        return cannotJudge("the calls are no list", "tool_calls");
    for (std::uint32_t place = 0; list && place < list->size(); ++place) {
        const json::object* call = (*list)[place].if_object();
        if (!call)
            return cannotJudge("a call is no object", "tool_calls");
        const Result<CallPart> part = readCallPart(*call, isWhole ? std::optional(place) : std::nullopt);
        if (!part)
            return part.error();
        if (Result<void> done = each(*part); !done)
            return done;
    }
    const json::value* legacy = parent.if_contains("function_call");
    if (!legacy || legacy->is_null())
        return {};
    CallPart part{.index = kLegacyCall};
    if (!legacy->is_object())
        return cannotJudge("a call is no object", "function_call");
    if (Result<void> read = readFunction(legacy->get_object(), part); !read)
        return read;
    return part.name.empty() && part.arguments.empty() ? Result<void>() : each(part);
}

bool hidesCall(const json::object& chunk, std::string_view placeOfCalls)
{
    for (const json::key_value_pair& member : chunk) {
        const json::array* choices = member.key() == "choices" ? member.value().if_array() : nullptr;
        if (!choices && isOrHoldsCall(member))
            return true;
        for (std::size_t i = 0; choices && i < choices->size(); ++i) {
            const json::object* choice = (*choices)[i].if_object();
            if (choice && choiceHidesCall(*choice, placeOfCalls))
                return true;
        }
    }
    return false;
}

void carryOutCalls(json::object& parent, std::uint32_t choice, const std::vector<GuardedCall>& calls, Form form,
                   const std::function<bool(const GuardedCall&)>& isFirst)
{
    if (json::array* list = arrayAt(parent, "tool_calls"); list && !list->empty()) {
        json::array left;
        for (std::uint32_t place = 0; place < list->size(); ++place) {
            json::object& piece = (*list)[place].get_object();
            json::value* own = piece.if_contains("index");
            // As it was read: a whole message's calls are numbered by their places, whatever they say.
            const auto index = own && form == Form::Pieces ? static_cast<std::uint32_t>(own->get_int64()) : place;
            const GuardedCall* call = callAt(index, choice, calls);
            if (call && (call->isGone() || !putArguments(piece, *call, isFirst)))
                continue;
            if (own)
                *own = index - goneBefore(index, choice, calls);
            left.push_back(std::move(piece));
        }
        if (left.empty())
            parent.erase("tool_calls");
        else
            *list = std::move(left);
    }
    json::object* legacy = objectAt(parent, "function_call");
    const GuardedCall* call = legacy ? callAt(kLegacyCall, choice, calls) : nullptr;
    if (call && (call->isGone() || !putText(*legacy, "arguments", *call, isFirst)))
        parent.erase("function_call");
}

void forEachThought(const json::object& parent, const std::function<void(std::string_view)>& each)
{
    const auto show = [&each](const json::value* text) {
        const bool isText = text && text->is_string() && !text->get_string().empty();
        if (isText)
            each(fromJsonText(text->get_string()));
        return isText;
    };
    // Some servers write the same thought under both names.
    if (!show(parent.if_contains("reasoning_content")))
        (void)show(parent.if_contains("reasoning"));
    const json::value* content = parent.if_contains("content");
    const json::array* parts = content ? content->if_array() : nullptr;
    for (std::size_t i = 0; parts && i < parts->size(); ++i) {
        const json::object* part = (*parts)[i].if_object();
        const json::value* thinking = part ? part->if_contains("thinking") : nullptr;
        const json::array* texts = thinking ? thinking->if_array() : nullptr;
        (void)show(thinking);
        for (std::size_t j = 0; texts && j < texts->size(); ++j) {
            const json::object* text = (*texts)[j].if_object();
            (void)show(text ? text->if_contains("text") : nullptr);
        }
    }
}

void appendContent(json::object& parent, std::string_view text)
{
    json::value& content = parent["content"];
    if (content.is_array())
        content.get_array().push_back({{"type", "text"}, {"text", toJsonText(text)}});
    else if (content.is_string())
        content.get_string().append(toJsonText(text));
    else
        content = toJsonText(text);
}

bool hasContent(const json::object& parent)
{
    const json::value* content = parent.if_contains("content");
    return content && !isNothing(*content) && !(content->is_string() && content->get_string().empty());
}

bool hasBlocked(std::uint32_t choice, const std::vector<GuardedCall>& calls)
{
    return std::ranges::any_of(calls,
                               [&](const GuardedCall& call) { return call.choice == choice && call.isBlocked(); });
}

bool isTouched(std::uint32_t choice, const std::vector<GuardedCall>& calls)
{
    return std::ranges::any_of(calls, [&](const GuardedCall& call) {
        return call.choice == choice && (call.isGone() || call.newArguments() != nullptr);
    });
}

void fitFinishReason(json::object& choice, std::uint32_t number, const std::vector<GuardedCall>& calls)
{
    json::value* reason = choice.if_contains("finish_reason");
    if (!reason || !reason->is_string() || !hasBlocked(number, calls))
        return;
    const bool saysCalls = reason->get_string() == "tool_calls" || reason->get_string() == "function_call";
    const auto isOwn = [&](const GuardedCall& call) { return call.choice == number; };
    const auto endsHere = [&](const GuardedCall& call) {
        return isOwn(call) && call.isBlocked() && call.answer->onBlock == conversation::OnBlock::End;
    };
    const bool isAnyLeft =
        std::ranges::any_of(calls, [&](const GuardedCall& call) { return isOwn(call) && !call.isGone(); });
    if (!isAnyLeft && (saysCalls || std::ranges::any_of(calls, endsHere)))
        *reason = "stop";
}

std::string noticesOf(std::uint32_t choice, const std::vector<GuardedCall>& calls)
{
    std::vector<const GuardedCall*> own;
    for (const GuardedCall& call : calls) {
        if (call.choice == choice)
            own.push_back(&call);
    }
    return joinedNotices(own);
}

} // namespace luthien::protocol::openai_chat
