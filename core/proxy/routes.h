// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"
#include "protocol/http_message.h"
#include "proxy/config.h"

#include <string>
#include <string_view>
#include <variant>

namespace luthien::proxy {

/// Where a request goes and what is spoken there.
struct Route
{
    const Upstream* upstream = nullptr; ///< belongs to the snapshot
    conversation::Api api = conversation::Api::Other;
    std::string target; ///< path and query at the upstream
};

/// The request is answered here: GET or HEAD of "/", which agents send to see whether anybody is there.
struct RootPage
{
    bool operator==(const RootPage&) const = default;
};

/// Source: the routes of docs/api.md. Errors: 404 no such path or upstream, 400 dot segments, 426 asks for a WebSocket
/// (agents then fall back to plain HTTP).
[[nodiscard]] std::variant<Route, RootPage, protocol::HttpError> findRoute(const ProxySnapshot& snapshot,
                                                                           const protocol::RequestHead& head);

/// The API whose error form a client of this path expects, also when no route was found.
[[nodiscard]] conversation::Api errorApiFor(const ProxySnapshot& snapshot, const protocol::RequestHead& head) noexcept;

/// The same for a request that has its route.
[[nodiscard]] conversation::Api errorApiOf(const Route& route) noexcept;

/// The wire format of a path, whatever upstream it is sent to.
[[nodiscard]] conversation::Api apiOfPath(std::string_view method, std::string_view path) noexcept;

} // namespace luthien::proxy
