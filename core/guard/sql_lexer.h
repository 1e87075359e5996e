// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/mapped_text.h"
#include "guard/sql_keyword.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace luthien::guard {

/// Where the SQL dialects disagree about what is a comment, a string or code. Each disagreement is a way to hide a
/// statement from a reader of another dialect, so a text is read once per combination that would make a difference.
enum class SqlQuirk : std::uint16_t {
    NestedComments = 1 << 0,     ///< /* /* */ */ is one comment: PostgreSQL, T-SQL
    BackslashEscapes = 1 << 1,   ///< 'it\'s' is one string: MySQL
    EscapeStrings = 1 << 2,      ///< E'it\'s' is one string: PostgreSQL
    HashComments = 1 << 3,       ///< # to the end of the line: MySQL
    DashNeedsSpace = 1 << 4,     ///< --x is two minus signs: MySQL
    DollarQuotes = 1 << 5,       ///< $tag$ ... $tag$: PostgreSQL
    BracketNames = 1 << 6,       ///< [it's a name]: T-SQL, SQLite
    BacktickNames = 1 << 7,      ///< `it's a name`: MySQL, SQLite
    ExecutableComments = 1 << 8, ///< /*!50000 code */: MySQL
    MetaCommands = 1 << 9,       ///< \echo it's: psql
    PipesAreOr = 1 << 10,        ///< a || b means a OR b: MySQL
};
using SqlQuirks = std::uint16_t;
[[nodiscard]] constexpr bool has(SqlQuirks quirks, SqlQuirk quirk)
{
    return (quirks & static_cast<SqlQuirks>(quirk)) != 0;
}

struct SqlToken
{
    enum class Kind : std::uint8_t { Word, Name, String, Number, Symbol, Open, Close, Comma, Semicolon, Meta };

    Kind kind = Kind::Symbol;
    SqlKeyword keyword = SqlKeyword::None; ///< of a Word
    char symbol = 0;                       ///< of a Symbol
    char quote = 0;          ///< of a Name or String: its quote; 'E' = E'', 'U' = U&'', '\\' = '' with backslashes
    std::uint32_t depth = 0; ///< of parentheses around it; an Open and its Close have the depth outside
    std::uint32_t begin = 0; ///< whole token, quotes included
    std::uint32_t end = 0;
    std::uint32_t innerBegin = 0; ///< without the quotes
    std::uint32_t innerEnd = 0;

    [[nodiscard]] bool is(SqlKeyword wanted) const { return keyword == wanted; }
    [[nodiscard]] bool is(Kind wanted) const { return kind == wanted; }
};

/// The quirks that make a difference to this text: reading it with others gives the same tokens.
[[nodiscard]] SqlQuirks relevantQuirks(std::string_view text);

/// Every token of the text; never fails. A quote or comment that is never closed hides nothing: what follows its
/// opening is read as code. Linear in the text's size, which must be below 4 GiB.
[[nodiscard]] std::vector<SqlToken> lexSql(std::string_view text, SqlQuirks quirks);

/// The value of a String or Name token, with escapes decoded.
[[nodiscard]] MappedText literalValue(const MappedText& text, const SqlToken& token);

} // namespace luthien::guard
