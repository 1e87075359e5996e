// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/markdown_cutter.h"

#include "desktop/models/markdown_pieces.h"
#include "desktop/models/visible_text.h"

#include <algorithm>
#include <utility>

namespace luthien::desktop {

namespace {
// In bytes. Past the first a stretch ends at the next line without indentation, past the second wherever it is.
constexpr std::size_t kStretch = 2 * 1024;
constexpr std::size_t kLongestStretch = 4 * 1024;
constexpr std::size_t kLongestTableHead = 1024;

std::size_t indentationOf(std::string_view line)
{
    return std::min(line.find_first_not_of(" \t"), line.size());
}

bool isBlank(std::string_view line)
{
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

bool beginsItem(std::string_view line)
{
    line.remove_prefix(indentationOf(line));
    const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
    if (digits > 0 && digits < 10)
        return digits + 1 < line.size() && (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ';
    return line.size() > 1 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ';
}

/// "| --- | :-: |"
bool isTableRule(std::string_view line)
{
    return line.find('-') != std::string_view::npos && line.find('|') != std::string_view::npos &&
           line.find_first_not_of(" \t\r|:-") == std::string_view::npos;
}

std::size_t runOf(std::string_view text, char sign)
{
    return std::min(text.find_first_not_of(sign), text.size());
}

/// True for a line that is nothing but fence signs so far: it may close one.
bool mayBeFence(std::string_view line, char sign)
{
    const char allowed[] = {sign, ' ', '\t', '\r', '\0'};
    return line.find_first_not_of(allowed) == std::string_view::npos;
}
} // namespace

void MarkdownCutter::append(std::string_view utf8)
{
    while (!utf8.empty()) {
        const auto end = utf8.find('\n');
        takePart(utf8.substr(0, end));
        if (end == std::string_view::npos)
            return;
        endLine();
        utf8.remove_prefix(end + 1);
    }
}

void MarkdownCutter::takePart(std::string_view part)
{
    if (m_isWithinLine)
        return m_fence ? m_fence->code.append(part) : extend(part);
    // Only the beginning tells what a line is; the rest of a long one is not gathered here.
    m_partial.append(part);
    const bool isCode = m_fence && !mayBeFence(m_partial, m_fence->sign);
    if (!isCode && m_partial.size() <= kLongestLine)
        return;
    m_isWithinLine = true;
    const std::string line = std::exchange(m_partial, {});
    if (m_fence)
        m_fence->code.append(std::string_view(line).substr(std::min(indentationOf(line), m_fence->indentation)));
    else
        takeLine(line);
}

void MarkdownCutter::endLine()
{
    if (!m_isWithinLine) {
        const std::string line = std::exchange(m_partial, {});
        return m_fence ? takeFencedLine(line) : takeLine(line);
    }
    m_isWithinLine = false;
    if (m_fence)
        m_fence->code.append("\n");
    else
        m_stretch += '\n';
}

void MarkdownCutter::takeFencedLine(std::string_view line)
{
    std::string_view bare = line.substr(indentationOf(line));
    const std::size_t length = runOf(bare, m_fence->sign);
    if (length >= m_fence->length && isBlank(bare.substr(length)))
        return closeFence();
    m_fence->code.append(line.substr(std::min(indentationOf(line), m_fence->indentation)));
    m_fence->code.append("\n");
}

bool MarkdownCutter::openFence(std::string_view line)
{
    const std::size_t indentation = indentationOf(line);
    // More would be code by its indentation, but within a list it is the item's.
    if (indentation > 3 && !m_isList)
        return false;
    line.remove_prefix(indentation);
    if (line.empty() || (line[0] != '`' && line[0] != '~'))
        return false;
    const char sign = line[0];
    const std::size_t length = runOf(line, sign);
    std::string_view language = line.substr(length);
    if (length < 3 || (sign == '`' && language.find('`') != std::string_view::npos))
        return false;
    const QString marker = visibleText(language).trimmed().section(u' ', 0, 0).left(40);
    flush();
    m_fence.emplace(
        Fence{.sign = sign, .length = length, .indentation = indentation, .code = TextCutter(TextStyle::Code, marker)});
    return true;
}

void MarkdownCutter::closeFence()
{
    for (TextPiece& piece : m_fence->code.pieces())
        m_pieces.push_back(std::move(piece));
    m_fence.reset();
}

void MarkdownCutter::takeLine(std::string_view line)
{
    if (isBlank(line)) {
        m_isAfterBlank = !m_stretch.empty();
        m_tableHead.clear();
        m_lastLine.clear();
        m_stretch += '\n';
        return;
    }
    if (!m_isWithinLine && openFence(line))
        return;
    const bool isFlush = indentationOf(line) == 0;
    if (isFlush && (m_isAfterBlank || m_stretch.size() > kStretch))
        flush();
    m_isAfterBlank = false;
    m_isList = m_isList || beginsItem(line);
    noteTable(line);
    extend(line);
    if (!m_isWithinLine)
        m_stretch += '\n';
}

void MarkdownCutter::noteTable(std::string_view line)
{
    if (line.find('|') == std::string_view::npos)
        m_tableHead.clear();
    else if (m_tableHead.empty() && isTableRule(line) && !m_lastLine.empty())
        m_tableHead = m_lastLine + '\n' + std::string(line) + '\n';
    if (m_tableHead.size() > kLongestTableHead)
        m_tableHead.clear();
    m_lastLine = line.substr(0, kLongestTableHead);
}

void MarkdownCutter::extend(std::string_view text)
{
    while (m_stretch.size() + text.size() > kLongestStretch) {
        const std::size_t room = kLongestStretch - std::min(m_stretch.size(), kLongestStretch - 4);
        const std::size_t cut = cutPoint(text, room);
        m_stretch += text.substr(0, cut);
        text.remove_prefix(cut);
        flush();
    }
    m_stretch += text;
}

void MarkdownCutter::flush()
{
    const bool goesOn = !m_isAfterBlank && !m_tableHead.empty();
    for (TextPiece& piece : parsed(m_stretch))
        m_pieces.push_back(std::move(piece));
    m_stretch = goesOn ? m_tableHead : std::string();
    m_dropsHead = goesOn;
    m_isAfterBlank = m_isList = false;
}

std::vector<TextPiece> MarkdownCutter::parsed(std::string_view stretch) const
{
    std::vector<TextPiece> pieces = readMarkdown(stretch);
    if (m_dropsHead && !pieces.empty() && pieces.front().style == TextStyle::TableRow)
        pieces.erase(pieces.begin());
    return pieces;
}

std::vector<TextPiece> MarkdownCutter::piecesFrom(std::size_t first) const
{
    std::vector<TextPiece> result(m_pieces.begin() + static_cast<std::ptrdiff_t>(std::min(first, m_pieces.size())),
                                  m_pieces.end());
    const std::size_t skipped = first > m_pieces.size() ? first - m_pieces.size() : 0;
    std::vector<TextPiece> rest = m_fence ? m_fence->code.piecesFrom(skipped) : parsed(m_stretch + m_partial);
    const std::size_t skip = m_fence ? 0 : std::min(skipped, rest.size());
    result.insert(result.end(), std::make_move_iterator(rest.begin() + static_cast<std::ptrdiff_t>(skip)),
                  std::make_move_iterator(rest.end()));
    return result;
}

std::size_t MarkdownCutter::settled() const noexcept
{
    return m_pieces.size() + (m_fence ? m_fence->code.settled() : 0);
}

} // namespace luthien::desktop
