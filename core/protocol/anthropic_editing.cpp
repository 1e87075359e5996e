// SPDX-License-Identifier: Apache-2.0
#include "protocol/anthropic_editing.h"

#include <algorithm>

namespace luthien::protocol::anthropic {

namespace json = boost::json;
using conversation::Executor;

std::optional<Executor> executorOf(std::string_view blockType) noexcept
{
    if (blockType == "server_tool_use")
        return Executor::Server;
    if (blockType == "mcp_tool_use")
        return Executor::Mcp;
    return blockType.ends_with("tool_use") ? std::optional(Executor::Client) : std::nullopt;
}

bool holdsCall(const json::value& value)
{
    return anyObject(value, "input", [](const json::object& object) {
        const json::value* type = object.if_contains("type");
        return type && type->is_string() && executorOf(fromJsonText(type->get_string())) == Executor::Client;
    });
}

Result<GuardedCall> readCall(const json::object& block, Executor executor, std::uint32_t index)
{
    const Result<std::string_view> id = stringAt(block, "id");
    const Result<std::string_view> name = stringAt(block, "name");
    if (!id || !name)
        return id ? name.error() : id.error();
    return GuardedCall{.block = index, .executor = executor, .id = std::string(*id), .name = std::string(*name)};
}

bool hasInput(const json::object& block)
{
    const json::value* input = block.if_contains("input");
    return input && !input->is_null() && !(input->is_object() && input->get_object().empty());
}

json::object noticeBlock(std::string_view notice)
{
    return {{"type", "text"}, {"text", toJsonText(notice)}};
}

bool saysToolUse(const json::object& parent)
{
    const json::value* reason = parent.if_contains("stop_reason");
    return reason && reason->is_string() && reason->get_string() == "tool_use";
}

bool isNoneLeft(const std::vector<GuardedCall>& calls)
{
    bool anyBlocked = false;
    for (const GuardedCall& call : calls) {
        if (call.executor == Executor::Client && !call.isGone())
            return false;
        anyBlocked = anyBlocked || call.isBlocked();
    }
    return anyBlocked;
}

std::string noticesOf(const std::vector<GuardedCall>& calls)
{
    std::vector<const GuardedCall*> all;
    for (const GuardedCall& call : calls)
        all.push_back(&call);
    return joinedNotices(all);
}

std::uint32_t noticePlace(const std::vector<GuardedCall>& calls)
{
    const auto isReleased = [](const GuardedCall& call) { return call.executor == Executor::Client && !call.isGone(); };
    auto place = std::ranges::find_if(calls, isReleased);
    if (place == calls.end())
        place = std::ranges::find_if(calls, &GuardedCall::isBlocked);
    return place->block;
}

} // namespace luthien::protocol::anthropic
