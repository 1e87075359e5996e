// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/http_message.h"

#include <string_view>

namespace luthien::protocol {

[[nodiscard]] constexpr std::string_view trimSpace(std::string_view text) noexcept
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Calls visit for every member of a comma-separated field value, trimmed; empty members are passed over.
/// Source: RFC 9110 section 5.6.1.
template <typename Visit>
void forEachMember(std::string_view list, Visit visit)
{
    while (!list.empty()) {
        const auto comma = list.find(',');
        if (const auto member = trimSpace(list.substr(0, comma)); !member.empty())
            visit(member);
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
}

[[nodiscard]] inline bool listHas(std::string_view list, std::string_view member)
{
    bool found = false;
    forEachMember(list, [&](std::string_view each) { found = found || equalsIgnoringCase(each, member); });
    return found;
}

/// True if any field of that name lists member.
[[nodiscard]] inline bool listHas(const Fields& fields, std::string_view name, std::string_view member)
{
    for (const Field& field : fields.all())
        if (equalsIgnoringCase(field.name, name) && listHas(field.value, member))
            return true;
    return false;
}

} // namespace luthien::protocol
