// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/dialect.h"

// The parts of the OpenAI Responses dialect; used by openai_responses_dialect.cpp only.
namespace luthien::protocol::openai_responses {

[[nodiscard]] Result<RequestView> parseRequest(std::string_view body);
[[nodiscard]] conversation::Role parseMessage(std::string_view json, std::vector<conversation::Block>& blocks);
[[nodiscard]] std::unique_ptr<StreamDecoder> makeDecoder();
[[nodiscard]] std::unique_ptr<StreamDecoder> decodeBody(std::string_view body,
                                                        std::vector<conversation::StreamEvent>& events);
[[nodiscard]] const Dialect& dialect() noexcept;

} // namespace luthien::protocol::openai_responses
