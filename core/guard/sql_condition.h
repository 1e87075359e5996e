// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/sql_lexer.h"

#include <span>
#include <string_view>

namespace luthien::guard {

/// Whether a WHERE condition (its tokens, without WHERE) can hold for some rows of a table and not for others. One
/// that names no column (`true`, `1=1`, `'a' LIKE '%'`), compares a column with itself, or has such an arm in an OR
/// holds for all. A condition that is plainly false (`false`, `0`, `NULL`, `1=0`) harms nothing and counts as able.
[[nodiscard]] bool canTellRowsApart(std::string_view text, std::span<const SqlToken> condition, SqlQuirks quirks);

} // namespace luthien::guard
