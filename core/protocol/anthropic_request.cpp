// SPDX-License-Identifier: Apache-2.0
#include "protocol/anthropic.h"
#include "protocol/request_scan.h"

namespace luthien::protocol::anthropic {

using namespace conversation;
namespace ondemand = simdjson::ondemand;

namespace {

/// Members of a request's content block, whatever its type.
struct ContentBlock
{
    std::string_view type;
    std::string_view id;
    std::string_view toolUseId;
    std::string_view name;
    std::string_view text;
    std::string_view input;
    std::string_view mediaType;
    std::string resultText;
    bool isError = false;
};

std::string_view typeAndText(ondemand::value& value, std::string_view& type)
{
    std::string_view text;
    forEachMember(value, [&](std::string_view key, ondemand::value& member) {
        if (key == "type")
            type = textOf(member);
        else if (key == "text")
            text = textOf(member);
    });
    return text;
}

/// A tool result is a text, or a list of blocks: texts by lines, others named.
std::string resultTextOf(ondemand::value& value)
{
    ondemand::json_type type{};
    if (value.type().get(type))
        return {};
    if (type != ondemand::json_type::array)
        return std::string(textOrJsonOf(value));
    std::string result;
    forEachElement(value, [&result](ondemand::value& part) {
        std::string_view partType;
        const std::string_view text = typeAndText(part, partType);
        if (!result.empty())
            result += '\n';
        if (partType == "text")
            result += text;
        else
            result.append("[").append(partType).append("]");
    });
    return result;
}

ContentBlock readBlock(ondemand::object object)
{
    ContentBlock block;
    forEachMember(object, [&block](std::string_view key, ondemand::value& member) {
        if (key == "type")
            block.type = textOf(member);
        else if (key == "id")
            block.id = textOf(member);
        else if (key == "tool_use_id")
            block.toolUseId = textOf(member);
        else if (key == "name")
            block.name = textOf(member);
        else if (key == "text" || key == "thinking")
            block.text = textOf(member);
        else if (key == "input")
            block.input = rawJsonOf(member);
        else if (key == "is_error")
            block.isError = isTrue(member);
        else if (key == "content")
            block.resultText = resultTextOf(member);
        else if (key == "source")
            forEachMember(member, [&block](std::string_view name, ondemand::value& source) {
                if (name == "media_type")
                    block.mediaType = textOf(source);
            });
    });
    return block;
}

Block whole(BlockKind kind, std::string_view name, std::string_view json)
{
    Block block;
    block.kind = kind;
    block.name = name;
    block.text = json;
    return block;
}

Block toBlock(const ContentBlock& from, std::string_view json)
{
    Block block;
    block.text = from.text;
    if (from.type == "text")
        return block;
    if (from.type == "thinking") {
        block.kind = BlockKind::Thinking;
        return block;
    }
    if (from.type == "tool_use" || from.type == "server_tool_use" || from.type == "mcp_tool_use") {
        block.kind = BlockKind::ToolUse;
        block.executor = from.type == "tool_use"          ? Executor::Client
                         : from.type == "server_tool_use" ? Executor::Server
                                                          : Executor::Mcp;
        block.id = from.id;
        block.name = from.name;
        block.text = from.input;
        return block;
    }
    if (from.type == "tool_result" || from.type == "mcp_tool_result") {
        block.kind = BlockKind::ToolResult;
        block.id = from.toolUseId;
        block.text = from.resultText;
        block.isError = from.isError;
        return block;
    }
    if (from.type == "image")
        return whole(BlockKind::Image, from.mediaType, json);
    if (from.type == "document")
        return whole(BlockKind::Document, from.mediaType, json);
    return whole(BlockKind::Opaque, from.type, json);
}

void readContent(ondemand::value& value, std::vector<Block>& blocks)
{
    ondemand::json_type type{};
    if (value.type().get(type))
        return;
    if (type != ondemand::json_type::array) {
        Block block;
        block.text = textOf(value);
        if (!block.text.empty())
            blocks.push_back(std::move(block));
        return;
    }
    forEachElement(value, [&blocks](ondemand::value& element) {
        ondemand::object object;
        std::string_view json;
        if (element.get_object().get(object) || object.raw_json().get(json) || object.reset().error())
            return;
        blocks.push_back(toBlock(readBlock(object), json));
    });
}

void readSystem(ondemand::value& value, RequestScan& scan)
{
    ondemand::json_type type{};
    if (value.type().get(type))
        return;
    if (type == ondemand::json_type::array)
        forEachElement(value, [&scan](ondemand::value& block) {
            std::string_view blockType;
            scan.addSystem(typeAndText(block, blockType));
        });
    else
        scan.addSystem(textOf(value));
}

} // namespace

Result<RequestView> parseRequest(std::string_view body)
{
    RequestScan scan;
    return scan.read(body, &parseMessage, [&scan](std::string_view key, ondemand::value& value) {
        if (key == "messages")
            scan.takeMessages(value);
        else if (key == "system")
            readSystem(value, scan);
    });
}

Role parseMessage(std::string_view json, std::vector<Block>& blocks)
{
    JsonReader reader;
    const auto object = reader.object(json);
    Role role = Role::User;
    const bool isRead =
        object && forEachMember(*object, [&](std::string_view key, ondemand::value& value) {
            if (key == "content") {
                readContent(value, blocks);
            } else if (key == "role") {
                const std::string_view name = textOf(value);
                role = name == "assistant" ? Role::Assistant : name == "system" ? Role::System : Role::User;
            }
        });
    if (!isRead && blocks.empty())
        blocks.push_back(whole(BlockKind::Opaque, {}, json));
    return role;
}

} // namespace luthien::protocol::anthropic
