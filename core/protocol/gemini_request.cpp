// SPDX-License-Identifier: Apache-2.0
#include "protocol/gemini.h"
#include "protocol/http_message.h"
#include "protocol/query.h"
#include "protocol/request_scan.h"

namespace luthien::protocol::gemini {

using namespace conversation;
namespace ondemand = simdjson::ondemand;

namespace {

/// "gemini-2.5-flash" and "streamGenerateContent" of /v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse.
std::pair<std::string_view, std::string_view> modelAndMethod(std::string_view path)
{
    constexpr std::string_view kSegment = "/models/";
    const std::size_t at = path.find(kSegment);
    if (at == std::string_view::npos)
        return {};
    std::string_view rest = path.substr(at + kSegment.size());
    rest = rest.substr(0, std::min(rest.find('?'), rest.size()));
    const std::size_t colon = std::min(rest.rfind(':'), rest.size());
    return {rest.substr(0, colon), colon < rest.size() ? rest.substr(colon + 1) : std::string_view()};
}

void readCall(ondemand::value& value, Block& block)
{
    const bool isCall = block.kind == BlockKind::ToolUse;
    forEachMember(value, [&](std::string_view key, ondemand::value& member) {
        if (key == "id" || (key == "name" && !isCall && block.id.empty()))
            block.id = textOf(member);
        else if (key == "name")
            block.name = textOf(member);
        else if (key == "args" || key == "response")
            block.text = rawJsonOf(member);
    });
}

void readMediaType(ondemand::value& value, Block& block)
{
    forEachMember(value, [&block](std::string_view key, ondemand::value& member) {
        if (key == "mimeType" || key == "mime_type")
            block.name = textOf(member);
    });
    block.kind = block.name.starts_with("image/") ? BlockKind::Image : BlockKind::Document;
}

Block readPart(ondemand::object object)
{
    Block block;
    std::string_view json;
    if (object.raw_json().get(json) || object.reset().error())
        return block;
    bool isKnown = false;
    bool isThought = false;
    forEachMember(object, [&](std::string_view key, ondemand::value& member) {
        if (key == "thought") {
            isThought = isTrue(member);
        } else if (key == "text") {
            block.text = textOf(member);
            isKnown = true;
        } else if (key == "functionCall" || key == "function_call") {
            block.kind = BlockKind::ToolUse;
            readCall(member, block);
            isKnown = true;
        } else if (key == "functionResponse" || key == "function_response") {
            block.kind = BlockKind::ToolResult;
            readCall(member, block);
            isKnown = true;
        } else if (key == "inlineData" || key == "inline_data" || key == "fileData" || key == "file_data") {
            readMediaType(member, block);
            block.text = json;
            isKnown = true;
        }
    });
    if (!isKnown) {
        block.kind = BlockKind::Opaque;
        block.text = json;
    } else if (isThought && block.kind == BlockKind::Text) {
        block.kind = BlockKind::Thinking;
    }
    return block;
}

void readParts(ondemand::value& value, std::vector<Block>& blocks)
{
    forEachElement(value, [&blocks](ondemand::value& element) {
        ondemand::object part;
        if (!element.get_object().get(part))
            blocks.push_back(readPart(part));
    });
}

} // namespace

Role parseMessage(std::string_view json, std::vector<Block>& blocks)
{
    JsonReader reader;
    Role role = Role::User;
    if (const auto object = reader.object(json)) {
        forEachMember(*object, [&](std::string_view key, ondemand::value& value) {
            if (key == "parts")
                readParts(value, blocks);
            else if (key == "role")
                role = textOf(value) == "model" ? Role::Assistant : Role::User;
        });
    }
    if (blocks.empty())
        blocks.push_back({.kind = BlockKind::Opaque, .text = std::string(json)});
    return role;
}

Result<RequestView> parseRequest(std::string_view path, std::string_view body)
{
    RequestScan scan;
    Result<RequestView> view = scan.read(body, &parseMessage, [&scan](std::string_view key, ondemand::value& value) {
        if (key == "contents") {
            scan.takeMessages(value);
        } else if (key == "systemInstruction" || key == "system_instruction") {
            forEachMember(value, [&scan](std::string_view name, ondemand::value& parts) {
                std::vector<Block> blocks;
                if (name == "parts")
                    readParts(parts, blocks);
                for (const Block& block : blocks)
                    scan.addSystem(block.text);
            });
        }
    });
    if (view) {
        const auto [model, method] = modelAndMethod(path);
        view->model = percentDecoded(model);
        view->stream = equalsIgnoringCase(percentDecoded(method), "streamGenerateContent");
    }
    return view;
}

} // namespace luthien::protocol::gemini
