// SPDX-License-Identifier: Apache-2.0
#include "archive/read_texts.h"

#include "conversation/response.h"
#include "filter/words.h"
#include "protocol/dialect.h"
#include "protocol/system_text.h"

#include <algorithm>
#include <optional>
#include <string>

namespace luthien::archive {

using namespace conversation;
using store::SearchText;
using store::TextKind;
using Part = store::ContentSource::Part;

namespace {
constexpr std::string_view kBlanks = " \t\r\n";

TextKind kindOf(Role speaker)
{
    if (speaker == Role::Assistant)
        return TextKind::Assistant;
    return speaker == Role::System ? TextKind::System : TextKind::User;
}

std::optional<TextKind> kindOf(const Block& block, Role speaker)
{
    switch (block.kind) {
    case BlockKind::Text:
        return kindOf(speaker);
    case BlockKind::Thinking:
        return TextKind::Thinking;
    case BlockKind::ToolUse:
        return TextKind::Arguments;
    case BlockKind::ToolResult:
        return TextKind::Result;
    case BlockKind::Image: // their bytes are no words
    case BlockKind::Document:
    case BlockKind::Opaque:
        break;
    }
    return std::nullopt;
}

void add(std::vector<SearchText>& texts, TextKind kind, std::string_view text)
{
    const auto found = std::ranges::find(texts, kind, &SearchText::kind);
    if (found == texts.end())
        texts.push_back({kind, std::string(text)});
    else
        found->text.append("\n").append(text);
}

std::vector<SearchText> textsOf(const std::vector<Block>& blocks, Role speaker)
{
    std::vector<SearchText> texts;
    for (const Block& block : blocks) {
        const auto kind = kindOf(block, speaker);
        if (kind && block.kind == BlockKind::ToolUse)
            add(texts, *kind, filter::readableArguments(block.text));
        else if (kind)
            add(texts, *kind, block.text);
    }
    return texts;
}

std::vector<SearchText> messageTexts(const store::ContentSource& source, std::string_view bytes)
{
    // What stands between it and the message before is kept with it.
    const std::size_t begin = bytes.find_first_not_of(" \t\r\n,");
    std::vector<Block> blocks;
    const Role role =
        protocol::dialectFor(source.api).parseMessage(bytes.substr(std::min(begin, bytes.size())), blocks);
    if (role == Role::Assistant && source.part == Part::Message)
        return {};
    return textsOf(blocks, role);
}

/// A request without its messages, made of one of its two ends; or all of it, where it has no messages.
std::string requestFrom(const store::ContentSource& source, std::string_view bytes)
{
    const std::size_t first = bytes.find_first_not_of(kBlanks);
    const std::size_t last = bytes.find_last_not_of(kBlanks);
    if (first == std::string_view::npos)
        return {};
    const std::string text(bytes);
    if (source.part == Part::Closing)
        return (bytes[first] == ']' ? "{\"\":[" : "{\"\":\"\"") + text;
    if (bytes[last] == '[')
        return text + "]}";
    return bytes[last] == ':' ? text + "\"\"}" : text;
}
} // namespace

std::vector<SearchText> readTexts(const store::ContentSource& source, std::string_view bytes)
{
    switch (source.part) {
    case Part::Message:
    case Part::History:
        return messageTexts(source, bytes);
    case Part::Opening:
    case Part::Closing:
        if (std::string text = protocol::systemText(source.api, requestFrom(source, bytes)); !text.empty())
            return {{TextKind::System, std::move(text)}};
        return {};
    case Part::Reply:
        // A reply that cannot be read says nothing, here as everywhere it is shown.
        if (const auto reply = responseFromJson(bytes))
            return textsOf(reply->blocks, Role::Assistant);
        return {};
    }
    return {};
}

} // namespace luthien::archive
