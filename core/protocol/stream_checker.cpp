// SPDX-License-Identifier: Apache-2.0
#include "protocol/stream_checker.h"

#include "protocol/stream_checking.h"

namespace luthien::protocol {

namespace ondemand = simdjson::ondemand;
using conversation::Api;

namespace {
constexpr int kMaxDepth = 128; ///< as deep as a strict reading goes
}

Error breach(std::string_view rule)
{
    return {ErrorCode::InvalidInput, std::string(rule), {}};
}

Fingerprint fingerprintOf(std::string_view text) noexcept
{
    Fingerprint fingerprint;
    fingerprint.add(text);
    return fingerprint;
}

void Fingerprint::addJson(ondemand::value& value, int depth)
{
    ondemand::json_type type{};
    if (depth > kMaxDepth || value.type().get(type))
        return;
    if (type == ondemand::json_type::object) {
        ondemand::object object;
        if (!value.get_object().get(object))
            addJson(object, depth);
    } else if (type == ondemand::json_type::array) {
        add("[");
        forEachElement(value, [&](ondemand::value& element) {
            addJson(element, depth + 1);
            add(",");
        });
    } else if (type == ondemand::json_type::number) {
        double number = 0; // 1.0 and 1e0 are one number
        if (!value.get_double().get(number))
            add({reinterpret_cast<const char*>(&number), sizeof number});
    } else {
        add(type == ondemand::json_type::string ? textOf(value) : rawJsonOf(value));
    }
}

void Fingerprint::addJson(ondemand::object object, int depth)
{
    add("{");
    forEachMember(object, [&](std::string_view key, ondemand::value& member) {
        add(key);
        add(":");
        addJson(member, depth + 1);
    });
}

bool isObject(ondemand::value& value)
{
    ondemand::json_type type{};
    return !value.type().get(type) && type == ondemand::json_type::object;
}

bool isNull(ondemand::value& value)
{
    ondemand::json_type type{};
    return !value.type().get(type) && type == ondemand::json_type::null;
}

std::unique_ptr<StreamChecker> makeStreamChecker(Api api)
{
    switch (api) {
    case Api::AnthropicMessages:
        return makeAnthropicChecker();
    case Api::OpenAiChat:
        return makeOpenAiChatChecker();
    case Api::OpenAiResponses:
        return makeOpenAiResponsesChecker();
    case Api::Gemini:
        return makeGeminiChecker();
    case Api::Ollama:
        return makeOllamaChecker();
    case Api::Other:
        break;
    }
    return nullptr;
}

} // namespace luthien::protocol
