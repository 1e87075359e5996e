// SPDX-License-Identifier: Apache-2.0
#include "proxy/access.h"

#include "protocol/query.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::proxy {

namespace {
constexpr std::array<std::string_view, 3> kLoopback = {"127.0.0.1", "localhost", "[::1]"};
constexpr std::string_view kTokenField = "x-luthien-token";
/// Where the APIs put their key.
constexpr std::array<std::string_view, 5> kTokenFields = {kTokenField, "authorization", "x-api-key", "api-key",
                                                          "x-goog-api-key"};

bool isOwnHost(std::string_view host, std::uint16_t ownPort)
{
    for (const std::string_view name : kLoopback) {
        if (host.size() < name.size() || !protocol::equalsIgnoringCase(host.substr(0, name.size()), name))
            continue;
        const std::string_view rest = host.substr(name.size());
        if (rest.empty() ? ownPort == 80 : rest == ':' + std::to_string(ownPort))
            return true;
    }
    return false;
}

bool isAllowedHost(const ClientAccess& access, std::uint16_t ownPort, std::string_view host)
{
    return isOwnHost(host, ownPort) || std::ranges::any_of(access.hosts, [host](const std::string& allowed) {
               return protocol::equalsIgnoringCase(allowed, host);
           });
}

std::string_view bare(std::string_view value)
{
    constexpr std::string_view scheme = "Bearer ";
    if (value.size() > scheme.size() && protocol::equalsIgnoringCase(value.substr(0, scheme.size()), scheme))
        value.remove_prefix(scheme.size());
    return value;
}

/// Compares in constant time, so that a token cannot be guessed byte by byte.
bool isToken(const ClientAccess& access, std::string_view value)
{
    bool found = false;
    for (const std::string& token : access.tokens)
        found |= token.size() == value.size() && !token.empty() &&
                 CRYPTO_memcmp(token.data(), value.data(), value.size()) == 0;
    return found;
}

/// Gemini's clients may put their key into the query.
std::string withoutToken(const ClientAccess& access, std::string_view target)
{
    return protocol::withoutParameters(target, [&access](const std::string& name, const std::string& value) {
        return name == kKeyParameter && isToken(access, value);
    });
}
} // namespace

std::optional<protocol::HttpError> checkAccess(const ClientAccess& access, std::uint16_t ownPort,
                                               const protocol::RequestHead& head)
{
    if (!isAllowedHost(access, ownPort, head.fields.value("host")))
        return protocol::HttpError{403, "host_refused", "This proxy does not answer to that Host."};
    for (const protocol::Field& field : head.fields.all()) {
        if (protocol::equalsIgnoringCase(field.name, "origin") &&
            std::ranges::find(access.origins, field.value) == access.origins.end())
            return protocol::HttpError{403, "origin_refused", "This Origin is not allowed to use the proxy."};
    }
    if (!access.tokenRequired)
        return std::nullopt;
    const bool known = std::ranges::any_of(
        kTokenFields, [&](std::string_view name) { return isToken(access, bare(head.fields.value(name))); });
    if (!known && withoutToken(access, head.target) == head.target)
        return protocol::HttpError{401, "token_missing", "A client token of this proxy is required."};
    return std::nullopt;
}

void removeClientToken(const ClientAccess& access, protocol::RequestHead& head)
{
    head.target = withoutToken(access, head.target);
    head.fields.remove(kTokenField);
    std::vector<std::string> spent;
    for (const protocol::Field& field : head.fields.all()) {
        const bool carriesKey = std::ranges::any_of(
            kTokenFields, [&](std::string_view name) { return protocol::equalsIgnoringCase(name, field.name); });
        if (carriesKey && isToken(access, bare(field.value)))
            spent.push_back(field.name);
    }
    for (const std::string& name : spent)
        head.fields.remove(name);
}

} // namespace luthien::proxy
