// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::desktop {

/// How a piece of message text is set. The little of Markdown we read; inline marks stay as they came.
enum class TextStyle : std::uint8_t { Paragraph, Heading, ListItem, Quote, Code };

/// What one row of a list shows: short enough that laying it out again costs little.
struct TextPiece
{
    TextStyle style = TextStyle::Paragraph;
    int depth = 0;          ///< ListItem: nesting; Heading: level from 1
    bool continues = false; ///< goes on where the piece before it was cut
    QString marker;         ///< ListItem: its bullet or number; Code: the language
    QString text;
    bool operator==(const TextPiece&) const = default;
};

/// Cuts message text that may still grow into pieces of at most about 1,500 characters, at line and paragraph borders.
/// Appending looks at the new text and the last piece only. Thread: one at a time.
class TextCutter
{
public:
    void append(std::string_view utf8);

    /// All pieces of the text so far; the incomplete last line counts as a line.
    [[nodiscard]] std::vector<TextPiece> pieces() const { return piecesFrom(0); }
    /// The pieces from a number on, for a view that has the ones before.
    [[nodiscard]] std::vector<TextPiece> piecesFrom(std::size_t first) const;
    /// Pieces before this one never change again.
    [[nodiscard]] std::size_t settled() const noexcept;

private:
    void takeLine(const QString& line);
    void takeProse(const QString& line);
    bool takeListItem(const QString& line);
    bool takeHeading(const QString& line);
    void extend(TextStyle style, const QString& line);
    void open(TextPiece piece);
    void close() noexcept { m_isOpen = false; }

    std::vector<TextPiece> m_pieces;
    std::string m_partial; ///< the incomplete last line, UTF-8
    bool m_isOpen = false; ///< the last piece may still grow
    bool m_inFence = false;
};

} // namespace luthien::desktop
