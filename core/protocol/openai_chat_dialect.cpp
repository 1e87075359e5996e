// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_write.h"
#include "protocol/openai_chat.h"
#include "protocol/openai_error.h"
#include "protocol/sse_parser.h"

#include <algorithm>

namespace luthien::protocol::openai_chat {

using namespace conversation;
namespace json = boost::json;

namespace {

/// The choice the change belongs to; without an index its place counts.
json::object* choiceFor(json::object& chunk, std::uint32_t number)
{
    json::array* choices = arrayAt(chunk, "choices");
    if (!choices)
        return nullptr;
    for (std::size_t i = 0; i < choices->size(); ++i) {
        json::object* choice = (*choices)[i].if_object();
        if (!choice)
            continue;
        const json::value* index = choice->if_contains("index");
        const std::int64_t own = index && index->is_int64() ? index->get_int64() : static_cast<std::int64_t>(i);
        if (own == number)
            return choice;
    }
    return nullptr;
}

/// The part with that member, if there is exactly one.
json::object* onlyPartWith(json::array& parts, std::string_view name)
{
    json::object* only = nullptr;
    for (json::value& each : parts) {
        json::object* part = each.if_object();
        if (!part || !part->contains(toJsonText(name)))
            continue;
        if (only)
            return nullptr;
        only = part;
    }
    return only;
}

/// Content in parts (Mistral) can be edited if there is only one text in it.
bool editParts(json::array& parts, std::string_view text)
{
    json::object* only = onlyPartWith(parts, "text");
    return only && replaceText(*only, "text", text);
}

bool editText(json::object& delta, const StreamEvent& changed)
{
    if (changed.isRefusal)
        return replaceText(delta, "refusal", changed.text);
    json::array* parts = arrayAt(delta, "content");
    return parts ? editParts(*parts, changed.text) : replaceText(delta, "content", changed.text);
}

bool editThinking(json::object& delta, std::string_view text)
{
    bool isEdited = false;
    for (const char* name : {"reasoning_content", "reasoning"}) {
        const json::value* value = delta.if_contains(name);
        if (value && value->is_string() && !value->get_string().empty())
            isEdited = replaceText(delta, name, text);
    }
    if (isEdited)
        return true;
    json::array* parts = arrayAt(delta, "content"); // Mistral
    json::object* only = parts ? onlyPartWith(*parts, "thinking") : nullptr;
    if (!only)
        return false;
    json::array* thoughts = arrayAt(*only, "thinking");
    return thoughts ? editParts(*thoughts, text) : replaceText(*only, "thinking", text);
}

/// The call in a delta: the only one, or the one of that id.
json::object* callFor(json::object& delta, std::string_view id)
{
    if (json::object* legacy = objectAt(delta, "function_call"))
        return legacy;
    json::array* calls = arrayAt(delta, "tool_calls");
    if (!calls)
        return nullptr;
    for (json::value& each : *calls) {
        json::object* call = each.if_object();
        const json::value* own = call ? call->if_contains("id") : nullptr;
        if (call &&
            (calls->size() == 1 || (own && !id.empty() && own->is_string() && fromJsonText(own->get_string()) == id)))
            return call;
    }
    return nullptr;
}

bool editCall(json::object& call, const StreamEvent& changed)
{
    json::object* function = objectAt(call, "function");
    if (!function)
        function = objectAt(call, "custom");
    if (!function)
        function = &call; // function_call
    if (changed.kind == EventKind::ToolArgs)
        return replaceText(*function, function->contains("input") ? "input" : "arguments", changed.text);
    return (changed.id.empty() || replaceText(call, "id", changed.id)) &&
           (changed.name.empty() || replaceText(*function, "name", changed.name));
}

bool edit(json::object& chunk, const StreamEvent& changed)
{
    const bool isOfChoice = changed.kind == EventKind::Text || changed.kind == EventKind::Thinking ||
                            changed.kind == EventKind::ToolStart || changed.kind == EventKind::ToolArgs ||
                            changed.kind == EventKind::Stop;
    if (!isOfChoice)
        return true; // nothing in it can change
    json::object* choice = choiceFor(chunk, changed.choice);
    if (choice && changed.kind == EventKind::Stop) {
        (*choice)["finish_reason"] = toJsonText(changed.rawStopReason);
        return true;
    }
    json::object* delta = choice ? objectAt(*choice, "delta") : nullptr;
    if (!delta)
        return false;
    if (changed.kind == EventKind::Text)
        return editText(*delta, changed);
    if (changed.kind == EventKind::Thinking)
        return editThinking(*delta, changed.text);
    json::object* call = callFor(*delta, changed.id);
    return call && editCall(*call, changed);
}

class ChatDialect final : public Dialect
{
public:
    Api api() const noexcept override { return Api::OpenAiChat; }

    Result<RequestView> parseRequest(std::string_view path, std::string_view body) const override
    {
        return openai_chat::parseRequest(path, body);
    }
    Role parseMessage(std::string_view text, std::vector<Block>& blocks) const override
    {
        return openai_chat::parseMessage(text, blocks);
    }
    std::unique_ptr<StreamDecoder> makeDecoder() const override { return openai_chat::makeDecoder(); }
    std::unique_ptr<StreamDecoder> decodeBody(std::string_view body, std::vector<StreamEvent>& events) const override
    {
        return openai_chat::decodeBody(body, events);
    }

    std::string errorBody(unsigned httpStatus, std::string_view code, std::string_view message,
                          std::string_view) const override
    {
        return openai::errorObject(openai::errorTypeOf(httpStatus), code, message);
    }
    std::string errorEvent(std::string_view code, std::string_view message) const override
    {
        const char* type = openai::isPassing(code) ? "server_error" : "invalid_request_error";
        return sseEvent({}, openai::errorObject(type, code, message));
    }
    std::string_view keepalive() const noexcept override { return ": keepalive\n\n"; }

    Result<std::string> encode(std::string_view type, std::string_view originalData,
                               const StreamEvent& changed) const override
    {
        if (originalData == "[DONE]")
            return sseEvent(type, originalData);
        Result<json::object> chunk = parseObject(originalData);
        if (!chunk)
            return chunk.error();
        if (!edit(*chunk, changed))
            return cannotEdit("chat.completion.chunk");
        return sseEvent(type, json::serialize(*chunk));
    }
};

} // namespace

const Dialect& dialect() noexcept
{
    static const ChatDialect instance;
    return instance;
}

} // namespace luthien::protocol::openai_chat
