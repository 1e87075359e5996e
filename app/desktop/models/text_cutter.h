// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/text_piece.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::desktop {

/// Where to cut text of more than `most` bytes: after a space, else at a character. At most the size.
[[nodiscard]] std::size_t cutPoint(std::string_view text, std::size_t most);
/// In bytes; a line no longer than this is looked at whole.
inline constexpr std::size_t kLongestLine = 2'000;
/// In characters. Laying out a piece costs about 0.2 us a character; a frame has room for several of this size.
inline constexpr qsizetype kPieceLength = 1'500;

/// Cuts text that may still grow into pieces of at most about 1,500 characters, at the ends of lines where it can,
/// and reads nothing into it. Appending looks at the new text and the last piece only. Thread: one at a time.
class TextCutter
{
public:
    /// style and marker are those of every piece.
    explicit TextCutter(TextStyle style = TextStyle::Code, QString marker = {})
        : m_style(style)
        , m_marker(std::move(marker))
    {
    }

    void append(std::string_view utf8);

    /// All pieces of the text so far; the incomplete last line counts as a line.
    [[nodiscard]] std::vector<TextPiece> pieces() const { return piecesFrom(0); }
    /// The pieces from a number on, for a view that has the ones before.
    [[nodiscard]] std::vector<TextPiece> piecesFrom(std::size_t first) const;
    /// Pieces before this one never change again.
    [[nodiscard]] std::size_t settled() const noexcept { return m_pieces.empty() ? 0 : m_pieces.size() - 1; }

private:
    void takeLine(const QString& line);

    TextStyle m_style;
    QString m_marker;
    std::vector<TextPiece> m_pieces;
    std::string m_partial;       ///< the incomplete last line, UTF-8
    bool m_isWithinLine = false; ///< the last piece ends within a line that was cut
};

} // namespace luthien::desktop
