// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/http_message.h"

#include <optional>

namespace luthien::protocol {

/// Rules 2 to 11 over a parsed head: what the parser accepts and another parser may read differently.
/// Source: docs/http-rules.md. Thread: any.
[[nodiscard]] std::optional<HttpError> checkRequest(const RequestHead& head, const HttpLimits& limits);

/// Rules 2 to 6, 10 and 12. Thread: any.
[[nodiscard]] std::optional<HttpError> checkResponse(const ResponseHead& head, const HttpLimits& limits);

/// The origin-form of a target that checkRequest accepted. Source: RFC 9112 section 3.2.
[[nodiscard]] std::string originForm(std::string_view method, std::string_view target);

} // namespace luthien::protocol
