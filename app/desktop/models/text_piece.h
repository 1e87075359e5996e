// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <cstdint>

namespace luthien::desktop {

/// How a piece of message text is set.
enum class TextStyle : std::uint8_t { Paragraph, Heading, ListItem, Quote, Code, TableRow, Divider };

/// How some characters within a piece are set; where more than one holds it is their sum.
inline constexpr int kBold = 1;
inline constexpr int kItalic = 2;
inline constexpr int kInlineCode = 4;
inline constexpr int kStruck = 8;
inline constexpr int kLink = 16;

/// What one row of a list shows: short enough that laying it out again costs little.
struct TextPiece
{
    TextStyle style = TextStyle::Paragraph;
    int depth = 0;          ///< ListItem: nesting; Heading: level from 1; TableRow: 1 = the head of the table
    bool quoted = false;    ///< stands within a quotation
    bool continues = false; ///< goes on where the piece before it was cut
    QString marker;         ///< ListItem: its bullet or number; Code: the language
    QString text;           ///< TableRow: the cells with tabs between
    QList<int> spans;       ///< begin, length and style in turn, of the text
    QStringList links;      ///< where the spans with kLink lead, in their order
    QStringList cells;      ///< TableRow
    QList<int> widths;      ///< TableRow: of the columns, in characters
    bool operator==(const TextPiece&) const = default;
};

} // namespace luthien::desktop
