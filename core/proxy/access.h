// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/http_message.h"
#include "proxy/config.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace luthien::proxy {

/// The query parameter in which Gemini takes a key.
inline constexpr std::string_view kKeyParameter = "key";

/// Who may use this port. Only the exact names of this machine's loopback (with our port) and configured ones pass as
/// Host, so that a page which rebinds its name to 127.0.0.1 is refused; a browser's Origin must be listed.
/// Errors: 403 host_refused, 403 origin_refused, 401 token_missing. Source: docs/security.md.
[[nodiscard]] std::optional<protocol::HttpError> checkAccess(const ClientAccess& access, std::uint16_t ownPort,
                                                             const protocol::RequestHead& head);

/// Takes a client token of ours out of the request, so that it never goes upstream.
void removeClientToken(const ClientAccess& access, protocol::RequestHead& head);

} // namespace luthien::proxy
