// SPDX-License-Identifier: Apache-2.0
#include "protocol/folded_name.h"

#include <algorithm>
#include <cstddef>

namespace luthien::protocol {

std::string foldedName(std::string_view name)
{
    std::string plain;
    for (std::size_t at = 0; at < name.size(); ++at) {
        const std::string_view rest = name.substr(at);
        if (rest.starts_with("\u017F")) {
            plain += 's';
            at += 1;
        } else if (rest.starts_with("\u212A")) {
            plain += 'k';
            at += 2;
        } else {
            plain += rest[0] >= 'A' && rest[0] <= 'Z' ? static_cast<char>(rest[0] - 'A' + 'a') : rest[0];
        }
    }
    return plain;
}

bool isOtherSpelling(std::string_view name, std::span<const std::string_view> names)
{
    const auto isPlain = [](char letter) { return (letter >= 'a' && letter <= 'z') || letter == '_'; };
    if (std::ranges::all_of(name, isPlain) || std::ranges::find(names, name) != names.end())
        return false;
    return std::ranges::find(names, foldedName(name)) != names.end();
}

} // namespace luthien::protocol
