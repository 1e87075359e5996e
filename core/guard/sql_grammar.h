// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/finding.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace luthien::guard {

/// What PostgreSQL's own grammar sees in a statement.
struct GrammarView
{
    SqlClasses classes;     ///< destructive ones, DELETE and UPDATE only if there is no WHERE
    bool hasDelete = false; ///< some DELETE that would run, with or without WHERE
    bool hasUpdate = false;
    bool hasOtherAlter = false; ///< an ALTER whose parts are not looked into
};

/// More tokens than this are not given to the grammar: its C code recurses once per operator without a bound, and a
/// chain of 10,000 additions overflows an 8 MiB stack. Also keeps the cost of one statement below 0.2 ms.
inline constexpr std::size_t kMaxGrammarTokens = 160;

/// Parses with libpg_query; nothing if PostgreSQL would refuse the text or it holds a NUL. The caller keeps to
/// kMaxGrammarTokens. String literals are not looked into. Thread: any.
[[nodiscard]] std::optional<GrammarView> viewByGrammar(std::string_view statement);

} // namespace luthien::guard
