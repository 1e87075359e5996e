// SPDX-License-Identifier: Apache-2.0
#include "desktop/request_settings.h"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace luthien::desktop {

using conversation::BlockKind;

namespace {
std::string_view viewOf(const boost::json::string& text)
{
    return {text.data(), text.size()};
}

std::string stringMember(const boost::json::object& object, std::string_view name)
{
    const boost::json::value* value = object.if_contains({name.data(), name.size()});
    return value != nullptr && value->is_string() ? std::string(viewOf(value->as_string())) : std::string();
}

/// Instructions come as text, as blocks with text, or as an object with parts.
void addInstructions(Turn& turn, const boost::json::value& value)
{
    if (value.is_string())
        return turn.blocks.push_back({.text = std::string(viewOf(value.as_string()))});
    if (value.is_array()) {
        for (const boost::json::value& part : value.as_array())
            addInstructions(turn, part);
        return;
    }
    if (!value.is_object())
        return;
    const boost::json::object& object = value.as_object();
    if (const boost::json::value* parts = object.if_contains("parts"))
        return addInstructions(turn, *parts);
    const std::string text = stringMember(object, "text");
    if (text.empty())
        turn.blocks.push_back(
            {.kind = BlockKind::Opaque, .name = stringMember(object, "type"), .text = boost::json::serialize(value)});
    else
        turn.blocks.push_back({.text = text});
}

/// A tool by its name, wherever its API puts that; Gemini has lists of them in one.
void addTool(Turn& turn, const boost::json::value& value)
{
    if (!value.is_object())
        return;
    const boost::json::object& object = value.as_object();
    for (const char* list : {"functionDeclarations", "function_declarations"}) {
        if (const boost::json::value* inner = object.if_contains(list); inner != nullptr && inner->is_array()) {
            for (const boost::json::value& tool : inner->as_array())
                addTool(turn, tool);
            return;
        }
    }
    std::string name = stringMember(object, "name");
    if (const boost::json::value* function = object.if_contains("function");
        name.empty() && function != nullptr && function->is_object())
        name = stringMember(function->as_object(), "name");
    if (name.empty())
        name = stringMember(object, "type");
    turn.blocks.push_back({.kind = BlockKind::Opaque, .name = "tool " + name, .text = boost::json::serialize(value)});
}

template <std::size_t count>
bool isOneOf(std::string_view name, const std::array<std::string_view, count>& names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}
} // namespace

Turn requestSettings(std::string_view body)
{
    constexpr std::array<std::string_view, 4> kMessages{"messages", "input", "contents", "prompt"};
    constexpr std::array<std::string_view, 4> kInstructions{"system", "instructions", "systemInstruction",
                                                            "system_instruction"};
    Turn turn;
    turn.role = conversation::Role::System;
    boost::system::error_code failed;
    const boost::json::value parsed = boost::json::parse({body.data(), body.size()}, failed);
    if (failed || !parsed.is_object())
        return turn;
    boost::json::object settings;
    std::vector<const boost::json::value*> tools;
    for (const auto& member : parsed.as_object()) {
        const std::string_view name(member.key().data(), member.key().size());
        if (isOneOf(name, kInstructions))
            addInstructions(turn, member.value());
        else if (name == "tools" && member.value().is_array())
            for (const boost::json::value& tool : member.value().as_array())
                tools.push_back(&tool);
        else if (!isOneOf(name, kMessages))
            settings[member.key()] = member.value();
    }
    for (const boost::json::value* tool : tools)
        addTool(turn, *tool);
    if (!settings.empty())
        turn.blocks.push_back(
            {.kind = BlockKind::Opaque, .name = "settings", .text = boost::json::serialize(settings)});
    return turn;
}

} // namespace luthien::desktop
