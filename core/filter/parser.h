// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "filter/expression.h"
#include "filter/lexer.h"

#include <string_view>
#include <variant>

namespace luthien::filter {

constexpr std::size_t kMaxBytes = 4096;
constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxTerms = 256;

/// Reads a filter; only white space means all calls. What it gives can be written again within kMaxBytes. Thread: any.
[[nodiscard]] std::variant<Expression, FilterError> parse(std::string_view text);

/// As parse, for who only shows a sentence. Errors: InvalidInput; the context is "filter, at character N", from 1.
[[nodiscard]] Result<Expression> parseFilter(std::string_view text);
/// "there is no predicate 'modle'; did you mean model?"
[[nodiscard]] std::string sentence(const FilterError& error);
/// The sentence, with its place in the text: "WHAT, at character N", from 1.
[[nodiscard]] Error toError(const FilterError& error, std::string_view text, std::string_view what);

} // namespace luthien::filter
