// SPDX-License-Identifier: Apache-2.0
#include "policy/glob.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace luthien::policy {

namespace {

constexpr std::size_t kMaxPatternBytes = 16UL * 1024;
constexpr std::int64_t kMaxPatternMemory = 1024L * 1024;

re2::StringPiece piece(std::string_view text)
{
    return {text.data(), text.size()};
}

std::string expressionOf(std::string_view glob)
{
    std::string expression;
    while (!glob.empty()) {
        const std::size_t literal = std::min(glob.find_first_of("*?"), glob.size());
        expression += re2::RE2::QuoteMeta(piece(glob.substr(0, literal)));
        glob.remove_prefix(literal);
        if (glob.empty())
            break;
        expression += glob.front() == '*' ? ".*" : ".";
        glob.remove_prefix(1);
    }
    return expression;
}

Result<Pattern> compile(std::string_view expression)
{
    if (expression.size() > kMaxPatternBytes)
        return Error{ErrorCode::InvalidInput, "This pattern is too long.", {}};
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMaxPatternMemory);
    auto pattern = std::make_shared<const re2::RE2>(piece(expression), options);
    if (!pattern->ok())
        return Error{ErrorCode::InvalidInput, "RE2 does not accept this pattern: " + pattern->error() + ".", {}};
    return Pattern(std::move(pattern));
}

} // namespace

Result<Pattern> compileExpression(std::string_view expression)
{
    return compile(expression);
}

Result<Pattern> compileGlob(std::string_view glob)
{
    return compile("(?s)\\A(?:" + expressionOf(glob) + ")\\z");
}

Result<Pattern> compileGlobs(std::span<const std::string> globs)
{
    std::string all;
    for (const std::string& glob : globs)
        all += (all.empty() ? "" : "|") + expressionOf(glob);
    // Without a glob nothing matches, not even an empty name.
    return compile(globs.empty() ? "[^\\x{0}-\\x{10FFFF}]" : "(?s)\\A(?:" + all + ")\\z");
}

std::optional<PatternHit> find(const Pattern& pattern, std::string_view text)
{
    re2::StringPiece found;
    if (!pattern->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, &found, 1))
        return std::nullopt;
    const auto begin = static_cast<std::size_t>(found.data() - text.data());
    return PatternHit{begin, begin + found.size()};
}

bool matches(const Pattern& pattern, std::string_view text)
{
    return pattern->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

} // namespace luthien::policy
