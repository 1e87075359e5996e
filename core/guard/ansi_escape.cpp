// SPDX-License-Identifier: Apache-2.0
#include "guard/ansi_escape.h"

#include <string_view>

namespace luthien::guard {

std::size_t appendAnsiEscape(const MappedText& in, std::size_t at, MappedText& word)
{
    static constexpr std::string_view kFrom = "abefnrtv";
    static constexpr std::string_view kTo = "\a\b\033\f\n\r\t\v";
    const std::string_view text = in.text();
    const std::size_t origin = in.originAt(at);
    const char c = ++at < text.size() ? text[at] : '\0';
    const bool hex = c == 'x' || c == 'u' || c == 'U';
    if (!hex && !(c >= '0' && c <= '7')) {
        const std::size_t index = kFrom.find(c);
        word.append(index == std::string_view::npos ? c : kTo[index], origin);
        return at + 1;
    }
    at += hex ? 1 : 0;
    const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 3;
    const std::string_view allowed = hex ? "0123456789abcdefABCDEF" : "01234567";
    unsigned value = 0;
    for (std::size_t i = 0; i < digits && at < text.size(); ++i, ++at) {
        const std::size_t digit = allowed.find(text[at]);
        if (digit == std::string_view::npos)
            break;
        value = value * (hex ? 16 : 8) + static_cast<unsigned>(digit > 15 ? digit - 6 : digit);
    }
    word.append(value < 0x80 ? static_cast<char>(value) : '?', origin);
    return at;
}

} // namespace luthien::guard
