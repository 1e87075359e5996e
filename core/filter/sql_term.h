// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/sql.h"

#include <string>

namespace luthien::filter {

/// A part of a condition.
struct SqlPart
{
    std::string sql;
    bool isExact = true; ///< else it holds for more than it should, never for less
};

/// One term over the row of its subject: call and session, or decision. Values go to bind.
[[nodiscard]] SqlPart sqlOf(const Term& term, const SqlOptions& options, const BindValue& bind);

} // namespace luthien::filter
