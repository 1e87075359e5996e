// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace luthien::policy {

/// One value that is not the same in two definitions.
struct DefinitionDifference
{
    std::string pointer; ///< RFC 6901
    std::string before;  ///< JSON; empty = it is not there
    std::string after;   ///< the same

    bool operator==(const DefinitionDifference&) const = default;
};

/// Where two definitions, as toJson() writes them, differ: in the order of the first, then what only the second has.
/// Items of lists are compared by their place. Whatever is no JSON counts as empty.
[[nodiscard]] std::vector<DefinitionDifference> differences(std::string_view before, std::string_view after);

} // namespace luthien::policy
