// SPDX-License-Identifier: Apache-2.0
#include "protocol/client_name.h"

#include "base/ids.h"
#include "protocol/http_message.h"

#include <algorithm>
#include <array>

namespace luthien::protocol {

namespace {
struct Product
{
    std::string_view prefix; ///< of the User-Agent, in any case
    std::string_view client;
};
// The version is the token after the first "/" or blank behind the prefix, so "ai-sdk/" skips the provider's name.
constexpr std::array kProducts = {
    Product{"claude-cli", "claude-code"},
    Product{"claude-code", "claude-code"},
    Product{"codex", "codex"},
    Product{"opencode", "opencode"},
    Product{"GeminiCLI", "gemini-cli"},
    Product{"OpenAI/JS", "openai-node"},
    Product{"AsyncOpenAI/JS", "openai-node"},
    Product{"OpenAI/Python", "openai-python"},
    Product{"AsyncOpenAI/Python", "openai-python"},
    Product{"AzureOpenAI/JS", "openai-node"},
    Product{"AzureOpenAI/Python", "openai-python"},
    Product{"AsyncAzureOpenAI/Python", "openai-python"},
    Product{"Anthropic/JS", "anthropic-node"},
    Product{"Anthropic/Python", "anthropic-python"},
    Product{"AsyncAnthropic/Python", "anthropic-python"},
    Product{"google-genai-sdk", "google-genai"},
    Product{"ai-sdk/", "ai-sdk"},
    Product{"aider", "aider"},
    Product{"litellm", "litellm"},
    Product{"cline", "cline"},
    Product{"curl", "curl"},
};

std::string_view tokenAt(std::string_view text)
{
    return text.substr(0, std::min(text.find_first_of(" /(;,"), text.size()));
}

std::string safe(std::string_view label)
{
    return isSafeLabel(label) ? std::string(label) : std::string();
}

std::string versionIn(std::string_view rest)
{
    const std::size_t at = rest.find_first_of("/ ");
    return at == std::string_view::npos ? std::string() : safe(tokenAt(rest.substr(at + 1)));
}
} // namespace

ClientName clientNameOf(std::string_view userAgent)
{
    for (const Product& product : kProducts) {
        if (equalsIgnoringCase(userAgent.substr(0, product.prefix.size()), product.prefix))
            return {std::string(product.client), versionIn(userAgent.substr(product.prefix.size()))};
    }
    const std::string_view first = tokenAt(userAgent);
    ClientName unknown{safe(first), {}};
    if (userAgent.substr(first.size()).starts_with('/'))
        unknown.version = versionIn(userAgent.substr(first.size()));
    return unknown;
}

} // namespace luthien::protocol
