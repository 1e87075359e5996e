// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace luthien::conversation {

namespace {

namespace json = boost::json;

constexpr std::array kKinds = {BlockKind::Text,  BlockKind::Thinking, BlockKind::ToolUse, BlockKind::ToolResult,
                               BlockKind::Image, BlockKind::Document, BlockKind::Opaque};
constexpr std::array kExecutors = {Executor::Client, Executor::Server, Executor::Mcp};

json::string_view view(std::string_view text)
{
    return {text.data(), text.size()};
}

/// Members that say nothing (empty, false, zero) are left out: most blocks are kind and text.
json::object toValue(const Block& block)
{
    json::object object;
    object["kind"] = view(blockKindName(block.kind));
    if (block.choice != 0)
        object["choice"] = block.choice;
    if (block.executor != Executor::Client)
        object["executor"] = view(executorName(block.executor));
    if (block.isError)
        object["is_error"] = true;
    if (block.isRefusal)
        object["is_refusal"] = true;
    if (!block.id.empty())
        object["id"] = view(block.id);
    if (!block.name.empty())
        object["name"] = view(block.name);
    object["text"] = view(block.text);
    return object;
}

json::object toValue(const Usage& usage)
{
    json::object object;
    const auto put = [&object](const char* name, std::optional<std::int64_t> count) {
        if (count)
            object[name] = *count;
    };
    put("input", usage.input);
    put("output", usage.output);
    put("cache_read", usage.cacheRead);
    put("cache_write", usage.cacheWrite);
    put("reasoning", usage.reasoning);
    return object;
}

std::string textMember(const json::object& object, const char* name)
{
    const json::value* value = object.if_contains(name);
    const json::string* text = value ? value->if_string() : nullptr;
    return text ? std::string(text->data(), text->size()) : std::string();
}

bool flagMember(const json::object& object, const char* name)
{
    const json::value* value = object.if_contains(name);
    return value && value->is_bool() && value->get_bool();
}

std::optional<std::int64_t> countMember(const json::object& object, const char* name)
{
    const json::value* value = object.if_contains(name);
    if (!value || !value->is_int64())
        return std::nullopt;
    return value->get_int64();
}

template <typename Enum, std::size_t Size>
std::optional<Enum> fromName(const std::array<Enum, Size>& all, std::string_view (*nameOf)(Enum) noexcept,
                             std::string_view name)
{
    const auto found = std::ranges::find_if(all, [&](Enum each) { return nameOf(each) == name; });
    if (found == all.end())
        return std::nullopt;
    return *found;
}

std::optional<Block> toBlock(const json::value& value)
{
    const json::object* object = value.if_object();
    if (!object)
        return std::nullopt;
    const auto kind = fromName(kKinds, blockKindName, textMember(*object, "kind"));
    const std::string executor = textMember(*object, "executor");
    const auto who = executor.empty() ? Executor::Client : fromName(kExecutors, executorName, executor);
    if (!kind || !who)
        return std::nullopt;
    Block block;
    block.kind = *kind;
    block.choice = static_cast<std::uint32_t>(countMember(*object, "choice").value_or(0));
    block.executor = *who;
    block.isError = flagMember(*object, "is_error");
    block.isRefusal = flagMember(*object, "is_refusal");
    block.id = textMember(*object, "id");
    block.name = textMember(*object, "name");
    block.text = textMember(*object, "text");
    return block;
}

Usage toUsage(const json::object& object)
{
    return {.input = countMember(object, "input"),
            .output = countMember(object, "output"),
            .cacheRead = countMember(object, "cache_read"),
            .cacheWrite = countMember(object, "cache_write"),
            .reasoning = countMember(object, "reasoning")};
}

Error invalid(const char* what)
{
    return {ErrorCode::InvalidInput, std::string("A stored reply cannot be read: ") + what + ".", {}};
}

} // namespace

std::string toJson(const Response& response)
{
    json::object object;
    object["id"] = view(response.id);
    object["model"] = view(response.model);
    json::array& blocks = object["blocks"].emplace_array();
    for (const Block& block : response.blocks)
        blocks.push_back(toValue(block));
    object["stop_reason"] = view(stopReasonName(response.stopReason));
    object["raw_stop_reason"] = view(response.rawStopReason);
    json::array& reasons = object["raw_stop_reasons"].emplace_array();
    for (const std::string& reason : response.rawStopReasons)
        reasons.push_back(json::string(view(reason)));
    object["usage"] = toValue(response.usage);
    object["error"] = view(response.error);
    return json::serialize(object);
}

Result<Response> responseFromJson(std::string_view text)
{
    boost::system::error_code error;
    const json::value value = json::parse(view(text), error);
    const json::object* object = error ? nullptr : value.if_object();
    if (!object)
        return invalid("not a JSON object");
    Response response;
    response.id = textMember(*object, "id");
    response.model = textMember(*object, "model");
    const json::value* blocks = object->if_contains("blocks");
    if (!blocks || !blocks->is_array())
        return invalid("no blocks");
    for (const json::value& each : blocks->get_array()) {
        std::optional<Block> block = toBlock(each);
        if (!block)
            return invalid("a block of unknown kind");
        response.blocks.push_back(std::move(*block));
    }
    response.stopReason = stopReasonFromName(textMember(*object, "stop_reason"));
    response.rawStopReason = textMember(*object, "raw_stop_reason");
    if (const json::value* reasons = object->if_contains("raw_stop_reasons"); reasons && reasons->is_array()) {
        for (const json::value& each : reasons->get_array())
            response.rawStopReasons.emplace_back(each.is_string() ? std::string(each.get_string()) : std::string());
    }
    if (const json::value* usage = object->if_contains("usage"); usage && usage->is_object())
        response.usage = toUsage(usage->get_object());
    response.error = textMember(*object, "error");
    return response;
}

} // namespace luthien::conversation
