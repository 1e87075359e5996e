// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/json_tree.h"

#include <string>
#include <string_view>

// What requests of the Responses API say about results and about what the provider keeps.
namespace luthien::protocol::openai_responses {

/// The item that answers a call of this type ("function_call", ...) with a text. Empty = there is none: a computer is
/// answered by a picture.
[[nodiscard]] std::string outputItem(std::string_view callType, std::string_view callId, std::string_view text);
[[nodiscard]] std::string previousResponseOf(JsonNode request);
[[nodiscard]] std::string conversationOf(JsonNode request);

} // namespace luthien::protocol::openai_responses
