// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/dialect.h"

// Google's generateContent and streamGenerateContent, of the Gemini API and of Vertex.
namespace luthien::protocol::gemini {

[[nodiscard]] const Dialect& dialect() noexcept;

[[nodiscard]] Result<RequestView> parseRequest(std::string_view path, std::string_view body);
[[nodiscard]] conversation::Role parseMessage(std::string_view json, std::vector<conversation::Block>& blocks);
[[nodiscard]] std::unique_ptr<StreamDecoder> makeDecoder();
[[nodiscard]] std::unique_ptr<StreamDecoder> decodeBody(std::string_view body,
                                                        std::vector<conversation::StreamEvent>& events);

} // namespace luthien::protocol::gemini
