// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_chat.h"
#include "protocol/request_scan.h"

namespace luthien::protocol::openai_chat {

using namespace conversation;
namespace ondemand = simdjson::ondemand;

namespace {

Role roleOf(std::string_view name)
{
    if (name == "system" || name == "developer")
        return Role::System;
    if (name == "assistant")
        return Role::Assistant;
    return name == "tool" || name == "function" ? Role::Tool : Role::User;
}

void addText(BlockKind kind, std::string_view text, std::vector<Block>& blocks)
{
    if (text.empty())
        return;
    Block block;
    block.kind = kind;
    block.text = text;
    blocks.push_back(std::move(block));
}

/// "image/png" of "data:image/png;base64,...."; empty for a link.
std::string_view mediaTypeOf(std::string_view url)
{
    constexpr std::string_view kScheme = "data:";
    if (!url.starts_with(kScheme))
        return {};
    url.remove_prefix(kScheme.size());
    return url.substr(0, std::min(url.find_first_of(";,"), url.size()));
}

void readPart(ondemand::object object, std::vector<Block>& blocks)
{
    std::string_view json;
    if (object.raw_json().get(json) || object.reset().error())
        return;
    std::string_view type;
    Block block;
    forEachMember(object, [&](std::string_view key, ondemand::value& member) {
        if (key == "type")
            type = textOf(member);
        else if (key == "text" || key == "refusal" || key == "thinking")
            block.text = textOrJsonOf(member);
        else if (key == "image_url")
            forEachMember(member, [&block](std::string_view name, ondemand::value& url) {
                if (name == "url")
                    block.name = mediaTypeOf(textOf(url));
            });
    });
    block.isRefusal = type == "refusal";
    if (type == "thinking")
        block.kind = BlockKind::Thinking;
    if (type != "text" && type != "refusal" && type != "thinking") {
        block.kind = type == "image_url" ? BlockKind::Image : type == "file" ? BlockKind::Document : BlockKind::Opaque;
        block.text = json;
        if (block.kind == BlockKind::Opaque)
            block.name = type;
    }
    blocks.push_back(std::move(block));
}

void readContent(ondemand::value& value, std::vector<Block>& blocks)
{
    ondemand::json_type type{};
    if (value.type().get(type))
        return;
    if (type != ondemand::json_type::array) {
        addText(BlockKind::Text, textOf(value), blocks);
        return;
    }
    forEachElement(value, [&blocks](ondemand::value& element) {
        ondemand::object object;
        if (!element.get_object().get(object))
            readPart(object, blocks);
    });
}

void readFunction(ondemand::value& value, Block& block)
{
    forEachMember(value, [&block](std::string_view key, ondemand::value& member) {
        if (key == "name")
            block.name = textOf(member);
        else if (key == "arguments" || key == "input")
            block.text = textOrJsonOf(member);
    });
}

void readCall(ondemand::value& value, std::vector<Block>& blocks)
{
    Block block;
    block.kind = BlockKind::ToolUse;
    forEachMember(value, [&block](std::string_view key, ondemand::value& member) {
        if (key == "id")
            block.id = textOf(member);
        else if (key == "function" || key == "custom")
            readFunction(member, block);
    });
    blocks.push_back(std::move(block));
}

/// A tool message is one result; its content's texts are joined.
void joinAsResult(std::string_view callId, std::vector<Block>& blocks)
{
    Block result;
    result.kind = BlockKind::ToolResult;
    result.id = callId;
    for (const Block& block : blocks) {
        if (!result.text.empty())
            result.text += '\n';
        result.text += block.text;
    }
    blocks.clear();
    blocks.push_back(std::move(result));
}

/// The part of the target that names an Azure deployment: /openai/deployments/{name}/...
std::string_view deploymentOf(std::string_view path)
{
    constexpr std::string_view kSegment = "/deployments/";
    const std::size_t at = path.find(kSegment);
    if (at == std::string_view::npos)
        return {};
    const std::string_view rest = path.substr(at + kSegment.size());
    return rest.substr(0, std::min(rest.find_first_of("/?"), rest.size()));
}

} // namespace

Result<RequestView> parseRequest(std::string_view path, std::string_view body)
{
    RequestScan scan;
    Result<RequestView> view = scan.read(body, &parseMessage, [&scan](std::string_view key, ondemand::value& value) {
        if (key == "messages")
            scan.takeMessages(value);
    });
    if (view && view->model.empty())
        view->model = deploymentOf(path);
    return view;
}

Role parseMessage(std::string_view json, std::vector<Block>& blocks)
{
    JsonReader reader;
    const auto object = reader.object(json);
    Role role = Role::User;
    std::string callId;
    std::vector<Block> calls; // after the text, wherever the member stands
    const bool isRead = object && forEachMember(*object, [&](std::string_view key, ondemand::value& value) {
                            if (key == "role") {
                                role = roleOf(textOf(value));
                            } else if (key == "content") {
                                readContent(value, blocks);
                            } else if (key == "refusal") {
                                addText(BlockKind::Text, textOf(value), blocks);
                            } else if (key == "reasoning_content" || key == "reasoning") {
                                addText(BlockKind::Thinking, textOf(value), blocks);
                            } else if (key == "tool_calls") {
                                forEachElement(value, [&calls](ondemand::value& call) { readCall(call, calls); });
                            } else if (key == "function_call") {
                                Block call;
                                call.kind = BlockKind::ToolUse;
                                readFunction(value, call);
                                if (!call.name.empty())
                                    calls.push_back(std::move(call));
                            } else if (key == "tool_call_id") {
                                callId = textOf(value);
                            }
                        });
    if (!isRead && blocks.empty()) {
        Block opaque;
        opaque.kind = BlockKind::Opaque;
        opaque.text = json;
        blocks.push_back(std::move(opaque));
    }
    blocks.insert(blocks.end(), std::make_move_iterator(calls.begin()), std::make_move_iterator(calls.end()));
    if (role == Role::Tool)
        joinAsResult(callId, blocks);
    return role;
}

} // namespace luthien::protocol::openai_chat
