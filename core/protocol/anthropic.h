// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/dialect.h"

// The parts of the Anthropic Messages dialect; used by anthropic_dialect.cpp only.
namespace luthien::protocol::anthropic {

[[nodiscard]] Result<RequestView> parseRequest(std::string_view body);
[[nodiscard]] conversation::Role parseMessage(std::string_view json, std::vector<conversation::Block>& blocks);
[[nodiscard]] std::unique_ptr<StreamDecoder> makeDecoder();
[[nodiscard]] std::unique_ptr<StreamDecoder> decodeBody(std::string_view body,
                                                        std::vector<conversation::StreamEvent>& events);
[[nodiscard]] const Dialect& dialect() noexcept;

} // namespace luthien::protocol::anthropic
