// SPDX-License-Identifier: Apache-2.0
#include "guard/sql_lexer.h"

#include "guard/byte_set.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace luthien::guard {

namespace {

/// More openings without an end than this, and quotes and comments are no longer believed at all: each one costs a
/// search to the end of the text.
constexpr int kMaxUnclosed = 16;

constexpr ByteSet kQuirkSigns("\\#-$[`/|&");
constexpr ByteSet kWordBytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789$");
/// Letters that begin nothing but a word, whatever follows them: not E'..' or U&'..'.
constexpr ByteSet kPlainLetters("ABCDFGHIJKLMNOPQRSTVWXYZabcdfghijklmnopqrstvwxyz_");
/// Bytes that begin no word and are neither blank, quote, comment nor command.
constexpr ByteSet kPlainSigns("(),;.=<>+%!?@:^~{}|&0123456789");

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isWordByte(char c)
{
    return isLetter(c) || isDigit(c);
}

/// Length of a blank or invisible character outside ASCII at the start of rest (a byte order mark, a no-break or
/// zero-width space), 0 if there is none. Some readers drop them, so they must not glue a keyword to something else.
std::size_t invisibleLength(std::string_view rest)
{
    if (rest.empty() || static_cast<unsigned char>(rest[0]) < 0xC2)
        return 0;
    if (rest.starts_with("\xC2\xA0") || rest.starts_with("\xC2\xAD") || rest.starts_with("\xC2\x85"))
        return 2;
    for (const std::string_view one : {"\xEF\xBB\xBF", "\xE2\x81\xA0", "\xE3\x80\x80", "\xE2\x80\xA8", "\xE2\x80\xA9",
                                       "\xE2\x80\xAF", "\xE1\xA0\x8E"}) {
        if (rest.starts_with(one))
            return 3;
    }
    const bool generalPunctuation = rest.size() >= 3 && rest.starts_with("\xE2\x80");
    return generalPunctuation && static_cast<unsigned char>(rest[2]) <= 0x8F ? 3 : 0;
}

class Lexer
{
public:
    Lexer(std::string_view text, SqlQuirks quirks)
        : m_text(text)
        , m_quirks(quirks)
    {
        m_tokens.reserve(text.size() / 5 + 8);
    }

    std::vector<SqlToken> run()
    {
        while (m_at < m_text.size()) {
            const char first = m_text[m_at];
            if (kPlainLetters.contains(first))
                readWord();
            else if (first == ' ')
                ++m_at;
            else if (kPlainSigns.contains(first) || (!skipBlank() && !skipComment() && !readQuoted() && !readMeta()))
                readPlain();
        }
        return std::move(m_tokens);
    }

private:
    [[nodiscard]] char at(std::size_t index) const { return index < m_text.size() ? m_text[index] : '\0'; }
    [[nodiscard]] bool quirk(SqlQuirk which) const { return has(m_quirks, which); }

    bool skipBlank()
    {
        const std::size_t length = isSpace(m_text[m_at]) ? 1 : invisibleLength(m_text.substr(m_at));
        m_at += length;
        return length > 0;
    }

    bool skipComment()
    {
        const char first = m_text[m_at];
        if (first == '#' && quirk(SqlQuirk::HashComments))
            return skipLine();
        if (first == '-' && at(m_at + 1) == '-') {
            const bool comment = !quirk(SqlQuirk::DashNeedsSpace) || isSpace(at(m_at + 2));
            return comment && skipLine();
        }
        if (first == '*' && at(m_at + 1) == '/' && m_executableComments > 0) {
            --m_executableComments;
            m_at += 2;
            return true;
        }
        if (first != '/' || at(m_at + 1) != '*')
            return false;
        return enterExecutableComment() || skipBlockComment();
    }

    bool skipLine()
    {
        m_at = std::min(m_text.find_first_of("\r\n", m_at), m_text.size());
        return true;
    }

    /// `/*!50001 code */`: MySQL and MariaDB (also `/*M!`) run what other databases take for a comment.
    bool enterExecutableComment()
    {
        const std::size_t mark = m_at + (at(m_at + 2) == 'M' ? 3 : 2);
        if (!quirk(SqlQuirk::ExecutableComments) || at(mark) != '!')
            return false;
        m_at = mark + 1;
        while (isDigit(at(m_at)))
            ++m_at;
        ++m_executableComments;
        return true;
    }

    bool skipBlockComment()
    {
        if (m_unclosed >= kMaxUnclosed)
            return false;
        int open = 1;
        std::size_t i = m_at + 2;
        for (; i < m_text.size() && open > 0; ++i) {
            if (m_text[i] == '*' && at(i + 1) == '/') {
                --open;
                ++i;
            } else if (m_text[i] == '/' && at(i + 1) == '*' && quirk(SqlQuirk::NestedComments)) {
                ++open;
                ++i;
            }
        }
        if (open > 0) {
            ++m_unclosed;
            return false;
        }
        m_at = i;
        return true;
    }

    bool readQuoted()
    {
        const char first = m_text[m_at];
        const bool backslash = quirk(SqlQuirk::BackslashEscapes);
        switch (first) {
        case '\'':
            return readUntil('\'', m_at, backslash ? '\\' : '\'', SqlToken::Kind::String);
        case '"':
            return readUntil('"', m_at, backslash ? '\\' : '"', SqlToken::Kind::Name);
        case '`':
            return quirk(SqlQuirk::BacktickNames) && readUntil('`', m_at, '`', SqlToken::Kind::Name);
        case '[':
            return quirk(SqlQuirk::BracketNames) && readUntil(']', m_at, '[', SqlToken::Kind::Name);
        case '$':
            return quirk(SqlQuirk::DollarQuotes) && readDollarQuoted();
        case 'e':
        case 'E':
            return quirk(SqlQuirk::EscapeStrings) && at(m_at + 1) == '\'' &&
                   readUntil('\'', m_at + 1, 'E', SqlToken::Kind::String);
        case 'u':
        case 'U':
            if (at(m_at + 1) != '&' || (at(m_at + 2) != '\'' && at(m_at + 2) != '"'))
                return false;
            return readUntil(at(m_at + 2), m_at + 2, 'U',
                             at(m_at + 2) == '"' ? SqlToken::Kind::Name : SqlToken::Kind::String);
        default:
            return false;
        }
    }

    bool readUntil(char close, std::size_t open, char quote, SqlToken::Kind kind)
    {
        if (m_unclosed >= kMaxUnclosed)
            return false;
        const bool backslash = quote == '\\' || quote == 'E';
        for (std::size_t i = open + 1; i < m_text.size(); ++i) {
            if (backslash && m_text[i] == '\\') {
                ++i;
            } else if (m_text[i] == close) {
                if (at(i + 1) == close) {
                    ++i;
                    continue;
                }
                push(kind, i + 1, open + 1, i);
                m_tokens.back().quote = quote;
                return true;
            }
        }
        ++m_unclosed;
        return false;
    }

    bool readDollarQuoted()
    {
        std::size_t i = m_at + 1;
        while (isWordByte(at(i)) && i < m_text.size())
            ++i;
        if (at(i) != '$' || isDigit(at(m_at + 1)) || m_unclosed >= kMaxUnclosed)
            return false;
        const std::string_view tag = m_text.substr(m_at, i + 1 - m_at);
        const std::size_t close = m_text.find(tag, i + 1);
        if (close == std::string_view::npos) {
            ++m_unclosed;
            return false;
        }
        push(SqlToken::Kind::String, close + tag.size(), i + 1, close);
        m_tokens.back().quote = '$';
        return true;
    }

    /// psql's `\echo don't`: its quotes end with the line at the latest, `\\` ends the command.
    bool readMeta()
    {
        if (m_text[m_at] != '\\' || !quirk(SqlQuirk::MetaCommands))
            return false;
        const char next = at(m_at + 1);
        if (!isLetter(next) && next != '!') {
            if (next == ';')
                push(SqlToken::Kind::Semicolon, m_at + 2, m_at, m_at);
            else
                m_at += 1;
            return true;
        }
        std::size_t nameEnd = m_at + 2;
        while (next != '!' && isWordByte(at(nameEnd)))
            ++nameEnd;
        std::size_t end = nameEnd;
        while (end < m_text.size() && m_text[end] != '\n' && !(m_text[end] == '\\' && at(end + 1) == '\\'))
            ++end;
        push(SqlToken::Kind::Meta, end, m_at + 1, nameEnd);
        return true;
    }

    void readPlain()
    {
        const char first = m_text[m_at];
        if (isLetter(first))
            return readWord();
        if (isDigit(first)) {
            std::size_t end = m_at + 1;
            while (isWordByte(at(end)) || (at(end) == '.' && isDigit(at(end + 1))))
                ++end;
            return push(SqlToken::Kind::Number, end, m_at, end);
        }
        switch (first) {
        case '(':
            push(SqlToken::Kind::Open, m_at + 1, m_at, m_at);
            ++m_depth;
            return;
        case ')':
            if (m_depth > 0)
                --m_depth;
            return push(SqlToken::Kind::Close, m_at + 1, m_at, m_at);
        case ',':
            return push(SqlToken::Kind::Comma, m_at + 1, m_at, m_at);
        case ';':
            return push(SqlToken::Kind::Semicolon, m_at + 1, m_at, m_at);
        default:
            push(SqlToken::Kind::Symbol, m_at + 1, m_at, m_at + 1);
            m_tokens.back().symbol = first;
        }
    }

    void readWord()
    {
        std::size_t end = m_at + 1;
        while (end < m_text.size() && (kWordBytes.contains(m_text[end]) || isOtherLetter(end)))
            ++end;
        push(SqlToken::Kind::Word, end, m_at, end);
        SqlToken& word = m_tokens.back();
        word.keyword = sqlKeyword(m_text.substr(word.begin, word.end - word.begin));
    }

    /// Any letter outside ASCII, for all we know.
    [[nodiscard]] bool isOtherLetter(std::size_t index) const
    {
        return static_cast<unsigned char>(m_text[index]) >= 0x80 && invisibleLength(m_text.substr(index)) == 0;
    }

    void push(SqlToken::Kind kind, std::size_t end, std::size_t innerBegin, std::size_t innerEnd)
    {
        SqlToken token;
        token.kind = kind;
        token.depth = m_depth;
        token.begin = static_cast<std::uint32_t>(m_at);
        token.end = static_cast<std::uint32_t>(end);
        token.innerBegin = static_cast<std::uint32_t>(innerBegin);
        token.innerEnd = static_cast<std::uint32_t>(innerEnd);
        m_tokens.push_back(token);
        m_at = end;
    }

    std::string_view m_text;
    SqlQuirks m_quirks;
    std::vector<SqlToken> m_tokens;
    std::size_t m_at = 0;
    std::uint32_t m_depth = 0;
    int m_executableComments = 0;
    int m_unclosed = 0;
};

} // namespace

SqlQuirks relevantQuirks(std::string_view text)
{
    SqlQuirks found = 0;
    int commentOpenings = 0;
    const auto add = [&found](SqlQuirk quirk) {
        found = static_cast<SqlQuirks>(found | static_cast<SqlQuirks>(quirk));
    };
    for (std::size_t i = kQuirkSigns.find(text); i < text.size(); i = kQuirkSigns.find(text, i + 1)) {
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        switch (text[i]) {
        case '\\':
            add(SqlQuirk::BackslashEscapes);
            add(SqlQuirk::EscapeStrings);
            add(SqlQuirk::MetaCommands);
            break;
        case '#':
            add(SqlQuirk::HashComments);
            break;
        case '-':
            if (next == '-' && i + 2 < text.size() && !isSpace(text[i + 2]))
                add(SqlQuirk::DashNeedsSpace);
            break;
        case '$':
            add(SqlQuirk::DollarQuotes);
            break;
        case '[':
            add(SqlQuirk::BracketNames);
            break;
        case '`':
            add(SqlQuirk::BacktickNames);
            break;
        case '/':
            if (next == '*' && ++commentOpenings > 1)
                add(SqlQuirk::NestedComments);
            if (next == '*' && (text.substr(i + 2).starts_with('!') || text.substr(i + 2).starts_with("M!")))
                add(SqlQuirk::ExecutableComments);
            break;
        default: // | and &
            if (next == text[i])
                add(SqlQuirk::PipesAreOr);
        }
    }
    return found;
}

std::vector<SqlToken> lexSql(std::string_view text, SqlQuirks quirks)
{
    return Lexer(text, quirks).run();
}

} // namespace luthien::guard
