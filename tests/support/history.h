// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"
#include "conversation/response.h"

#include <string>
#include <string_view>

namespace luthien::test {

/// The request that asks for the first turn.
[[nodiscard]] std::string firstRequest(conversation::Api api, bool stream);
/// The next request as an agent builds it that got this reply: it runs the calls if the stop reason says that there are
/// some, and otherwise lets its user speak.
[[nodiscard]] std::string nextRequest(conversation::Api api, const conversation::Response& reply);
/// What a strict provider refuses in a request's history; empty = nothing. Source: wire formats, Messages 400s.
[[nodiscard]] std::string historyFault(conversation::Api api, std::string_view request);

} // namespace luthien::test
