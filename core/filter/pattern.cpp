// SPDX-License-Identifier: Apache-2.0
#include "filter/pattern.h"

#include <re2/re2.h>

#include <cstdint>
#include <utility>

namespace luthien::filter {

namespace {
constexpr std::int64_t kMaxPatternMemory = 1024L * 1024;

char folded(char letter, Case rule) noexcept
{
    return rule == Case::IgnoredInAscii && letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
}

/// Behind the UTF-8 character at position.
std::size_t afterCharacter(std::string_view text, std::size_t position) noexcept
{
    ++position;
    while (position < text.size() && (static_cast<unsigned char>(text[position]) & 0xC0U) == 0x80)
        ++position;
    return position;
}

re2::StringPiece piece(std::string_view text)
{
    return {text.data(), text.size()};
}
} // namespace

bool matchesGlob(std::string_view text, std::string_view glob, Case rule)
{
    std::size_t at = 0;
    std::size_t next = 0;
    std::size_t star = std::string_view::npos; // the last '*' seen, and what it has swallowed up to
    std::size_t swallowed = 0;
    while (at < text.size()) {
        if (next < glob.size() && glob[next] == '*') {
            star = next++;
            swallowed = at;
        } else if (next < glob.size() && glob[next] == '?') {
            at = afterCharacter(text, at);
            ++next;
        } else if (next < glob.size() && folded(glob[next], rule) == folded(text[at], rule)) {
            ++at;
            ++next;
        } else if (star != std::string_view::npos) {
            swallowed = afterCharacter(text, swallowed);
            at = swallowed;
            next = star + 1;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', next) == std::string_view::npos;
}

bool hasWildcard(std::string_view glob) noexcept
{
    return glob.find_first_of("*?") != std::string_view::npos;
}

Pattern::Pattern(std::shared_ptr<const re2::RE2> compiled)
    : m_compiled(std::move(compiled))
{
}

Result<Pattern> Pattern::compile(std::string_view expression)
{
    if (expression.size() > kMaxBytes)
        return Error{ErrorCode::TooLarge, "this expression is longer than 1 KiB", {}};
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMaxPatternMemory);
    auto compiled = std::make_shared<const re2::RE2>(piece(expression), options);
    if (!compiled->ok())
        return Error{ErrorCode::InvalidInput, "RE2 does not accept this expression: " + compiled->error(), {}};
    return Pattern(std::move(compiled));
}

bool Pattern::isIn(std::string_view text) const
{
    return m_compiled->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

const std::string& Pattern::expression() const
{
    return m_compiled->pattern();
}

} // namespace luthien::filter
