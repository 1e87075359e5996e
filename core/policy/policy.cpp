// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.h"

#include <algorithm>

namespace luthien::policy {

const PolicyType* findType(Registry registry, std::string_view name) noexcept
{
    const auto found =
        std::find_if(registry.begin(), registry.end(), [&](const PolicyType& type) { return type.name == name; });
    return found == registry.end() ? nullptr : &*found;
}

} // namespace luthien::policy
