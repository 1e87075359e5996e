// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace luthien {

/// True for characters that are not seen themselves but hide, reorder or smuggle what is: controls, overrides of the
/// writing direction, zero-width spaces, tags. Line breaks, tabs, joiners and variation selectors of emoji and scripts
/// are not among them. Source: Unicode Technical Report 36, and the Trojan Source paper (CVE-2021-42574).
[[nodiscard]] constexpr bool isHiddenCharacter(char32_t code) noexcept
{
    const auto isWithin = [code](char32_t first, char32_t last) { return code >= first && code <= last; };
    if (code < 0x20)
        return code != U'\t' && code != U'\n' && code != U'\r';
    return isWithin(0x7f, 0x9f) || code == 0x061c || code == 0x180e || code == 0x200b || isWithin(0x200e, 0x200f) ||
           isWithin(0x202a, 0x202e) || isWithin(0x2060, 0x206f) || code == 0xfeff || isWithin(0xfff9, 0xfffb) ||
           isWithin(0xe0000, 0xe03ff);
}

} // namespace luthien
