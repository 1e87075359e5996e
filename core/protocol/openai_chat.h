// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/dialect.h"

// The parts of the OpenAI Chat Completions dialect; used by openai_chat_dialect.cpp only.
namespace luthien::protocol::openai_chat {

[[nodiscard]] Result<RequestView> parseRequest(std::string_view path, std::string_view body);
[[nodiscard]] conversation::Role parseMessage(std::string_view json, std::vector<conversation::Block>& blocks);
[[nodiscard]] std::unique_ptr<StreamDecoder> makeDecoder();
[[nodiscard]] std::unique_ptr<StreamDecoder> decodeBody(std::string_view body,
                                                        std::vector<conversation::StreamEvent>& events);
[[nodiscard]] const Dialect& dialect() noexcept;

} // namespace luthien::protocol::openai_chat
