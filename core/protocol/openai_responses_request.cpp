// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_responses.h"
#include "protocol/openai_responses_read.h"
#include "protocol/request_scan.h"

namespace luthien::protocol::openai_responses {

using namespace conversation;
namespace ondemand = simdjson::ondemand;

namespace {

Role roleOf(std::string_view name)
{
    if (name == "system" || name == "developer")
        return Role::System;
    return name == "assistant" ? Role::Assistant : Role::User;
}

Block toBlock(const Part& part)
{
    Block block;
    block.text = part.text;
    if (part.type == "input_text" || part.type == "output_text" || part.type == "text")
        return block;
    block.isRefusal = part.type == "refusal";
    if (block.isRefusal)
        return block;
    if (part.type == "reasoning_text" || part.type == "summary_text") {
        block.kind = BlockKind::Thinking;
        return block;
    }
    block.kind = part.type == "input_image"  ? BlockKind::Image
                 : part.type == "input_file" ? BlockKind::Document
                                             : BlockKind::Opaque;
    block.name = block.kind == BlockKind::Opaque ? part.type : std::string_view();
    block.text = part.json;
    return block;
}

Block toOpaque(std::string_view type, std::string_view json)
{
    Block block;
    block.kind = BlockKind::Opaque;
    block.name = type;
    block.text = json;
    return block;
}

Role readMessage(const Item& item, std::vector<Block>& blocks)
{
    for (const Part& part : item.content)
        blocks.push_back(toBlock(part));
    return roleOf(item.role);
}

Role readReasoning(const Item& item, std::vector<Block>& blocks)
{
    for (const Part& part : item.summary)
        blocks.push_back(toBlock(part));
    for (const Part& part : item.content)
        blocks.push_back(toBlock(part));
    if (blocks.empty())
        blocks.push_back(toOpaque(item.type, item.json));
    return Role::Assistant;
}

Role readCall(const Item& item, Executor executor, std::vector<Block>& blocks)
{
    Block call;
    call.kind = BlockKind::ToolUse;
    call.executor = executor;
    call.id = item.callId.empty() ? item.id : item.callId;
    call.name = toolNameOf(item);
    call.text = item.arguments;
    blocks.push_back(std::move(call));
    if (executor != Executor::Client && !item.output.empty()) {
        Block result;
        result.kind = BlockKind::ToolResult;
        result.id = item.id;
        result.text = item.output;
        blocks.push_back(std::move(result));
    }
    return Role::Assistant;
}

} // namespace

Result<RequestView> parseRequest(std::string_view body)
{
    RequestScan scan;
    return scan.read(body, &parseMessage, [&scan](std::string_view key, ondemand::value& value) {
        if (key == "input")
            scan.takeMessages(value);
        else if (key == "instructions")
            scan.addSystem(textOf(value));
    });
}

Role parseMessage(std::string_view json, std::vector<Block>& blocks)
{
    JsonReader reader;
    if (json.starts_with('"')) { // input may be one text
        Block text;
        text.text = reader.string(json).value_or(json);
        blocks.push_back(std::move(text));
        return Role::User;
    }
    const auto object = reader.object(json);
    if (!object) {
        blocks.push_back(toOpaque({}, json));
        return Role::User;
    }
    const Item item = readItem(*object);
    if (item.type == "message" || (item.type.empty() && !item.role.empty()))
        return readMessage(item, blocks);
    if (item.type == "reasoning")
        return readReasoning(item, blocks);
    if (const auto executor = executorOf(item.type))
        return readCall(item, *executor, blocks);
    if (item.type.ends_with("_output")) {
        Block result;
        result.kind = BlockKind::ToolResult;
        result.id = item.callId;
        result.text = item.output;
        blocks.push_back(std::move(result));
        return Role::Tool;
    }
    blocks.push_back(toOpaque(item.type, json));
    return Role::Assistant;
}

} // namespace luthien::protocol::openai_responses
