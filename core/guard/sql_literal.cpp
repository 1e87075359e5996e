// SPDX-License-Identifier: Apache-2.0
#include "guard/sql_lexer.h"

#include <cstddef>

namespace luthien::guard {

namespace {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Reads a literal's inside and undoes its quoting.
class LiteralReader
{
public:
    LiteralReader(const MappedText& text, const SqlToken& token)
        : m_text(text)
        , m_at(token.innerBegin)
        , m_end(token.innerEnd)
        , m_quote(token.quote)
        , m_close(m_quote == '$'                             ? '\0'
                  : text.text()[token.innerBegin - 1] == '[' ? ']'
                                                             : text.text()[token.innerBegin - 1])
    {
    }

    MappedText run()
    {
        while (m_at < m_end) {
            const char c = byte(m_at);
            if (c == '\\' && m_quote == 'U')
                readUnicodeEscape(m_at + 1);
            else if (c == '\\' && (m_quote == 'E' || m_quote == '\\') && m_at + 1 < m_end)
                readBackslash();
            else if (c == '\\' || c == m_close)
                keep(c, c == m_close && m_at + 1 < m_end && byte(m_at + 1) == m_close ? 2 : 1);
            else
                keepPlain();
        }
        return std::move(m_value);
    }

private:
    [[nodiscard]] char byte(std::size_t index) const { return index < m_end ? m_text.text()[index] : '\0'; }

    void keep(char value, std::size_t length)
    {
        m_value.append(value, m_text.originAt(m_at));
        m_at += length;
    }

    void keepPlain()
    {
        const std::size_t begin = m_at;
        while (m_at < m_end && byte(m_at) != '\\' && byte(m_at) != m_close)
            ++m_at;
        m_value.append(m_text, begin, m_at);
    }

    /// U&'\0041' and U&'\+000041'.
    void readUnicodeEscape(std::size_t from)
    {
        const bool isLong = byte(from) == '+';
        if (!readCodePoint(from + (isLong ? 1 : 0), isLong ? 6 : 4))
            keep('\\', byte(from) == '\\' ? 2 : 1);
    }

    void readBackslash()
    {
        const char c = byte(m_at + 1);
        const bool postgres = m_quote == 'E';
        if (postgres && ((c == 'u' && readCodePoint(m_at + 2, 4)) || (c == 'U' && readCodePoint(m_at + 2, 8)) ||
                         (c == 'x' && readCodePoint(m_at + 2, 2)) || readOctal()))
            return;
        switch (c) {
        case 'n':
            return keep('\n', 2);
        case 't':
            return keep('\t', 2);
        case 'r':
            return keep('\r', 2);
        default:
            return keep(c, 2);
        }
    }

    bool readOctal()
    {
        int value = 0;
        std::size_t i = m_at + 1;
        for (; i < m_at + 4 && byte(i) >= '0' && byte(i) <= '7'; ++i)
            value = value * 8 + (byte(i) - '0');
        if (i == m_at + 1)
            return false;
        keep(static_cast<char>(value), i - m_at);
        return true;
    }

    /// Exactly digits hex digits (for two, one will do). Code points outside ASCII become '?': no keyword holds one.
    bool readCodePoint(std::size_t from, int digits)
    {
        unsigned value = 0;
        int read = 0;
        for (; read < digits && hexDigit(byte(from + static_cast<std::size_t>(read))) >= 0; ++read)
            value = value * 16 + static_cast<unsigned>(hexDigit(byte(from + static_cast<std::size_t>(read))));
        if (read != digits && !(digits == 2 && read == 1))
            return false;
        keep(value < 0x80 ? static_cast<char>(value) : '?', from + static_cast<std::size_t>(read) - m_at);
        return true;
    }

    const MappedText& m_text;
    std::size_t m_at;
    std::size_t m_end;
    char m_quote;
    char m_close;
    MappedText m_value;
};

} // namespace

MappedText literalValue(const MappedText& text, const SqlToken& token)
{
    return LiteralReader(text, token).run();
}

} // namespace luthien::guard
