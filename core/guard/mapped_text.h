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
/// finding inside `bash -c "psql -c '...'"` can point into the command the user sees. The text must be shorter than
/// 4 GiB. Bytes that stood side by side there cost nothing but themselves.
class MappedText
{
public:
    MappedText() = default;

    /// The whole text, each byte standing for itself.
    [[nodiscard]] static MappedText identity(std::string_view text)
    {
        MappedText mapped;
        mapped.m_text = text;
        return mapped;
    }

    void append(char byte, std::size_t origin)
    {
        continueFrom(origin);
        m_text.push_back(byte);
    }

    /// Several bytes that all came from the same place, e.g. the UTF-8 of one escape.
    void append(std::string_view bytes, std::size_t origin)
    {
        for (const char byte : bytes)
            append(byte, origin);
    }

    void append(const MappedText& other) { append(other, 0, other.size()); }

    /// The bytes [begin, end) of another text, which must be within it.
    void append(const MappedText& other, std::size_t begin, std::size_t end)
    {
        if (begin >= end)
            return;
        if (!other.m_more.empty())
            return appendRuns(other, begin, end);
        continueFrom(other.m_first.origin + begin);
        m_text.append(other.m_text, begin, end - begin);
    }

    [[nodiscard]] MappedText part(std::size_t begin, std::size_t end) const
    {
        MappedText result;
        result.append(*this, begin, end);
        return result;
    }

    [[nodiscard]] std::string_view text() const noexcept { return m_text; }
    [[nodiscard]] std::size_t size() const noexcept { return m_text.size(); }
    [[nodiscard]] bool empty() const noexcept { return m_text.empty(); }
    [[nodiscard]] std::size_t originAt(std::size_t index) const
    {
        const Run& run = m_more.empty() ? m_first : runOf(index);
        return run.origin + (index - run.at);
    }

    /// Where [begin, end) of this text lies in the original; the smallest range that holds both ends.
    [[nodiscard]] TextSpan origin(TextSpan span) const;

private:
    /// The bytes from at on came from origin, origin + 1, ...
    struct Run
    {
        std::uint32_t at = 0;
        std::uint32_t origin = 0;
    };

    /// The next byte that is appended came from origin.
    void continueFrom(std::size_t origin)
    {
        const Run& last = m_more.empty() ? m_first : m_more.back();
        if (m_text.empty())
            m_first.origin = static_cast<std::uint32_t>(origin);
        else if (last.origin + (m_text.size() - last.at) != origin)
            m_more.push_back({static_cast<std::uint32_t>(m_text.size()), static_cast<std::uint32_t>(origin)});
    }
    void appendRuns(const MappedText& other, std::size_t begin, std::size_t end);
    [[nodiscard]] std::vector<Run>::const_iterator firstRunAfter(std::size_t index) const;
    [[nodiscard]] const Run& runOf(std::size_t index) const;

    std::string m_text;
    Run m_first;
    std::vector<Run> m_more; ///< by at; most texts have one run
};

} // namespace luthien::guard
