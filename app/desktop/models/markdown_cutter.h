// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/text_cutter.h"

#include <optional>

namespace luthien::desktop {

/// Cuts Markdown that may still grow into rows. It is parsed in stretches of a few KiB that end at a blank line before
/// a line without indentation, so that appending looks at the last stretch only, however long the message is. What a
/// stretch defines is not known in the next: references to links stay as they are written. Thread: one at a time.
class MarkdownCutter
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
    struct Fence
    {
        char sign = '`';
        std::size_t length = 3;
        std::size_t indentation = 0;
        TextCutter code;
    };
    void takePart(std::string_view part);
    void endLine();
    void takeLine(std::string_view line);
    void takeFencedLine(std::string_view line);
    [[nodiscard]] bool openFence(std::string_view line);
    void closeFence();
    void noteTable(std::string_view line);
    void extend(std::string_view text);
    void flush();
    [[nodiscard]] std::vector<TextPiece> parsed(std::string_view stretch) const;

    std::vector<TextPiece> m_pieces; ///< of stretches that are over
    std::string m_stretch;
    std::string m_partial;       ///< the line that is not over, as long as it may be anything
    bool m_isWithinLine = false; ///< what comes until the next line belongs to the stretch, or to the code
    bool m_isAfterBlank = false;
    bool m_isList = false;    ///< an item began in the stretch
    std::string m_lastLine;   ///< of the stretch, as far as it may be the head of a table
    std::string m_tableHead;  ///< the two lines that a table begins with, while it goes on
    bool m_dropsHead = false; ///< the stretch begins with a head that was shown before
    std::optional<Fence> m_fence;
};

} // namespace luthien::desktop
