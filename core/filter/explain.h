// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/expression.h"

#include <string>

namespace luthien::filter {

/// What a filter means, for a person to check.
struct Explanation
{
    std::string sentence;  ///< plain English
    std::string canonical; ///< see toText()
    bool operator==(const Explanation&) const = default;
};

[[nodiscard]] Explanation explain(const Expression& expression);

} // namespace luthien::filter
