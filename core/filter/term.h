// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/expression.h"
#include "filter/lexer.h"

#include <variant>

namespace luthien::filter {

/// What a token of kind Predicate says: the predicate is there, has this operator, and takes this value.
[[nodiscard]] std::variant<Term, FilterError> termFrom(const Token& token);
/// A bare or quoted text: words anywhere in a call.
[[nodiscard]] std::variant<Term, FilterError> textTermFrom(const Token& token);

} // namespace luthien::filter
