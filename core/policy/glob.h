// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <re2/re2.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace luthien::policy {

/// A pattern that can be shared by all threads. RE2 needs time linear in the text, whatever the pattern.
using Pattern = std::shared_ptr<const re2::RE2>;

/// Finds the expression anywhere in a text. Errors: InvalidInput.
[[nodiscard]] Result<Pattern> compileExpression(std::string_view expression);
/// Matches whole texts: '*' stands for any run of characters, line breaks too, '?' for one, all others for themselves.
/// Errors: InvalidInput.
[[nodiscard]] Result<Pattern> compileGlob(std::string_view glob);
/// Matches what any of the globs does. Errors: InvalidInput.
[[nodiscard]] Result<Pattern> compileGlobs(std::span<const std::string> globs);

/// Where the pattern is found.
struct PatternHit
{
    std::size_t begin = 0;
    std::size_t end = 0;
};
[[nodiscard]] std::optional<PatternHit> find(const Pattern& pattern, std::string_view text);
[[nodiscard]] bool matches(const Pattern& pattern, std::string_view text);

} // namespace luthien::policy
