// SPDX-License-Identifier: Apache-2.0
#include "guard/sql_shape.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>

namespace luthien::guard {

namespace {

using Kind = SqlToken::Kind;
using enum SqlKeyword;

class Shape
{
public:
    Shape(std::string_view text, std::span<const SqlToken> tokens)
        : m_text(text)
        , m_tokens(tokens)
    {
    }

    [[nodiscard]] bool fits(const SqlPhrase& phrase) const
    {
        if (at(phrase.first).is(Kind::Meta) || !begins(phrase.first)) // \! is also find's escaped !
            return false;
        std::size_t i = phrase.first + 1;
        switch (phrase.what) {
        case SqlClass::Drop:
            skip(i, {ObjectKind, ObjectKind, Table, Database, Schema, Function, Procedure, Trigger, Publication,
                     Subscription});
            skip(i, {ObjectKind, Table, If, Exists});
            i += isOneOf(i, {"CONCURRENTLY", "concurrently"}) ? 1 : 0;
            return skipNames(i) && (ends(i) || at(i).is(Kind::Open) || word(i) == On || isBehaviour(i));
        case SqlClass::Truncate:
            skip(i, {Table, Only});
            return skipNames(i) && (ends(i) || isBehaviour(i));
        case SqlClass::DeleteWithoutWhere:
            skip(i, {From, Only});
            return skipNames(i) && (ends(i) || word(i) == Where || word(i) == Using || word(i) == Returning ||
                                    word(i) == Limit || word(i) == Order);
        case SqlClass::UpdateWithoutWhere:
            skip(i, {Only, Ignore, LowPriority});
            return skipNames(i) && word(i) == Set && isName(i + 1) && assigns(i + 2);
        case SqlClass::AlterDrop:
            if (word(i) != Table)
                return false;
            ++i;
            return skipNames(i);
        default:
            return phrase.what != SqlClass::Attach && phrase.what != SqlClass::Privileges;
        }
    }

private:
    [[nodiscard]] const SqlToken& at(std::size_t i) const
    {
        static constexpr SqlToken kNothing{.kind = Kind::Semicolon};
        return i < m_tokens.size() ? m_tokens[i] : kNothing;
    }
    [[nodiscard]] SqlKeyword word(std::size_t i) const { return at(i).keyword; }
    [[nodiscard]] std::string_view text(std::size_t i) const
    {
        return m_text.substr(at(i).begin, at(i).end - at(i).begin);
    }
    [[nodiscard]] bool isName(std::size_t i) const
    {
        return at(i).is(Kind::Name) || (at(i).is(Kind::Word) && word(i) != From && word(i) != Where);
    }

    [[nodiscard]] bool isOneOf(std::size_t i, std::initializer_list<std::string_view> words) const
    {
        return std::find(words.begin(), words.end(), text(i)) != words.end();
    }

    [[nodiscard]] bool isBehaviour(std::size_t i) const
    {
        return isOneOf(i, {"CASCADE", "cascade", "RESTRICT", "restrict", "RESTART", "restart", "CONTINUE", "continue",
                           "PURGE", "purge"});
    }

    [[nodiscard]] bool startsLine(std::size_t i) const
    {
        const std::size_t from = i == 0 ? 0 : m_tokens[i - 1].end;
        return i == 0 || m_text.substr(from, at(i).begin - from).find('\n') != std::string_view::npos;
    }

    [[nodiscard]] bool begins(std::size_t i) const
    {
        return startsLine(i) || m_tokens[i - 1].is(Kind::Semicolon) || m_tokens[i - 1].is(Kind::Open) ||
               m_tokens[i - 1].is(Begin);
    }

    [[nodiscard]] bool ends(std::size_t i) const
    {
        return i >= m_tokens.size() || at(i).is(Kind::Semicolon) || at(i).is(Kind::Close) || startsLine(i);
    }

    void skip(std::size_t& i, std::initializer_list<SqlKeyword> words) const
    {
        for (const SqlKeyword one : words) {
            if (i < m_tokens.size() && word(i) == one)
                ++i;
        }
    }

    /// a, b.c, "d" on one line. False if there is no name.
    bool skipNames(std::size_t& i) const
    {
        if (!isName(i) || startsLine(i))
            return false;
        ++i;
        while ((at(i).symbol == '.' || at(i).is(Kind::Comma)) && isName(i + 1) && !startsLine(i + 1))
            i += 2;
        return true;
    }

    [[nodiscard]] bool assigns(std::size_t i) const
    {
        return at(i).symbol == '=' || (at(i).symbol == '.' && at(i + 2).symbol == '=');
    }

    std::string_view m_text;
    std::span<const SqlToken> m_tokens;
};

} // namespace

bool hasStatementShape(std::string_view text, std::span<const SqlToken> tokens, const SqlPhrase& phrase)
{
    return Shape(text, tokens).fits(phrase);
}

} // namespace luthien::guard
