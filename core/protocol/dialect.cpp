// SPDX-License-Identifier: Apache-2.0
#include "protocol/dialect.h"

#include "protocol/anthropic.h"
#include "protocol/gemini.h"
#include "protocol/http_message.h"
#include "protocol/ollama.h"
#include "protocol/openai_chat.h"
#include "protocol/openai_responses.h"
#include "protocol/pass_through.h"

namespace luthien::protocol {

std::optional<conversation::StreamForm> Dialect::streamForm(std::string_view contentType,
                                                            bool /*isStreamAsked*/) const noexcept
{
    constexpr std::string_view name = "text/event-stream";
    if (!equalsIgnoringCase(contentType.substr(0, name.size()), name))
        return std::nullopt;
    return conversation::StreamForm::EventStream;
}

const Dialect& dialectFor(conversation::Api api) noexcept
{
    switch (api) {
    case conversation::Api::AnthropicMessages:
        return anthropic::dialect();
    case conversation::Api::OpenAiChat:
        return openai_chat::dialect();
    case conversation::Api::OpenAiResponses:
        return openai_responses::dialect();
    case conversation::Api::Gemini:
        return gemini::dialect();
    case conversation::Api::Ollama:
        return ollama::dialect();
    case conversation::Api::Other:
        break;
    }
    return pass_through::other();
}

} // namespace luthien::protocol
