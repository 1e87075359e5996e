// SPDX-License-Identifier: Apache-2.0
#include "proxy/config.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace luthien::proxy {

namespace {
constexpr std::array<std::string_view, 5> kFamilies = {"anthropic-messages", "openai", "gemini", "ollama", "other"};

std::optional<std::uint16_t> portFrom(std::string_view text)
{
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value == 0 || value > 65535)
        return std::nullopt;
    return static_cast<std::uint16_t>(value);
}

/// Splits "host", "host:port" or "[v6]:port"; the port is 0 if there is none.
std::optional<Origin> originFrom(std::string_view authority, bool tls)
{
    Origin origin{.tls = tls, .host = {}, .port = static_cast<std::uint16_t>(tls ? 443 : 80)};
    std::string_view host = authority;
    std::string_view rest;
    if (authority.starts_with('[')) {
        const auto close = authority.find(']');
        if (close == std::string_view::npos)
            return std::nullopt;
        host = authority.substr(1, close - 1);
        rest = authority.substr(close + 1);
    } else if (const auto colon = authority.find(':'); colon != std::string_view::npos) {
        host = authority.substr(0, colon);
        rest = authority.substr(colon);
    }
    if (!rest.empty()) {
        const auto port = rest.starts_with(':') ? portFrom(rest.substr(1)) : std::nullopt;
        if (!port)
            return std::nullopt;
        origin.port = *port;
    }
    const bool clean = std::ranges::all_of(host, [](char c) { return c > ' ' && c < 0x7f; });
    if (host.empty() || !clean || host.find_first_of("/\\\"<>@") != std::string_view::npos)
        return std::nullopt;
    origin.host = host;
    std::ranges::transform(origin.host, origin.host.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return origin;
}
} // namespace

std::string Origin::authority() const
{
    std::string text = host.find(':') == std::string::npos ? host : '[' + host + ']';
    if (port != (tls ? 443 : 80))
        text += ':' + std::to_string(port);
    return text;
}

Result<BaseUrl> parseBaseUrl(std::string_view url)
{
    if (url.find_first_of("@?# \t\r\n") != std::string_view::npos) // never repeated: it may hold a password or a key
        return Error{ErrorCode::InvalidArgument, "A base URL has no user, query or fragment.", {}};
    const bool tls = url.starts_with("https://");
    if (!tls && !url.starts_with("http://"))
        return Error{ErrorCode::InvalidArgument, "A base URL begins with http:// or https://.", std::string(url)};
    const std::string_view rest = url.substr(tls ? 8 : 7);
    const auto slash = std::min(rest.find('/'), rest.size());
    const auto origin = originFrom(rest.substr(0, slash), tls);
    if (!origin)
        return Error{ErrorCode::InvalidArgument, "The base URL names no valid host and port.", std::string(url)};
    std::string_view path = rest.substr(slash);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    return BaseUrl{*origin, std::string(path)};
}

std::string_view apiFamilyName(ApiFamily family) noexcept
{
    return kFamilies[static_cast<std::size_t>(family)];
}

std::optional<ApiFamily> apiFamilyFromName(std::string_view name) noexcept
{
    const auto found = std::ranges::find(kFamilies, name);
    if (found == kFamilies.end())
        return std::nullopt;
    return static_cast<ApiFamily>(found - kFamilies.begin());
}

} // namespace luthien::proxy
