// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/dialect.h"

// Ollama's own API: /api/chat and /api/generate.
namespace luthien::protocol::ollama {

[[nodiscard]] const Dialect& dialect() noexcept;

[[nodiscard]] conversation::Role parseMessage(std::string_view json, std::vector<conversation::Block>& blocks);
[[nodiscard]] std::unique_ptr<StreamDecoder> makeDecoder();
[[nodiscard]] std::unique_ptr<StreamDecoder> decodeBody(std::string_view body,
                                                        std::vector<conversation::StreamEvent>& events);

} // namespace luthien::protocol::ollama
