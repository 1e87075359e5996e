// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace luthien::guard {

/// Bytes to look for in a text, at one look-up a byte; find_first_of calls memchr for each.
class ByteSet
{
public:
    constexpr explicit ByteSet(std::string_view bytes)
    {
        for (const char byte : bytes)
            m_has[static_cast<unsigned char>(byte)] = true;
    }

    /// All bytes but these.
    [[nodiscard]] constexpr ByteSet complement() const
    {
        ByteSet others("");
        for (std::size_t i = 0; i < m_has.size(); ++i)
            others.m_has[i] = !m_has[i];
        return others;
    }

    [[nodiscard]] constexpr bool contains(char byte) const { return m_has[static_cast<unsigned char>(byte)]; }

    /// Where the first of the bytes stands, from \p from on; the text's size if there is none.
    [[nodiscard]] constexpr std::size_t find(std::string_view text, std::size_t from = 0) const
    {
        while (from < text.size() && !contains(text[from]))
            ++from;
        return from < text.size() ? from : text.size();
    }

private:
    std::array<bool, 256> m_has{};
};

} // namespace luthien::guard
