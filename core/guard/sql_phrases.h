// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/finding.h"
#include "guard/sql_lexer.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace luthien::guard {

/// A destructive statement as its words tell it.
struct SqlPhrase
{
    SqlClass what = SqlClass::Drop;
    std::size_t first = 0; ///< its first token
    std::size_t end = 0;   ///< one after its last token
    std::string_view reason;
    bool hasCondition = false; ///< a WHERE is there, but can not tell rows apart
};

/// Finds destructive statements by their words alone, wherever they stand: after `;`, in a common table expression,
/// in a function body, or behind another statement without `;` (T-SQL needs none). Reads code only, never the inside
/// of strings and comments. In doubt it reports: PostgreSQL's grammar may refute later.
[[nodiscard]] std::vector<SqlPhrase> destructivePhrases(std::string_view text, std::span<const SqlToken> tokens,
                                                        SqlQuirks quirks);

} // namespace luthien::guard
