// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/text_cutter.h"

#include "desktop/models/visible_text.h"

#include <QRegularExpression>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
// Laying out a piece costs about 0.2 us a character; a frame has room for several of this size.
constexpr qsizetype kPieceLength = 1'500;
// A line longer than this is cut even where it has no space.
constexpr std::size_t kLineBytes = 2'000;

/// Where to cut a line that is too long: after the last space, else at a character border.
std::size_t cutPoint(std::string_view bytes)
{
    const auto space = bytes.substr(0, kLineBytes).rfind(' ');
    if (space != std::string_view::npos && space > kLineBytes / 2)
        return space + 1;
    std::size_t at = kLineBytes;
    while (at > kLineBytes - 4 && (static_cast<unsigned char>(bytes[at]) & 0xC0) == 0x80)
        --at;
    return at;
}

qsizetype indentation(const QString& line)
{
    qsizetype spaces = 0;
    while (spaces < line.size() && (line[spaces] == u' ' || line[spaces] == u'\t'))
        ++spaces;
    return spaces;
}
} // namespace

void TextCutter::append(std::string_view utf8)
{
    while (!utf8.empty()) {
        const auto end = utf8.find('\n');
        m_partial.append(utf8.substr(0, end));
        while (m_partial.size() > kLineBytes) {
            const auto cut = cutPoint(m_partial);
            takeLine(visibleText(std::string_view(m_partial).substr(0, cut)));
            m_partial.erase(0, cut);
        }
        if (end == std::string_view::npos)
            return;
        takeLine(visibleText(m_partial));
        m_partial.clear();
        utf8.remove_prefix(end + 1);
    }
}

std::vector<TextPiece> TextCutter::piecesFrom(std::size_t first) const
{
    if (m_partial.empty())
        return {m_pieces.begin() + static_cast<std::ptrdiff_t>(std::min(first, m_pieces.size())), m_pieces.end()};
    // The incomplete line is taken on a copy that holds the growing piece only.
    TextCutter tail;
    const std::size_t kept = settled();
    tail.m_pieces.assign(m_pieces.begin() + static_cast<std::ptrdiff_t>(kept), m_pieces.end());
    tail.m_isOpen = m_isOpen;
    tail.m_inFence = m_inFence;
    tail.takeLine(visibleText(m_partial));
    std::vector<TextPiece> result;
    if (first < kept)
        result.assign(m_pieces.begin() + static_cast<std::ptrdiff_t>(first),
                      m_pieces.begin() + static_cast<std::ptrdiff_t>(kept));
    const std::size_t skip = first > kept ? std::min(first - kept, tail.m_pieces.size()) : 0;
    result.insert(result.end(), tail.m_pieces.begin() + static_cast<std::ptrdiff_t>(skip), tail.m_pieces.end());
    return result;
}

std::size_t TextCutter::settled() const noexcept
{
    return m_pieces.size() - (m_isOpen ? 1 : 0);
}

void TextCutter::takeLine(const QString& line)
{
    if (line.trimmed().startsWith("```"_L1)) {
        close();
        m_inFence = !m_inFence;
        if (m_inFence)
            open({.style = TextStyle::Code, .marker = line.trimmed().mid(3).trimmed().left(40)});
        return;
    }
    if (m_inFence)
        return extend(TextStyle::Code, line);
    takeProse(line);
}

void TextCutter::takeProse(const QString& line)
{
    const QString trimmed = line.trimmed();
    if (trimmed.isEmpty())
        return close();
    if (takeHeading(trimmed) || takeListItem(line))
        return;
    if (trimmed.startsWith(u'|')) // a table: columns stand in line only in a fixed pitch
        return extend(TextStyle::Code, line);
    if (trimmed.startsWith(u'>'))
        return extend(TextStyle::Quote, trimmed.mid(1).trimmed());
    // The lines that follow a list item without a gap belong to it.
    const bool inItem = m_isOpen && m_pieces.back().style == TextStyle::ListItem;
    extend(inItem ? TextStyle::ListItem : TextStyle::Paragraph, inItem ? trimmed : line);
}

bool TextCutter::takeHeading(const QString& line)
{
    qsizetype level = 0;
    while (level < line.size() && level < 7 && line[level] == u'#')
        ++level;
    if (level == 0 || level > 6 || level >= line.size() || line[level] != u' ')
        return false;
    close();
    open({.style = TextStyle::Heading, .depth = static_cast<int>(level), .text = line.mid(level).trimmed()});
    // Left open until the next line so that a heading still being written is not taken as settled.
    return true;
}

bool TextCutter::takeListItem(const QString& line)
{
    static const QRegularExpression item(u"^[ \\t]*([-*+]|\\d{1,3}[.)])[ \\t]+(?=\\S)"_s);
    const auto match = item.match(line);
    if (!match.hasMatch())
        return false;
    close();
    const QString marker = match.captured(1);
    const bool isBullet = marker.size() == 1;
    open({.style = TextStyle::ListItem,
          .depth = static_cast<int>(std::min<qsizetype>(indentation(line) / 2, 6)),
          .marker = isBullet ? u"•"_s : marker,
          .text = line.mid(match.capturedEnd())});
    return true;
}

void TextCutter::extend(TextStyle style, const QString& line)
{
    const bool same = m_isOpen && m_pieces.back().style == style;
    if (!same || m_pieces.back().text.size() + line.size() > kPieceLength) {
        const bool continues = same && style == TextStyle::Code;
        const QString marker = continues ? m_pieces.back().marker : QString();
        return open({.style = style, .continues = continues, .marker = marker, .text = line});
    }
    QString& text = m_pieces.back().text;
    const bool isFirstLine = text.isEmpty();
    if (!isFirstLine)
        text += u'\n';
    text += line;
}

void TextCutter::open(TextPiece piece)
{
    m_pieces.push_back(std::move(piece));
    m_isOpen = true;
}

} // namespace luthien::desktop
