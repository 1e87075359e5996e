// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::guard {

/// A half-open range of bytes in the text that was given to the detector.
struct TextSpan
{
    std::size_t begin = 0;
    std::size_t end = 0;
    bool operator==(const TextSpan&) const = default;
};

/// Text after quotes and escapes were taken off, where every byte still knows the byte it came from. This is how a
/// finding inside `bash -c "psql -c '...'"` can point into the command the user sees.
class MappedText
{
public:
    MappedText() = default;

    /// The whole text, each byte standing for itself. It must be shorter than 4 GiB.
    static MappedText identity(std::string_view text)
    {
        MappedText mapped;
        mapped.m_text = text;
        mapped.m_origin.resize(text.size());
        for (std::size_t i = 0; i < text.size(); ++i)
            mapped.m_origin[i] = static_cast<std::uint32_t>(i);
        return mapped;
    }

    void append(char byte, std::size_t origin)
    {
        m_text.push_back(byte);
        m_origin.push_back(static_cast<std::uint32_t>(origin));
    }

    /// Several bytes that all came from the same place, e.g. the UTF-8 of one escape.
    void append(std::string_view bytes, std::size_t origin)
    {
        for (const char byte : bytes)
            append(byte, origin);
    }

    void append(const MappedText& other)
    {
        m_text += other.m_text;
        m_origin.insert(m_origin.end(), other.m_origin.begin(), other.m_origin.end());
    }

    [[nodiscard]] MappedText part(std::size_t begin, std::size_t end) const
    {
        MappedText result;
        result.m_text = m_text.substr(begin, end - begin);
        result.m_origin.assign(m_origin.begin() + static_cast<std::ptrdiff_t>(begin),
                               m_origin.begin() + static_cast<std::ptrdiff_t>(end));
        return result;
    }

    [[nodiscard]] std::string_view text() const noexcept { return m_text; }
    [[nodiscard]] std::size_t size() const noexcept { return m_text.size(); }
    [[nodiscard]] bool empty() const noexcept { return m_text.empty(); }
    [[nodiscard]] std::size_t originAt(std::size_t index) const { return m_origin[index]; }

    /// Where [begin, end) of this text lies in the original; the smallest range that holds both ends.
    [[nodiscard]] TextSpan origin(TextSpan span) const
    {
        if (m_origin.empty())
            return {};
        const std::size_t last = m_origin.size() - 1;
        const std::size_t first = m_origin[span.begin < last ? span.begin : last];
        const std::size_t end = span.end == 0 ? 0 : m_origin[span.end - 1 < last ? span.end - 1 : last] + 1U;
        return {first, end > first ? end : first + 1};
    }

private:
    std::string m_text;
    std::vector<std::uint32_t> m_origin;
};

} // namespace luthien::guard
