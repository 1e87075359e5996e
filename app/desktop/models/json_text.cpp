// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/json_text.h"

#include <algorithm>
#include <vector>

namespace luthien::desktop {

namespace {
bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::optional<unsigned> hexValue(std::string_view digits)
{
    if (digits.size() != 4)
        return std::nullopt;
    unsigned value = 0;
    for (const char c : digits) {
        const bool isLetter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (!isDigit(c) && !isLetter)
            return std::nullopt;
        value = value * 16 + static_cast<unsigned>(isDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value;
}

/// Reads a text once, from its begin to its end or its first fault.
class FaultFinder
{
public:
    explicit FaultFinder(std::string_view text)
        : m_text(text)
    {
    }

    std::optional<JsonFault> run()
    {
        while (!m_what && !m_done)
            value();
        if (!m_what)
            skipBlanks();
        if (!m_what && m_at < m_text.size())
            fail("more follows the value");
        return m_what ? std::optional<JsonFault>({m_at, m_what}) : std::nullopt;
    }

private:
    [[nodiscard]] char next() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    void fail(const char* what) { m_what = what; }
    void skipBlanks() { m_at = afterBlanks(m_text, m_at); }

    void value()
    {
        skipBlanks();
        const char c = next();
        if (c == '{' || c == '[')
            return open(c == '{');
        if (c == '"')
            string();
        else if (c == '-' || isDigit(c))
            number();
        else if (!word("true") && !word("false") && !word("null"))
            fail(m_at < m_text.size() ? "a value is missing" : "the text ends too early");
        if (!m_what)
            follow();
    }

    void open(bool isObject)
    {
        ++m_at;
        m_objects.push_back(isObject);
        skipBlanks();
        if (next() == (isObject ? '}' : ']')) {
            close();
            follow();
        } else if (isObject) {
            key();
        }
    }

    void close()
    {
        ++m_at;
        m_objects.pop_back();
    }

    void key()
    {
        skipBlanks();
        if (next() != '"')
            return fail("a name in quotes is missing");
        string();
        if (m_what)
            return;
        skipBlanks();
        if (next() != ':')
            return fail("a colon is missing");
        ++m_at;
    }

    /// After a value: the brackets that close, and the comma before the next one.
    void follow()
    {
        while (!m_objects.empty()) {
            skipBlanks();
            const bool isObject = m_objects.back();
            const char c = next();
            if (c == ',') {
                ++m_at;
                if (isObject)
                    key();
                return;
            }
            if (c != (isObject ? '}' : ']'))
                return fail(m_at < m_text.size() ? "a comma or a closing bracket is missing"
                                                 : "the text ends too early");
            close();
        }
        m_done = true;
    }

    void string()
    {
        for (++m_at; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '"') {
                ++m_at;
                return;
            }
            if (static_cast<unsigned char>(c) < 0x20)
                return fail("a control character in a string has to be escaped");
            if (c == '\\' && !escape())
                return fail("no such escape");
        }
        fail("a string does not end");
    }

    bool escape()
    {
        const char c = m_at + 1 < m_text.size() ? m_text[m_at + 1] : '\0';
        if (c == 'u') {
            if (!hexValue(m_text.substr(std::min(m_at + 2, m_text.size()), 4)))
                return false;
            m_at += 5;
            return true;
        }
        if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos || c == '\0')
            return false;
        ++m_at;
        return true;
    }

    void digits()
    {
        if (!isDigit(next()))
            return fail("a digit is missing");
        while (isDigit(next()))
            ++m_at;
    }

    void number()
    {
        if (next() == '-')
            ++m_at;
        if (next() == '0')
            ++m_at;
        else
            digits();
        if (!m_what && next() == '.') {
            ++m_at;
            digits();
        }
        if (!m_what && (next() == 'e' || next() == 'E')) {
            ++m_at;
            if (next() == '+' || next() == '-')
                ++m_at;
            digits();
        }
    }

    bool word(std::string_view expected)
    {
        if (!m_text.substr(m_at).starts_with(expected))
            return false;
        m_at += expected.size();
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<bool> m_objects; ///< one bit for each bracket that is open
    const char* m_what = nullptr;
    bool m_done = false;
};

void appendUtf8(std::string& out, unsigned code)
{
    const auto byte = [&out](unsigned value) { out += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | (code >> 6));
        byte(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        byte(0xE0 | (code >> 12));
        byte(0x80 | ((code >> 6) & 0x3F));
        byte(0x80 | (code & 0x3F));
    } else {
        byte(0xF0 | (code >> 18));
        byte(0x80 | ((code >> 12) & 0x3F));
        byte(0x80 | ((code >> 6) & 0x3F));
        byte(0x80 | (code & 0x3F));
    }
}

bool isHighSurrogate(unsigned code)
{
    return code >= 0xD800 && code < 0xDC00;
}

bool isLowSurrogate(unsigned code)
{
    return code >= 0xDC00 && code < 0xE000;
}

unsigned codeAt(std::string_view inside, std::size_t at)
{
    return hexValue(inside.substr(std::min(at + 2, inside.size()), 4)).value_or(0);
}

bool isPairAt(std::string_view inside, std::size_t at)
{
    return inside.size() >= at + 12 && inside[at + 6] == '\\' && inside[at + 7] == 'u' &&
           isHighSurrogate(codeAt(inside, at)) && isLowSurrogate(codeAt(inside, at + 6));
}

/// at = the backslash; returns the length of what was read.
std::size_t appendEscape(std::string& out, std::string_view inside, std::size_t at)
{
    const std::size_t length = unitLength(inside, at, true);
    constexpr std::string_view kNames = "bfnrt";
    constexpr std::string_view kCharacters = "\b\f\n\r\t";
    const char c = inside[std::min(at + 1, inside.size() - 1)];
    if (const std::size_t known = kNames.find(c); known != std::string_view::npos) {
        out += kCharacters[known];
    } else if (c != 'u') {
        out += c;
    } else if (length == 12) {
        const unsigned high = codeAt(inside, at);
        appendUtf8(out, 0x10000 + ((high - 0xD800) << 10) + (codeAt(inside, at + 6) - 0xDC00));
    } else if (const unsigned code = codeAt(inside, at); isHighSurrogate(code) || isLowSurrogate(code)) {
        out += inside.substr(at, length);
    } else {
        appendUtf8(out, code);
    }
    return length;
}
} // namespace

std::optional<JsonFault> findJsonFault(std::string_view text)
{
    return FaultFinder(text).run();
}

std::size_t afterBlanks(std::string_view text, std::size_t at) noexcept
{
    while (at < text.size() && isBlank(text[at]))
        ++at;
    return at;
}

std::size_t afterString(std::string_view text, std::size_t at) noexcept
{
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            return at + 1;
    }
    return text.size();
}

std::size_t afterValue(std::string_view text, std::size_t at, std::uint64_t* members) noexcept
{
    if (members != nullptr)
        *members = 0;
    if (at >= text.size())
        return text.size();
    if (text[at] == '"')
        return afterString(text, at);
    if (text[at] != '{' && text[at] != '[') {
        while (at < text.size() && !isBlank(text[at]) &&
               std::string_view(",]}").find(text[at]) == std::string_view::npos)
            ++at;
        return at;
    }
    std::size_t depth = 0;
    std::uint64_t commas = 0;
    const std::size_t first = afterBlanks(text, at + 1);
    const bool isEmpty = first < text.size() && (text[first] == '}' || text[first] == ']');
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at = afterString(text, at);
            continue;
        }
        ++at;
        if (c == ',' && depth == 1)
            ++commas;
        else if (c == '{' || c == '[')
            ++depth;
        else if ((c == '}' || c == ']') && --depth == 0)
            break;
    }
    if (members != nullptr && !isEmpty)
        *members = commas + 1;
    return at;
}

JsonKind kindAt(std::string_view text, std::size_t at) noexcept
{
    switch (at < text.size() ? text[at] : 'n') {
    case '{':
        return JsonKind::Object;
    case '[':
        return JsonKind::Array;
    case '"':
        return JsonKind::String;
    case 't':
    case 'f':
        return JsonKind::Boolean;
    case 'n':
        return JsonKind::Null;
    default:
        return JsonKind::Number;
    }
}

std::size_t unitLength(std::string_view inside, std::size_t at, bool hasEscapes) noexcept
{
    const auto first = static_cast<unsigned char>(inside[at]);
    std::size_t length = 1;
    if (hasEscapes && first == '\\') {
        const bool isCode = at + 1 < inside.size() && inside[at + 1] == 'u';
        length = !isCode ? 2 : isPairAt(inside, at) ? 12 : 6;
    } else if (first >= 0xC0) {
        while (length < 4 && at + length < inside.size() &&
               (static_cast<unsigned char>(inside[at + length]) & 0xC0U) == 0x80U)
            ++length;
    }
    return std::min(length, inside.size() - at);
}

std::string unescaped(std::string_view inside)
{
    std::string out;
    out.reserve(inside.size());
    for (std::size_t at = 0; at < inside.size();) {
        const std::size_t escape = std::min(inside.find('\\', at), inside.size());
        out += inside.substr(at, escape - at);
        at = escape;
        if (at < inside.size())
            at += appendEscape(out, inside, at);
    }
    return out;
}

} // namespace luthien::desktop
