// SPDX-License-Identifier: Apache-2.0
#include "protocol/prompt.h"

#include "conversation/response.h"
#include "protocol/dialect.h"
#include "protocol/json_tree.h"
#include "protocol/json_write.h"

#include <utility>
#include <vector>

namespace luthien::protocol {

namespace json = boost::json;
using conversation::Api;
using conversation::StopReason;

namespace {

/// Models that think before they answer count their thoughts as tokens of the answer.
constexpr std::uint32_t kRoomForThoughts = 4096;

bool isDigit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/// OpenAI's own models since o1: they take no temperature, and no max_tokens but max_completion_tokens. Other
/// providers' models know max_tokens only.
bool isReasoningModel(std::string_view model)
{
    if (model.size() >= 2 && model[0] == 'o' && isDigit(model[1]))
        return true;
    constexpr std::string_view kFamily = "gpt-";
    if (!model.starts_with(kFamily) || model.size() == kFamily.size() || !isDigit(model[kFamily.size()]))
        return false;
    const std::string_view version = model.substr(kFamily.size());
    return version[0] >= '5' || (version.size() > 1 && isDigit(version[1]));
}

std::string pathSegment(std::string_view text)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string segment;
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        const bool isPlain = isDigit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                             byte == '-' || byte == '.' || byte == '_' || byte == '~';
        if (isPlain)
            segment += byte;
        else
            segment.append({'%', kHex[code >> 4U], kHex[code & 15U]});
    }
    return segment;
}

json::array turns(const Prompt& prompt, bool withSystem)
{
    json::array messages;
    if (withSystem && !prompt.system.empty())
        messages.push_back({{"role", "system"}, {"content", prompt.system}});
    messages.push_back({{"role", "user"}, {"content", prompt.text}});
    return messages;
}

json::object messagesBody(const Prompt& prompt)
{
    json::object body{{"model", prompt.model}, {"max_tokens", prompt.maxTokens}, {"temperature", prompt.temperature}};
    if (!prompt.system.empty())
        body["system"] = prompt.system;
    body["messages"] = turns(prompt, false);
    return body;
}

json::object chatBody(const Prompt& prompt)
{
    json::object body{{"model", prompt.model}, {"messages", turns(prompt, true)}};
    if (isReasoningModel(prompt.model)) {
        body["max_completion_tokens"] = prompt.maxTokens + kRoomForThoughts;
    } else {
        body["max_tokens"] = prompt.maxTokens;
        body["temperature"] = prompt.temperature;
    }
    return body;
}

json::object responsesBody(const Prompt& prompt)
{
    json::object body{{"model", prompt.model}, {"input", prompt.text}, {"store", false}};
    if (!prompt.system.empty())
        body["instructions"] = prompt.system;
    if (isReasoningModel(prompt.model)) {
        body["max_output_tokens"] = prompt.maxTokens + kRoomForThoughts;
    } else {
        body["max_output_tokens"] = prompt.maxTokens;
        body["temperature"] = prompt.temperature;
    }
    return body;
}

json::object geminiBody(const Prompt& prompt)
{
    json::object body;
    if (!prompt.system.empty())
        body["systemInstruction"] = {{"parts", {{{"text", prompt.system}}}}};
    body["contents"] = {{{"role", "user"}, {"parts", {{{"text", prompt.text}}}}}};
    body["generationConfig"] = {{"maxOutputTokens", prompt.maxTokens + kRoomForThoughts},
                                {"temperature", prompt.temperature}};
    return body;
}

json::object ollamaBody(const Prompt& prompt)
{
    return {{"model", prompt.model},
            {"messages", turns(prompt, true)},
            {"stream", false},
            {"options", {{"num_predict", prompt.maxTokens + kRoomForThoughts}, {"temperature", prompt.temperature}}}};
}

Error noAnswer(std::string_view why)
{
    return {ErrorCode::InvalidInput, "The model gave no answer: " + std::string(why) + ".", {}};
}

bool isCutOff(StopReason reason)
{
    return reason == StopReason::MaxTokens || reason == StopReason::ContextWindow ||
           reason == StopReason::ContentFilter || reason == StopReason::None || reason == StopReason::PauseTurn;
}

} // namespace

Result<PromptRequest> promptRequest(Api api, const Prompt& prompt)
{
    switch (api) {
    case Api::AnthropicMessages:
        return PromptRequest{.path = "/v1/messages",
                             .body = json::serialize(messagesBody(prompt)),
                             .headers = "anthropic-version: 2023-06-01"};
    case Api::OpenAiChat:
        return PromptRequest{.path = "/v1/chat/completions", .body = json::serialize(chatBody(prompt))};
    case Api::OpenAiResponses:
        return PromptRequest{.path = "/v1/responses", .body = json::serialize(responsesBody(prompt))};
    case Api::Gemini:
        return PromptRequest{.path = "/v1beta/models/" + pathSegment(prompt.model) + ":generateContent",
                             .body = json::serialize(geminiBody(prompt))};
    case Api::Ollama:
        return PromptRequest{.path = "/api/chat", .body = json::serialize(ollamaBody(prompt))};
    case Api::Other:
        break;
    }
    return Error{ErrorCode::Unsupported, "A model can be asked only in an API that we know.", {}};
}

Result<PromptReply> promptReply(Api api, std::string_view body)
{
    // What clients could read in two ways is no answer to go by.
    if (const auto tree = JsonTree::read(body); !tree)
        return tree.error();
    std::vector<conversation::StreamEvent> events;
    const auto decoder = dialectFor(api).decodeBody(body, events);
    conversation::ResponseAssembler assembler;
    for (const conversation::StreamEvent& event : events)
        assembler.apply(event);
    const conversation::Response& response = assembler.response();
    if (!response.error.empty())
        return noAnswer("it says \"" + response.error.substr(0, 200) + '"');
    if (isCutOff(response.stopReason))
        return noAnswer("it is cut off");
    PromptReply reply{.text = {}, .usage = response.usage};
    for (const conversation::Block& block : response.blocks) {
        if (block.isRefusal)
            return noAnswer("it refused");
        if (block.kind == conversation::BlockKind::Text)
            reply.text += block.text;
    }
    if (response.stopReason == StopReason::Refusal)
        return noAnswer("it refused");
    if (reply.text.find_first_not_of(" \t\r\n") == std::string::npos)
        return noAnswer("it is empty");
    return reply;
}

} // namespace luthien::protocol
