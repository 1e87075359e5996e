// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace luthien::protocol {

/// What %XX escapes stand for, as servers read them; what is no escape stays.
[[nodiscard]] std::string percentDecoded(std::string_view text);

/// A path as servers look it up: decoded, and, since some pass over these, in lower case, without doubled slashes and
/// without one at its end. What they take for a path must be that path to us too.
[[nodiscard]] std::string lookedUpPath(std::string_view path);

/// The target without the query parameters that isSpent(name, value) picks out, both decoded; the rest stays byte for
/// byte. A question mark with nothing left behind it goes too.
template <typename IsSpent>
[[nodiscard]] std::string withoutParameters(std::string_view target, IsSpent isSpent)
{
    const auto question = target.find('?');
    std::string kept(target.substr(0, question));
    if (question == std::string_view::npos)
        return kept;
    bool removed = false;
    char separator = '?';
    for (std::string_view rest = target.substr(question + 1);;) {
        const auto parameter = rest.substr(0, rest.find('&'));
        const auto equals = std::min(parameter.find('='), parameter.size());
        const auto value = parameter.substr(std::min(equals + 1, parameter.size()));
        if (isSpent(percentDecoded(parameter.substr(0, equals)), percentDecoded(value)))
            removed = true;
        else
            kept.append(1, std::exchange(separator, '&')).append(parameter);
        if (parameter.size() == rest.size())
            break;
        rest.remove_prefix(parameter.size() + 1);
    }
    return removed ? kept : std::string(target);
}

} // namespace luthien::protocol
