// SPDX-License-Identifier: Apache-2.0
#include "archive/html_text.h"

#include "base/hidden_character.h"
#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace luthien::archive {

namespace {
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
        const Utf8Character character = firstCharacter(text);
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
