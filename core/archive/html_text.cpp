// SPDX-License-Identifier: Apache-2.0
#include "archive/html_text.h"

#include "base/hidden_character.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace luthien::archive {

namespace {
/// One character at the start of text. length 0 = no UTF-8 there.
struct Character
{
    char32_t code = 0;
    std::size_t length = 0;
};

/// Source: RFC 3629; overlong forms and surrogates are none.
Character firstOf(std::string_view text)
{
    const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned lead = byte(0);
    if (lead < 0x80)
        return {lead, 1};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length)
        return {};
    char32_t code = lead & (0x7fU >> length);
    for (std::size_t at = 1; at < length; ++at) {
        if ((byte(at) & 0xc0) != 0x80)
            return {};
        code = code << 6 | (byte(at) & 0x3fU);
    }
    constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
    const bool isScalar = code >= kSmallest[length] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isScalar ? Character{code, length} : Character{};
}

void appendCode(std::string& out, const char* format, unsigned code)
{
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), format, code);
    out.append(text.data(), static_cast<std::size_t>(length));
}

void append(std::string& out, char32_t code, std::string_view bytes)
{
    switch (code) {
    case U'&':
        out += "&amp;";
        return;
    case U'<':
        out += "&lt;";
        return;
    case U'>':
        out += "&gt;";
        return;
    case U'"':
        out += "&quot;";
        return;
    case U'\'':
        out += "&#39;";
        return;
    default:
        break;
    }
    if (code == U'\r' || isHiddenCharacter(code)) // a carriage return may stand for a line that is written over
        appendCode(out, "<span class=\"code\">U+%04X</span>", static_cast<unsigned>(code));
    else
        out += bytes;
}
} // namespace

void appendHtml(std::string& out, std::string_view text)
{
    while (!text.empty()) {
        if (text.starts_with("\r\n"))
            text.remove_prefix(1);
        const Character character = firstOf(text);
        if (character.length == 0) {
            appendCode(out, "<span class=\"code\">0x%02X</span>", static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
            continue;
        }
        append(out, character.code, text.substr(0, character.length));
        text.remove_prefix(character.length);
    }
}

void appendMarkedHtml(std::string& out, std::string_view text, std::vector<ByteRange> marked)
{
    std::ranges::sort(marked);
    std::size_t done = 0;
    for (const auto& [from, to] : marked) {
        const std::size_t begin = std::clamp(from, done, text.size());
        const std::size_t end = std::min(to, text.size());
        if (end <= begin)
            continue;
        appendHtml(out, text.substr(done, begin - done));
        out += "<mark>";
        appendHtml(out, text.substr(begin, end - begin));
        out += "</mark>";
        done = end;
    }
    appendHtml(out, text.substr(done));
}

} // namespace luthien::archive
