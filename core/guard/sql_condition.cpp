// SPDX-License-Identifier: Apache-2.0
#include "guard/sql_condition.h"

#include <algorithm>
#include <cstddef>

namespace luthien::guard {

namespace {

using Tokens = std::span<const SqlToken>;
using Kind = SqlToken::Kind;

/// Deeper nesting of parentheses than this counts as able to tell nothing.
constexpr int kMaxDepth = 32;

class Condition
{
public:
    Condition(std::string_view text, SqlQuirks quirks)
        : m_text(text)
        , m_pipesAreOr(has(quirks, SqlQuirk::PipesAreOr))
    {
    }

    [[nodiscard]] bool selects(Tokens tokens, int depth) const
    {
        tokens = withoutOuterParentheses(tokens);
        if (tokens.empty() || depth > kMaxDepth)
            return false;
        const std::uint32_t level = shallowest(tokens);
        while (true) { // every arm of an OR must
            const std::size_t arm = find(tokens, level, SqlKeyword::Or, '|');
            if (!armSelects(tokens.first(arm), level, depth))
                return false;
            if (arm == tokens.size())
                return true;
            tokens = tokens.subspan(arm + width(tokens, arm));
        }
    }

private:
    /// One term of an AND is enough.
    [[nodiscard]] bool armSelects(Tokens tokens, std::uint32_t level, int depth) const
    {
        while (!tokens.empty()) {
            const std::size_t term = find(tokens, level, SqlKeyword::And, '&');
            if (termSelects(tokens.first(term), level, depth))
                return true;
            tokens = tokens.subspan(term < tokens.size() ? term + width(tokens, term) : term);
        }
        return false;
    }

    [[nodiscard]] bool termSelects(Tokens tokens, std::uint32_t level, int depth) const
    {
        if (tokens.size() >= 2 && tokens.front().is(Kind::Open) &&
            withoutOuterParentheses(tokens).size() < tokens.size())
            return selects(tokens, depth + 1);
        return isPlainlyFalse(tokens) || (namesColumn(tokens) && !comparesWithItself(tokens, level));
    }

    static std::uint32_t shallowest(Tokens tokens)
    {
        return std::min_element(tokens.begin(), tokens.end(), [](auto& a, auto& b) { return a.depth < b.depth; })
            ->depth;
    }

    static Tokens withoutOuterParentheses(Tokens tokens)
    {
        for (int layer = 0;
             layer < kMaxDepth && tokens.size() >= 2 && tokens.front().is(Kind::Open) && tokens.back().is(Kind::Close);
             ++layer) {
            const Tokens inner = tokens.subspan(1, tokens.size() - 2);
            const std::uint32_t outside = tokens.front().depth;
            if (std::any_of(inner.begin(), inner.end(), [&](auto& token) { return token.depth <= outside; }))
                break; // ( ... ) and ( ... )
            tokens = inner;
        }
        return tokens;
    }

    /// An operator of two symbols takes two tokens.
    static std::size_t width(Tokens tokens, std::size_t at) { return tokens[at].is(Kind::Symbol) ? 2 : 1; }

    [[nodiscard]] std::size_t find(Tokens tokens, std::uint32_t level, SqlKeyword word, char doubled) const
    {
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            if (tokens[i].depth != level)
                continue;
            if (tokens[i].is(word))
                return i;
            if (m_pipesAreOr && tokens[i].symbol == doubled && i + 1 < tokens.size() && tokens[i + 1].symbol == doubled)
                return i;
        }
        return tokens.size();
    }

    [[nodiscard]] std::string_view text(const SqlToken& token) const
    {
        return m_text.substr(token.begin, token.end - token.begin);
    }

    /// false, 0, NULL, or the = of two different numbers.
    [[nodiscard]] bool isPlainlyFalse(Tokens tokens) const
    {
        if (tokens.size() == 1)
            return tokens[0].is(SqlKeyword::False) || tokens[0].is(SqlKeyword::Null) || text(tokens[0]) == "0";
        return tokens.size() == 3 && tokens[0].is(Kind::Number) && tokens[1].symbol == '=' &&
               tokens[2].is(Kind::Number) && text(tokens[0]).size() == 1 && text(tokens[2]).size() == 1 &&
               text(tokens[0]) != text(tokens[2]);
    }

    /// A name that is neither a function, nor a parameter (:x @x $x {x}), nor a type after a cast.
    [[nodiscard]] static bool namesColumn(Tokens tokens)
    {
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const bool name = tokens[i].is(Kind::Name) || (tokens[i].is(Kind::Word) && tokens[i].is(SqlKeyword::None));
            const bool function = i + 1 < tokens.size() && tokens[i + 1].is(Kind::Open);
            const char before = i > 0 && tokens[i - 1].end == tokens[i].begin ? tokens[i - 1].symbol : '\0';
            const bool parameter = before == ':' || before == '@' || before == '$' || before == '{' || before == '%';
            const bool afterAs = i > 0 && tokens[i - 1].is(SqlKeyword::As);
            const bool prefix = tokens[i].is(Kind::Word) && i + 1 < tokens.size() && tokens[i + 1].is(Kind::String) &&
                                tokens[i + 1].begin == tokens[i].end; // N'..', X'..', _utf8'..'
            if (name && !function && !parameter && !afterAs && !prefix)
                return true;
        }
        return false;
    }

    /// id = id, name LIKE '%'
    [[nodiscard]] bool comparesWithItself(Tokens tokens, std::uint32_t level) const
    {
        for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
            const SqlToken& token = tokens[i];
            if (token.depth == level && token.is(SqlKeyword::Like) && !tokens[i - 1].is(SqlKeyword::Not))
                return i + 2 == tokens.size() && tokens[i + 1].is(Kind::String) &&
                       m_text.substr(tokens[i + 1].innerBegin, 1) == "%" &&
                       tokens[i + 1].end == tokens[i + 1].begin + 3;
            if (token.depth == level && token.symbol == '=') {
                const std::size_t operatorBegin =
                    tokens[i - 1].symbol == '<' || tokens[i - 1].symbol == '>' ? i - 1 : i;
                if (tokens[i - 1].symbol == '!')
                    return false;
                const Tokens right = tokens.subspan(tokens[i + 1].symbol == '=' ? i + 2 : i + 1);
                return std::equal(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(operatorBegin),
                                  right.begin(), right.end(), [this](auto& a, auto& b) { return text(a) == text(b); });
            }
        }
        return false;
    }

    std::string_view m_text;
    bool m_pipesAreOr;
};

} // namespace

bool canTellRowsApart(std::string_view text, std::span<const SqlToken> condition, SqlQuirks quirks)
{
    return Condition(text, quirks).selects(condition, 0);
}

} // namespace luthien::guard
