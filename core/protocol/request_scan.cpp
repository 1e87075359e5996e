// SPDX-License-Identifier: Apache-2.0
#include "protocol/request_scan.h"

#include "protocol/folded_name.h"

#include <algorithm>
#include <array>

namespace luthien::protocol {

using namespace conversation;
namespace ondemand = simdjson::ondemand;

namespace {
constexpr std::size_t kPreviewBytes = 200;
constexpr std::size_t kPrefixBytes = 4096;
// The first user text comes early; a conversation without any is not searched to its end.
constexpr std::size_t kMessagesLookedAt = 32;

/// Elements agents wrap their own context in, as the captured requests show them.
constexpr std::array<std::string_view, 12> kInjectedElements = {
    "system-reminder",      "session_context",          "environment_context", "user_instructions",
    "skills_instructions",  "permissions instructions", "INSTRUCTIONS",        "turn_aborted",
    "local-command-caveat", "ide_opened_file",          "ide_selection",       "environment_details",
};
/// Codex puts AGENTS.md files into a user message of their own.
constexpr std::string_view kAgentsFile = "# AGENTS.md instructions";

std::string_view trimmed(std::string_view text) noexcept
{
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

/// Past the element's end tag; nothing left if it has none. The text itself if it does not begin with the element.
std::string_view pastElement(std::string_view text, std::string_view name) noexcept
{
    if (!text.starts_with('<') || !text.substr(1).starts_with(name))
        return text;
    for (std::size_t at = text.find("</"); at != std::string_view::npos; at = text.find("</", at + 2)) {
        const std::string_view rest = text.substr(at + 2);
        if (rest.starts_with(name) && rest.substr(name.size()).starts_with('>'))
            return rest.substr(name.size() + 1);
    }
    return {};
}
} // namespace

std::string_view withoutInjected(std::string_view text) noexcept
{
    text = trimmed(text);
    for (bool isChanged = true; isChanged && !text.empty();) {
        isChanged = false;
        for (const std::string_view name : kInjectedElements) {
            const std::string_view rest = trimmed(pastElement(text, name));
            isChanged = isChanged || rest.size() != text.size();
            text = rest;
        }
    }
    return text.starts_with(kAgentsFile) ? std::string_view() : text;
}

std::string_view boundedText(std::string_view text, std::size_t maxBytes) noexcept
{
    if (text.size() <= maxBytes)
        return text;
    const auto isContinuation = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; };
    std::size_t size = maxBytes;
    while (size > 0 && isContinuation(text[size]))
        --size;
    return text.substr(0, size);
}

Error notAnObject()
{
    return {ErrorCode::InvalidInput, "The request body is not one JSON object.", {}};
}

bool RequestScan::readCommon(std::string_view key, ondemand::value& value)
{
    static constexpr std::array<std::string_view, 1> kModel{"model"};
    const bool isModel = key == "model";
    if (isModel || isOtherSpelling(key, kModel))
        ++m_modelsNamed;
    if (isModel)
        m_view.model = textOf(value);
    else if (key == "stream")
        m_view.stream = isTrue(value);
    else if (key == "metadata" || key == "client_metadata")
        readMetadata(value);
    else
        return readHint(key, value);
    return true;
}

/// The members that name a user, a session or a conversation, wherever they were seen. The first one counts.
bool RequestScan::readHint(std::string_view key, ondemand::value& value)
{
    const auto take = [&value](std::string& hint) {
        if (hint.empty())
            hint = boundedText(textOf(value), kPrefixBytes);
        return true;
    };
    if (key == "user_id" || key == "user" || key == "safety_identifier")
        return take(m_view.userId);
    if (key == "session_id" || key == "sessionId" || key == "litellm_session_id" || key == "conversation_id")
        return take(m_view.sessionHint);
    if (key == "prompt_cache_key")
        return take(m_view.promptCacheKey);
    if (key == "previous_response_id")
        return take(m_view.previousResponseId);
    if (key != "conversation")
        return false;
    ondemand::json_type type{};
    if (!value.type().get(type) && type == ondemand::json_type::object) {
        forEachMember(value, [this](std::string_view name, ondemand::value& id) {
            if (name == "id" && m_view.sessionHint.empty())
                m_view.sessionHint = boundedText(textOf(id), kPrefixBytes);
        });
        return true;
    }
    return take(m_view.sessionHint);
}

void RequestScan::readMetadata(ondemand::value& value)
{
    forEachMember(value, [this](std::string_view key, ondemand::value& member) { readHint(key, member); });
}

void RequestScan::takeMessages(ondemand::value& value)
{
    m_messages.clear();
    m_view.messages.clear();
    ondemand::json_type type{};
    if (value.type().get(type))
        return;
    if (type == ondemand::json_type::array)
        forEachElement(value, [this](ondemand::value& message) { takeMessage(message); });
    else if (type == ondemand::json_type::string)
        takeMessage(value);
}

void RequestScan::takeMessage(ondemand::value& value)
{
    const std::string_view json = rawJsonOf(value);
    if (json.empty())
        return;
    m_messages.push_back(json);
    m_view.messages.push_back({.offset = static_cast<std::uint32_t>(m_json.offsetOf(json)),
                               .length = static_cast<std::uint32_t>(json.size())});
}

void RequestScan::addSystem(std::string_view text)
{
    m_view.systemPrefix += boundedText(text, kPrefixBytes - std::min(kPrefixBytes, m_view.systemPrefix.size()));
}

void RequestScan::readFirstTexts(ParseMessage parseMessage)
{
    std::vector<Block> blocks;
    std::string injected; // if the user typed nothing at all
    const std::size_t count = std::min(m_messages.size(), kMessagesLookedAt);
    for (std::size_t i = 0; i < count && m_view.firstUserText.empty(); ++i) {
        blocks.clear();
        const Role role = parseMessage(m_messages[i], blocks);
        for (const Block& block : blocks) {
            if (block.kind != BlockKind::Text || (role != Role::User && role != Role::System))
                continue;
            if (role == Role::System) {
                addSystem(block.text);
                continue;
            }
            const std::string_view typed = withoutInjected(block.text);
            if (typed.empty() && injected.empty())
                injected = boundedText(trimmed(block.text), kPrefixBytes);
            if (typed.empty() || !m_view.firstUserText.empty())
                continue;
            m_view.firstUserText = boundedText(typed, kPrefixBytes);
        }
    }
    if (m_view.firstUserText.empty())
        m_view.firstUserText = injected;
    m_view.preview = boundedText(m_view.firstUserText, kPreviewBytes);
}

} // namespace luthien::protocol
