// SPDX-License-Identifier: Apache-2.0
#include "protocol/next_turn.h"

#include "protocol/reply_turn.h"

#include <algorithm>

namespace luthien::protocol {

using conversation::Api;

namespace {
constexpr std::string_view kNotRun = "This call was not run, because another call of the same reply was blocked.";
}

Error cannotSayAgain(std::string_view why, std::string_view where)
{
    return {ErrorCode::InvalidInput, "The reply cannot be put into another request: " + std::string(why) + ".",
            std::string(where)};
}

std::string OutputTexts::of(std::string_view id, std::string_view name)
{
    const auto isMeant = [&](const ToolOutput& output) {
        return output.id.empty() ? output.name == name : output.id == id;
    };
    const auto found = std::ranges::find_if(m_outputs, isMeant);
    if (found == m_outputs.end())
        return std::string(kNotRun);
    std::string text = std::move(found->text);
    m_outputs.erase(found);
    return text;
}

void JsonTurn::event(const ReplyEvent& event)
{
    if (!event.hasData || !m_fault.empty())
        return;
    if (event.data == "[DONE]")
        return readDone();
    const auto tree = JsonTree::read(event.data);
    if (!tree) {
        m_fault = tree.error().message;
        return;
    }
    const JsonNode root = (*tree)->root();
    if (root.isObject()) {
        if (const Result<void> done = read(root); !done)
            m_fault = done.error().message;
        return;
    }
    for (const JsonNode element : root) {
        const Result<void> done = element.isObject() ? read(element) : cannotSayAgain("a part of it is no object");
        if (!done) {
            m_fault = done.error().message;
            return;
        }
    }
}

Result<std::string> JsonTurn::nextRequest(std::string_view body, std::span<const ToolOutput> outputs) const
{
    if (!m_fault.empty())
        return Error{ErrorCode::InvalidInput, m_fault, {}};
    if (!isComplete())
        return cannotSayAgain("it is not complete");
    const auto tree = JsonTree::read(body);
    if (!tree)
        return tree.error();
    return write((*tree)->root(), body, OutputTexts(outputs));
}

Result<std::string> withMessages(std::string_view body, JsonNode list, std::span<const std::string> messages)
{
    if (!list.isArray())
        return cannotSayAgain("the request has no list of messages");
    return spliced(body, {atEndOf(list, joinedJson(messages))});
}

Result<std::string> argumentsObject(std::string_view text)
{
    if (text.empty())
        return std::string("{}");
    const auto tree = JsonTree::read(text);
    if (!tree || !(*tree)->root().isObject())
        return cannotSayAgain("a call's arguments are no object");
    return std::string(text);
}

std::unique_ptr<ReplyTurn> makeReplyTurn(Api api)
{
    switch (api) {
    case Api::AnthropicMessages:
        return makeAnthropicTurn();
    case Api::OpenAiChat:
        return makeOpenAiChatTurn();
    case Api::OpenAiResponses:
        return makeOpenAiResponsesTurn();
    case Api::Gemini:
        return makeGeminiTurn();
    case Api::Ollama:
        return makeOllamaTurn();
    case Api::Other:
        break;
    }
    return nullptr;
}

} // namespace luthien::protocol
