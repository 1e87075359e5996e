// SPDX-License-Identifier: Apache-2.0
#include "conversation/api.h"

#include <array>

namespace luthien::conversation {

namespace {
constexpr std::array<std::string_view, 6> kNames = {
    "anthropic-messages", "openai-chat", "openai-responses", "gemini", "ollama", "other",
};
} // namespace

std::string_view apiName(Api api) noexcept
{
    return kNames[static_cast<std::size_t>(api)];
}

std::optional<Api> apiFromName(std::string_view name) noexcept
{
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == name)
            return static_cast<Api>(i);
    }
    return std::nullopt;
}

} // namespace luthien::conversation
