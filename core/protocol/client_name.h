// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace luthien::protocol {

struct ClientName
{
    std::string name; ///< "claude-code", ...; for unknown clients the agent string's first product; may be empty
    std::string version;
};

/// What program a User-Agent value names. Source: the table in docs/identity.md.
[[nodiscard]] ClientName clientNameOf(std::string_view userAgent);

} // namespace luthien::protocol
