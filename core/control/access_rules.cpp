// SPDX-License-Identifier: Apache-2.0
#include "control/access_rules.h"

#include <array>

namespace luthien::control {

namespace {
constexpr std::string_view kBearer = "Bearer ";
}

AccessRules::AccessRules(std::uint16_t port, std::string_view token)
    : m_port(port)
    , m_token(Sha256::of(token))
{
}

std::optional<Problem> AccessRules::check(const protocol::RequestHead& head, Protection protection) const
{
    if (head.fields.count("host") != 1 || !isOurHost(head.fields.value("host")))
        return Problem{.status = 421, .code = "wrong_host", .detail = "The Host field does not name this server."};
    const std::string_view site = head.fields.value("sec-fetch-site");
    if (head.fields.has("origin") || (!site.empty() && site != "none"))
        return Problem{.status = 403, .code = "origin_refused", .detail = "Web pages are not answered."};
    if (protection == Protection::Token &&
        (head.fields.count("authorization") != 1 || !isToken(head.fields.value("authorization"))))
        return Problem{.status = 401,
                       .code = "token_required",
                       .detail = "Send the token of the token file as 'Authorization: Bearer TOKEN'."};
    return std::nullopt;
}

bool AccessRules::isOurHost(std::string_view host) const
{
    static constexpr std::array<std::string_view, 3> kNames{"127.0.0.1", "localhost", "[::1]"};
    for (const std::string_view name : kNames) {
        if (protocol::equalsIgnoringCase(host, std::string(name) + ':' + std::to_string(m_port)))
            return true;
    }
    return false;
}

bool AccessRules::isToken(std::string_view authorization) const
{
    if (authorization.size() <= kBearer.size() ||
        !protocol::equalsIgnoringCase(authorization.substr(0, kBearer.size()), kBearer))
        return false;
    const Digest digest = Sha256::of(authorization.substr(kBearer.size()));
    unsigned difference = 0;
    for (std::size_t at = 0; at < digest.size(); ++at)
        difference |= static_cast<unsigned>(digest[at] ^ m_token[at]);
    return difference == 0;
}

} // namespace luthien::control
