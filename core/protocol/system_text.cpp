// SPDX-License-Identifier: Apache-2.0
#include "protocol/system_text.h"

#include "protocol/json_read.h"

namespace luthien::protocol {

using conversation::Api;
namespace ondemand = simdjson::ondemand;

namespace {
constexpr int kMaxDepth = 4; // {"parts":[{"text":"..."}]}

bool isSystemMember(Api api, std::string_view name)
{
    switch (api) {
    case Api::AnthropicMessages:
    case Api::Ollama:
        return name == "system";
    case Api::OpenAiResponses:
        return name == "instructions";
    case Api::Gemini:
        return name == "systemInstruction" || name == "system_instruction";
    case Api::OpenAiChat: // it is a message there
    case Api::Other:
        break;
    }
    return false;
}

/// A string, a list of texts, or an object with text or parts.
void collect(ondemand::value& value, std::string& text, int depth)
{
    ondemand::json_type type{};
    if (depth == kMaxDepth || value.type().get(type))
        return;
    if (type == ondemand::json_type::string)
        text.append(text.empty() ? "" : "\n").append(textOf(value));
    else if (type == ondemand::json_type::array)
        forEachElement(value, [&](ondemand::value& part) { collect(part, text, depth + 1); });
    else if (type == ondemand::json_type::object)
        forEachMember(value, [&](std::string_view name, ondemand::value& member) {
            if (name == "text" || name == "parts")
                collect(member, text, depth + 1);
        });
}
} // namespace

std::string systemText(Api api, std::string_view body)
{
    std::string text;
    JsonReader reader;
    const auto object = api == Api::Other || api == Api::OpenAiChat ? std::nullopt : reader.object(body);
    if (object)
        forEachMember(*object, [&](std::string_view name, ondemand::value& member) {
            if (isSystemMember(api, name))
                collect(member, text, 0);
        });
    return text;
}

} // namespace luthien::protocol
