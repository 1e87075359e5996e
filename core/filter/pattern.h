// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace luthien::filter {

/// Whether A is a. Only ASCII letters are compared without case: so do both databases.
enum class Case : std::uint8_t { Matters, IgnoredInAscii };

/// Matches whole texts: '*' stands for any run of characters, '?' for one, all others for themselves.
[[nodiscard]] bool matchesGlob(std::string_view text, std::string_view glob, Case rule);
[[nodiscard]] bool hasWildcard(std::string_view glob) noexcept;

/// A regular expression in RE2's language, found anywhere in a text in linear time. Immutable. Thread: any.
class Pattern
{
public:
    static constexpr std::size_t kMaxBytes = 1024;

    /// Errors: InvalidInput with what RE2 says, TooLarge.
    [[nodiscard]] static Result<Pattern> compile(std::string_view expression);
    [[nodiscard]] bool isIn(std::string_view text) const;
    [[nodiscard]] const std::string& expression() const;
    /// Equal if they were written alike.
    bool operator==(const Pattern& other) const { return expression() == other.expression(); }

private:
    explicit Pattern(std::shared_ptr<const re2::RE2> compiled);
    std::shared_ptr<const re2::RE2> m_compiled;
};

} // namespace luthien::filter
