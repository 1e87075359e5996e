// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/text_cutter.h"

#include "desktop/models/visible_text.h"

namespace luthien::desktop {

std::size_t cutPoint(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return text.size();
    const auto space = text.substr(0, most).rfind(' ');
    if (space != std::string_view::npos && space > most / 2)
        return space + 1;
    std::size_t at = most;
    while (at > 1 && at > most - 4 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
        --at;
    return at;
}

void TextCutter::append(std::string_view utf8)
{
    while (!utf8.empty()) {
        const auto end = utf8.find('\n');
        // A long line is taken off in cuts: only what is cut is copied, never what follows it.
        std::string_view rest = utf8.substr(0, end);
        while (m_partial.size() + rest.size() > kLongestLine) {
            const std::size_t more = kLongestLine + 1 > m_partial.size() ? kLongestLine + 1 - m_partial.size() : 0;
            m_partial.append(rest.substr(0, more));
            rest.remove_prefix(std::min(more, rest.size()));
            const std::size_t cut = cutPoint(m_partial, kLongestLine);
            takeLine(visibleText(std::string_view(m_partial).substr(0, cut)));
            m_isWithinLine = true;
            m_partial.erase(0, cut);
        }
        m_partial.append(rest);
        if (end == std::string_view::npos)
            return;
        if (m_partial.ends_with('\r'))
            m_partial.pop_back();
        takeLine(visibleText(m_partial));
        m_isWithinLine = false;
        m_partial.clear();
        utf8.remove_prefix(end + 1);
    }
}

std::vector<TextPiece> TextCutter::piecesFrom(std::size_t first) const
{
    const auto from = static_cast<std::ptrdiff_t>(std::min(first, m_pieces.size()));
    if (m_partial.empty())
        return {m_pieces.begin() + from, m_pieces.end()};
    // The incomplete line is taken on a copy that holds the growing piece only.
    const std::size_t kept = settled();
    TextCutter tail(m_style, m_marker);
    tail.m_pieces.assign(m_pieces.begin() + static_cast<std::ptrdiff_t>(kept), m_pieces.end());
    tail.m_isWithinLine = m_isWithinLine;
    tail.takeLine(visibleText(m_partial));
    std::vector<TextPiece> result;
    if (first < kept)
        result.assign(m_pieces.begin() + from, m_pieces.begin() + static_cast<std::ptrdiff_t>(kept));
    const std::size_t skip = first > kept ? std::min(first - kept, tail.m_pieces.size()) : 0;
    result.insert(result.end(), tail.m_pieces.begin() + static_cast<std::ptrdiff_t>(skip), tail.m_pieces.end());
    return result;
}

void TextCutter::takeLine(const QString& line)
{
    if (m_pieces.empty() || m_isWithinLine || m_pieces.back().text.size() + line.size() > kPieceLength) {
        m_pieces.push_back({.style = m_style, .continues = !m_pieces.empty(), .marker = m_marker, .text = line});
        return;
    }
    m_pieces.back().text += u'\n';
    m_pieces.back().text += line;
}

} // namespace luthien::desktop
