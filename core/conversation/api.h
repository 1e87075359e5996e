// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace luthien::conversation {

/// The wire format a call speaks. Other = forwarded and recorded, not understood.
enum class Api : std::uint8_t { AnthropicMessages, OpenAiChat, OpenAiResponses, Gemini, Ollama, Other };

/// The stable name in the store, the exports and the corpus, e.g. "openai-chat".
[[nodiscard]] std::string_view apiName(Api api) noexcept;
[[nodiscard]] std::optional<Api> apiFromName(std::string_view name) noexcept;

} // namespace luthien::conversation
