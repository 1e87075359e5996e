// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace luthien {

/// One character and how many bytes it takes; length 0 = what is there is no UTF-8.
struct Utf8Character
{
    char32_t code = 0;
    std::size_t length = 0;
};

/// The character at the start of text, which is not empty. Overlong forms, surrogates and what is cut off are none.
/// Source: RFC 3629, section 4.
[[nodiscard]] constexpr Utf8Character firstCharacter(std::string_view text) noexcept
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
        if ((byte(at) & 0xc0U) != 0x80U)
            return {};
        code = code << 6 | (byte(at) & 0x3fU);
    }
    constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
    const bool isScalar = code >= kSmallest[length] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isScalar ? Utf8Character{code, length} : Utf8Character{};
}

} // namespace luthien
