// SPDX-License-Identifier: Apache-2.0
#include "guard/sql_dynamic.h"

#include <algorithm>
#include <string_view>

namespace luthien::guard {

namespace {

using Kind = SqlToken::Kind;
using enum SqlKeyword;

constexpr std::size_t kMaxLiterals = 256;
/// How far from a word like EXECUTE its literals are looked for, so that the whole stays linear.
constexpr std::size_t kLiteralsWithin = 2000;
constexpr std::size_t kRoutineWithin = 100;

class DynamicFinder
{
public:
    DynamicFinder(const MappedText& text, std::span<const SqlToken> tokens)
        : m_text(text)
        , m_tokens(tokens)
    {
    }

    DynamicSql run()
    {
        for (std::size_t i = 0; i < m_tokens.size(); ++i) {
            if (m_tokens[i].is(Kind::Semicolon) && m_tokens[i].depth == 0)
                m_statement = i + 1;
            else if (m_tokens[i].keyword != None || m_tokens[i].is(Kind::Meta))
                lookAt(i);
        }
        if (!m_found.unreadable.empty())
            collect(0, m_tokens.size(), m_found.perhaps);
        return std::move(m_found);
    }

private:
    [[nodiscard]] SqlKeyword word(std::size_t i) const { return i < m_tokens.size() ? m_tokens[i].keyword : None; }
    [[nodiscard]] bool isKind(std::size_t i, Kind kind) const { return i < m_tokens.size() && m_tokens[i].is(kind); }
    [[nodiscard]] char symbol(std::size_t i) const { return i < m_tokens.size() ? m_tokens[i].symbol : '\0'; }

    void lookAt(std::size_t i)
    {
        switch (m_tokens[i].keyword) {
        case Do:
            if (isKind(i + 1, Kind::String) || word(i + 1) == Language)
                useLiterals(i + 1);
            return;
        case As:
            if (word(m_statement) == Create && isKind(i + 1, Kind::String) && definesRoutine(i))
                useLiterals(i + 1);
            return;
        case Execute:
        case Exec:
            return lookAtExecute(i);
        case Prepare:
            if (word(i + 2) == From && !useLiterals(i + 3))
                m_found.unreadable.push_back(i);
            return;
        case SqlFunction:
            if (!useLiterals(i + 1))
                m_found.unreadable.push_back(i);
            return;
        default:
            if (m_tokens[i].is(Kind::Meta) && m_text.text().substr(m_tokens[i].innerBegin).starts_with("gexec") &&
                !useLiterals(m_statement))
                m_found.unreadable.push_back(i);
        }
    }

    void lookAtExecute(std::size_t i)
    {
        const SqlKeyword before = i > 0 ? word(i - 1) : None;
        if (before == Grant || before == Revoke || word(i + 1) == Function || word(i + 1) == Procedure ||
            word(i + 1) == On || isKind(i + 1, Kind::Comma))
            return;
        if (useLiterals(i + 1))
            return;
        const bool computed = word(i + 1) == Immediate || isKind(i + 1, Kind::Open) || symbol(i + 1) == '@' ||
                              symbol(i + 2) == '|' || symbol(i + 2) == '+';
        if (computed)
            m_found.unreadable.push_back(i);
    }

    [[nodiscard]] bool definesRoutine(std::size_t end) const
    {
        for (std::size_t i = m_statement; i < end && i < m_statement + kRoutineWithin; ++i) {
            if (word(i) == Function || word(i) == Procedure)
                return true;
        }
        return false;
    }

    /// Takes the literals from token first to the statement's end as code. False if there is none.
    bool useLiterals(std::size_t first)
    {
        if (first < m_takenUntil)
            return true; // EXECUTE inside a statement that was taken as a whole
        std::size_t end = first;
        const std::size_t last = std::min(first + kLiteralsWithin, m_tokens.size());
        while (end < last && !(m_tokens[end].is(Kind::Semicolon) && m_tokens[end].depth == 0))
            ++end;
        const std::size_t before = m_found.code.size();
        collect(first, end, m_found.code);
        const std::size_t count = m_found.code.size() - before;
        if (count > 1 && m_found.code.size() < kMaxLiterals) { // 'DR' || 'OP TABLE t'
            MappedText joined;
            for (std::size_t i = before; i < before + count; ++i)
                joined.append(m_found.code[i]);
            m_found.code.push_back(std::move(joined));
        }
        if (count > 0)
            m_takenUntil = end;
        return count > 0;
    }

    void collect(std::size_t first, std::size_t end, std::vector<MappedText>& into)
    {
        for (std::size_t i = first; i < end; ++i) {
            const bool quoted =
                m_tokens[i].is(Kind::String) || (m_tokens[i].is(Kind::Name) && m_text.text()[m_tokens[i].begin] == '"');
            if (!quoted || m_tokens[i].innerEnd == m_tokens[i].innerBegin)
                continue;
            if (into.size() >= kMaxLiterals) {
                m_found.tooMany = true;
                return;
            }
            into.push_back(literalValue(m_text, m_tokens[i]));
        }
    }

    const MappedText& m_text;
    std::span<const SqlToken> m_tokens;
    std::size_t m_statement = 0;
    std::size_t m_takenUntil = 0; ///< literals of earlier tokens are listed already
    DynamicSql m_found;
};

} // namespace

DynamicSql dynamicSql(const MappedText& text, std::span<const SqlToken> tokens)
{
    return DynamicFinder(text, tokens).run();
}

} // namespace luthien::guard
