// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/sha256.h"
#include "control/problem.h"
#include "protocol/http_message.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace luthien::control {

enum class Protection : std::uint8_t { Open, Token };

/// Who may ask: programs of this machine that hold the token; no web page ever does. Thread: any.
class AccessRules
{
public:
    AccessRules(std::uint16_t port, std::string_view token);

    /// Why the request is refused: a Host that is not this server (DNS rebinding) 421, any Origin or a cross-site fetch
    /// 403, a missing or wrong token 401.
    [[nodiscard]] std::optional<Problem> check(const protocol::RequestHead& head, Protection protection) const;

private:
    [[nodiscard]] bool isOurHost(std::string_view host) const;
    [[nodiscard]] bool isToken(std::string_view authorization) const;

    std::uint16_t m_port;
    Digest m_token; ///< compared by digest: equal lengths, no early end
};

} // namespace luthien::control
