// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/markdown_pieces.h"

#include "desktop/models/text_cutter.h"
#include "desktop/models/visible_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <md4c.h>
#include <optional>
#include <utility>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr qsizetype kLongestAddress = 2'000;
constexpr qsizetype kWidestColumn = 40;

/// The character an entity stands for; one that is not among the usual stays as it is written.
QString entityText(std::string_view entity)
{
    constexpr std::array<std::pair<std::string_view, char16_t>, 9> kNamed{{{"&amp;", u'&'},
                                                                           {"&lt;", u'<'},
                                                                           {"&gt;", u'>'},
                                                                           {"&quot;", u'"'},
                                                                           {"&apos;", u'\''},
                                                                           {"&nbsp;", u'\u00a0'},
                                                                           {"&mdash;", u'—'},
                                                                           {"&ndash;", u'–'},
                                                                           {"&hellip;", u'…'}}};
    QString written = QString::fromUtf8(entity.data(), static_cast<qsizetype>(entity.size()));
    for (const auto& [name, character] : kNamed)
        if (name == entity)
            return QString(QChar(character));
    if (!entity.starts_with("&#"))
        return written;
    const bool isHex = entity.size() > 3 && (entity[2] == 'x' || entity[2] == 'X');
    bool isNumber = false;
    const char32_t code = written.mid(isHex ? 3 : 2).chopped(1).toUInt(&isNumber, isHex ? 16 : 10);
    if (!isNumber || code == 0 || code > QChar::LastValidCodePoint || QChar::isSurrogate(code))
        return QChar(QChar::ReplacementCharacter);
    return QString::fromUcs4(&code, 1);
}

QString attributeText(const MD_ATTRIBUTE& attribute)
{
    return visibleText(std::string_view(attribute.text, attribute.size)).left(kLongestAddress);
}

/// Takes what the parser tells, in the order of the text.
class Walk
{
public:
    void enter(MD_BLOCKTYPE type, void* detail);
    void leave(MD_BLOCKTYPE type);
    void enter(MD_SPANTYPE type, void* detail);
    void leave(MD_SPANTYPE type);
    void text(MD_TEXTTYPE type, std::string_view text);
    [[nodiscard]] std::vector<TextPiece> take() { return std::move(m_pieces); }

private:
    struct List
    {
        std::optional<unsigned> number; ///< of the next item; none = bullets
        char delimiter = '.';
    };
    struct Span
    {
        int begin = 0;
        int style = 0;
        QString address;
    };
    void beginItem(const MD_BLOCK_LI_DETAIL& detail);
    void open(TextStyle style, int depth = 0);
    void append(const QString& text);
    void close();
    void closeCode();
    void closeRow();
    void closeTable();

    std::vector<TextPiece> m_pieces;
    std::vector<List> m_lists;
    std::vector<Span> m_spans;
    std::optional<TextPiece> m_open;
    std::optional<QString> m_marker; ///< of an item that has nothing in it yet
    std::size_t m_tableBegin = 0;
    int m_quotes = 0;
    bool m_isHead = false; ///< of a table
};

void Walk::enter(MD_BLOCKTYPE type, void* detail)
{
    if (type != MD_BLOCK_TH && type != MD_BLOCK_TD)
        close();
    switch (type) {
    case MD_BLOCK_QUOTE:
        ++m_quotes;
        return;
    case MD_BLOCK_UL:
        return m_lists.push_back({});
    case MD_BLOCK_OL: {
        const auto& list = *static_cast<MD_BLOCK_OL_DETAIL*>(detail);
        return m_lists.push_back({.number = list.start, .delimiter = list.mark_delimiter});
    }
    case MD_BLOCK_LI:
        return beginItem(*static_cast<MD_BLOCK_LI_DETAIL*>(detail));
    case MD_BLOCK_HR:
        open(TextStyle::Divider);
        return close();
    case MD_BLOCK_H:
        return open(TextStyle::Heading, static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level));
    case MD_BLOCK_CODE:
        open(TextStyle::Code);
        m_open->marker = attributeText(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang).left(40);
        return;
    case MD_BLOCK_TABLE:
        m_tableBegin = m_pieces.size();
        return;
    case MD_BLOCK_THEAD:
        m_isHead = true;
        return;
    case MD_BLOCK_TR:
        return open(TextStyle::TableRow, m_isHead ? 1 : 0);
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        if (m_open && m_open->style == TextStyle::TableRow)
            m_open->cells += QString();
        return;
    default:
        return;
    }
}

void Walk::leave(MD_BLOCKTYPE type)
{
    switch (type) {
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        return;
    case MD_BLOCK_TR:
        return closeRow();
    case MD_BLOCK_CODE:
        return closeCode();
    default:
        close();
    }
    if (type == MD_BLOCK_LI && m_marker) // an item with nothing in it
        open(TextStyle::ListItem);
    close();
    if (type == MD_BLOCK_QUOTE)
        --m_quotes;
    else if (type == MD_BLOCK_UL || type == MD_BLOCK_OL)
        m_lists.pop_back();
    else if (type == MD_BLOCK_THEAD)
        m_isHead = false;
    else if (type == MD_BLOCK_TABLE)
        closeTable();
}

void Walk::beginItem(const MD_BLOCK_LI_DETAIL& detail)
{
    List& list = m_lists.back();
    if (list.number)
        m_marker = QString::number((*list.number)++) + QLatin1Char(list.delimiter);
    else
        m_marker = u"•"_s;
    if (detail.is_task != 0)
        m_marker = detail.task_mark == ' ' ? u"☐"_s : u"☑"_s;
}

void Walk::open(TextStyle style, int depth)
{
    m_open = TextPiece{.style = style, .depth = depth, .quoted = m_quotes > 0};
    if (m_lists.empty() || (style != TextStyle::Paragraph && style != TextStyle::ListItem)) {
        if (style == TextStyle::Paragraph && m_quotes > 0)
            m_open->style = TextStyle::Quote;
        return;
    }
    m_open->style = TextStyle::ListItem;
    m_open->depth = static_cast<int>(std::min<std::size_t>(m_lists.size() - 1, 6));
    m_open->marker = std::exchange(m_marker, std::nullopt).value_or(QString());
}

void Walk::append(const QString& text)
{
    if (!m_open)
        open(TextStyle::Paragraph);
    if (m_open->style == TextStyle::TableRow && !m_open->cells.isEmpty())
        m_open->cells.back() += text;
    else
        m_open->text += text;
}

void Walk::enter(MD_SPANTYPE type, void* detail)
{
    if (!m_open)
        open(TextStyle::Paragraph);
    Span span{.begin = static_cast<int>(m_open->text.size())};
    switch (type) {
    case MD_SPAN_EM:
        span.style = kItalic;
        break;
    case MD_SPAN_STRONG:
        span.style = kBold;
        break;
    case MD_SPAN_CODE:
        span.style = kInlineCode;
        break;
    case MD_SPAN_DEL:
        span.style = kStruck;
        break;
    case MD_SPAN_A:
        span.style = kLink;
        span.address = attributeText(static_cast<MD_SPAN_A_DETAIL*>(detail)->href);
        break;
    case MD_SPAN_IMG:
        span.style = kLink;
        span.address = attributeText(static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src);
        append(u"["_s + QCoreApplication::translate("Conversation", "image") + u": "_s);
        break;
    default:
        break;
    }
    m_spans.push_back(std::move(span));
}

void Walk::leave(MD_SPANTYPE type)
{
    if (m_spans.empty() || !m_open)
        return;
    Span span = std::move(m_spans.back());
    m_spans.pop_back();
    if (type == MD_SPAN_IMG)
        append(u" → "_s + span.address + u']');
    const int length = static_cast<int>(m_open->text.size()) - span.begin;
    if (length <= 0 || span.style == 0) // nothing in it, or in a table, whose cells are plain
        return;
    m_open->spans << span.begin << length << span.style;
    if (span.style == kLink)
        m_open->links += span.address;
}

void Walk::text(MD_TEXTTYPE type, std::string_view text)
{
    switch (type) {
    case MD_TEXT_NULLCHAR:
        return append(visibleText(QString(QChar(0))));
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR: // as it is written: prompts and logs mean their line breaks
        return append(QString(u'\n'));
    case MD_TEXT_ENTITY:
        return append(visibleText(entityText(text)));
    default:
        return append(visibleText(text));
    }
}

void Walk::close()
{
    if (!m_open)
        return;
    m_spans.clear();
    m_pieces.push_back(*std::exchange(m_open, std::nullopt));
}

void Walk::closeCode()
{
    if (!m_open)
        return;
    TextPiece code = *std::exchange(m_open, std::nullopt);
    while (code.text.endsWith(u'\n'))
        code.text.chop(1);
    m_pieces.push_back(std::move(code));
}

void Walk::closeRow()
{
    if (m_open)
        m_open->text = m_open->cells.join(u'\t');
    close();
}

void Walk::closeTable()
{
    QList<int> widths;
    for (std::size_t i = m_tableBegin; i < m_pieces.size(); ++i) {
        const QStringList& cells = m_pieces[i].cells;
        while (widths.size() < cells.size())
            widths << 3;
        for (qsizetype column = 0; column < cells.size(); ++column)
            widths[column] = std::max(widths[column], static_cast<int>(std::min(cells[column].size(), kWidestColumn)));
    }
    for (std::size_t i = m_tableBegin; i < m_pieces.size(); ++i)
        m_pieces[i].widths = widths;
}

/// Where to part text that is too long for one row: after a space or a line, never within a character.
qsizetype partPoint(const QString& text, qsizetype from)
{
    const qsizetype end = from + kPieceLength;
    for (qsizetype at = end; at > end - kPieceLength / 2; --at)
        if (text[at - 1].isSpace())
            return at;
    return text[end].isLowSurrogate() ? end - 1 : end;
}

/// Parts a piece that is too long for one row.
void partInto(std::vector<TextPiece>& parts, TextPiece piece)
{
    if (piece.text.size() <= kPieceLength || piece.style == TextStyle::TableRow)
        return parts.push_back(std::move(piece));
    for (qsizetype from = 0; from < piece.text.size();) {
        const qsizetype end =
            piece.text.size() - from <= kPieceLength ? piece.text.size() : partPoint(piece.text, from);
        TextPiece part{.style = piece.style, .depth = piece.depth, .quoted = piece.quoted, .continues = from > 0};
        part.marker = piece.style == TextStyle::Code || from == 0 ? piece.marker : QString();
        part.text = piece.text.mid(from, end - from);
        qsizetype link = 0;
        for (qsizetype i = 0; i + 2 < piece.spans.size(); i += 3) {
            const bool isLink = piece.spans[i + 2] == kLink;
            const auto begin = std::max<qsizetype>(piece.spans[i], from);
            const auto last = std::min<qsizetype>(piece.spans[i] + piece.spans[i + 1], end);
            if (begin < last) {
                part.spans << static_cast<int>(begin - from) << static_cast<int>(last - begin) << piece.spans[i + 2];
                if (isLink)
                    part.links += piece.links.value(link);
            }
            link += isLink ? 1 : 0;
        }
        parts.push_back(std::move(part));
        from = end;
    }
}

/// For the case that the parser has no memory left.
std::vector<TextPiece> plainPieces(std::string_view utf8)
{
    TextCutter cutter(TextStyle::Paragraph);
    cutter.append(utf8);
    return cutter.pieces();
}
} // namespace

std::vector<TextPiece> readMarkdown(std::string_view utf8)
{
    Walk walk;
    MD_PARSER parser{};
    parser.flags =
        MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_PERMISSIVEURLAUTOLINKS | MD_FLAG_NOHTML;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
        static_cast<Walk*>(user)->enter(type, detail);
        return 0;
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* user) {
        static_cast<Walk*>(user)->leave(type);
        return 0;
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* user) {
        static_cast<Walk*>(user)->enter(type, detail);
        return 0;
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* user) {
        static_cast<Walk*>(user)->leave(type);
        return 0;
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* user) {
        static_cast<Walk*>(user)->text(type, {text, size});
        return 0;
    };
    if (md_parse(utf8.data(), static_cast<MD_SIZE>(utf8.size()), &parser, &walk) != 0)
        return plainPieces(utf8);
    std::vector<TextPiece> parts;
    for (TextPiece& piece : walk.take())
        partInto(parts, std::move(piece));
    return parts;
}

} // namespace luthien::desktop
