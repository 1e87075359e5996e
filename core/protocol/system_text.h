// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"

#include <string>
#include <string_view>

namespace luthien::protocol {

/// The system prompt of a request body, where the API keeps it beside the messages; its parts are joined by newlines.
/// Empty = there is none, or the body cannot be read. Thread: any.
[[nodiscard]] std::string systemText(conversation::Api api, std::string_view body);

} // namespace luthien::protocol
