// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/prices.h"
#include "policy/stream_gate.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::proxy {

class TrialChains;

/// Where a connection leads; what a keep-alive pool is keyed by.
struct Origin
{
    bool tls = false;
    std::string host; ///< name or address literal, without brackets
    std::uint16_t port = 0;

    /// "host:port", a default port left out, IPv6 in brackets: the value of a Host field.
    [[nodiscard]] std::string authority() const;
    auto operator<=>(const Origin&) const = default;
};

struct BaseUrl
{
    Origin origin;
    std::string path; ///< without a slash at the end; empty for the root

    bool operator==(const BaseUrl&) const = default;
};

/// Reads "https://host[:port][/path]". Errors: InvalidArgument; user info, query and fragment are refused.
[[nodiscard]] Result<BaseUrl> parseBaseUrl(std::string_view url);

/// Which provider's conventions an upstream follows: the config's "api".
enum class ApiFamily : std::uint8_t { Anthropic, OpenAi, Gemini, Ollama, Other };
/// "anthropic-messages", "openai", "gemini", "ollama", "other".
[[nodiscard]] std::string_view apiFamilyName(ApiFamily family) noexcept;
[[nodiscard]] std::optional<ApiFamily> apiFamilyFromName(std::string_view name) noexcept;

struct Upstream
{
    std::string name; ///< [a-z][a-z0-9-]*, not v1, v1beta, api
    BaseUrl baseUrl;
    ApiFamily api = ApiFamily::Other;
    /// The provider key, put where its API expects it in place of the client's. Absent = the client's own passes.
    std::optional<std::string> credential;
};

struct ClientAccess
{
    bool tokenRequired = false;
    std::vector<std::string> tokens;
    std::vector<std::string> origins; ///< exact Origin values let in; others get 403
    std::vector<std::string> hosts;   ///< exact Host values let in beside the loopback names
};

/// Bounds of design.md section 9, with its defaults.
struct Limits
{
    std::size_t headerBytes = 32 * 1024;
    std::size_t requestBodyBytes = 32 * 1024 * 1024;
    std::size_t heldCallBytes = 8 * 1024 * 1024;
    std::size_t streams = 10'000; ///< client connections; lowered to what the descriptor limit allows
    std::chrono::milliseconds connect{10'000};
    std::chrono::milliseconds idle{300'000};             ///< upstream silent
    std::chrono::milliseconds total{0};                  ///< a whole call; 0 = no bound
    std::chrono::milliseconds heartbeat{10'000};         ///< between keep-alives while a reply is held
    std::chrono::milliseconds requestRead{60'000};       ///< client silent in the middle of a request
    std::chrono::milliseconds keepAlive{120'000};        ///< client silent between requests
    std::chrono::milliseconds upstreamKeepAlive{30'000}; ///< a pooled upstream connection unused
};

/// Everything a worker needs that can change while it runs. Immutable; a call keeps the one it began with.
struct ProxySnapshot
{
    std::vector<Upstream> upstreams; ///< the first of a family is that family's default
    ClientAccess clients;
    Limits limits;
    std::vector<std::uint16_t> guardedPorts;                ///< our other listening ports (control): never an upstream
    std::shared_ptr<const policy::GateFactory> gates;       ///< null = pass everything
    std::shared_ptr<const conversation::PriceTable> prices; ///< null = nothing is priced
    std::shared_ptr<TrialChains> trials;                    ///< of single requests; null = there are none
};

/// How upstreams are reached when the network has a proxy of its own. Credentials are part of the value: never log it.
struct ForwardProxy
{
    struct Hop
    {
        Origin origin;
        std::string authorization; ///< value of Proxy-Authorization; empty = none
        bool operator==(const Hop&) const = default;
    };
    std::optional<Hop> http;
    std::optional<Hop> https;
    std::vector<std::string> exceptions; ///< NO_PROXY: names, ".suffix", addresses, "*"

    /// The hop that leads to an origin, or null for a direct connection. Loopback is always direct.
    [[nodiscard]] const Hop* hopFor(const Origin& origin) const;
};

/// Reads HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY (lower case first; HTTP_PROXY in upper case is ignored under
/// CGI, as curl does). Errors: InvalidArgument, naming the variable but not its value.
[[nodiscard]] Result<ForwardProxy> forwardProxyFromEnvironment();

/// What is fixed while the proxy runs.
struct ProxyConfig
{
    std::string host = "127.0.0.1"; ///< "127.0.0.1" and "localhost" listen on ::1 too
    std::uint16_t port = 4000;      ///< 0 = any free one
    int workers = 0;                ///< 0 = one per core
    ForwardProxy forwardProxy;
    std::string caFile; ///< PEM; trusted beside the system's roots; empty = none
};

} // namespace luthien::proxy
