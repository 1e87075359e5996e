// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/block_section.h"

#include "desktop/models/readable_json.h"
#include "desktop/models/recorded_image.h"
#include "desktop/models/visible_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <tuple>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using conversation::Block;
using conversation::BlockKind;
using conversation::Executor;

namespace {
constexpr qsizetype kSummaryLength = 240;
// A result is seldom read past its beginning; the rest opens on demand.
constexpr std::size_t kFoldedLines = 10;

QString tr(const char* text)
{
    return QCoreApplication::translate("Conversation", text);
}

/// The beginning as one line.
QString oneLine(std::string_view utf8)
{
    return visibleText(utf8.substr(0, static_cast<std::size_t>(2 * kSummaryLength))).simplified().left(kSummaryLength);
}

/// The first lines of a text, and how many follow.
std::pair<std::string_view, std::size_t> fold(std::string_view text)
{
    std::size_t end = 0;
    for (std::size_t line = 0; line < kFoldedLines; ++line) {
        const auto next = text.find('\n', end);
        if (next == std::string_view::npos)
            return {text, 0};
        end = next + 1;
    }
    const auto rest = text.substr(end);
    const auto more = static_cast<std::size_t>(std::count(rest.begin(), rest.end(), '\n')) + (rest.empty() ? 0 : 1);
    return {text.substr(0, end == 0 ? 0 : end - 1), more};
}

/// Slices of bounded length as the body of a card.
std::vector<ConversationRow> bodyRows(std::vector<TextPiece> pieces)
{
    std::vector<ConversationRow> rows;
    for (TextPiece& piece : pieces) {
        ConversationRow row{.kind = row::Kind::CardBody, .style = row::Style::Monospace, .first = false, .last = false};
        row.text = std::move(piece.text);
        rows.push_back(std::move(row));
    }
    if (!rows.empty())
        rows.front().first = true;
    return rows;
}

std::vector<ConversationRow> bodyRows(std::string_view text)
{
    TextCutter cutter;
    cutter.append(text);
    return bodyRows(cutter.pieces());
}

void addBody(std::vector<ConversationRow>& rows, std::vector<ConversationRow> body)
{
    rows.front().last = body.empty();
    rows.insert(rows.end(), std::make_move_iterator(body.begin()), std::make_move_iterator(body.end()));
    rows.back().last = true;
}

row::Style styleOf(TextStyle style)
{
    switch (style) {
    case TextStyle::Heading:
        return row::Style::Heading;
    case TextStyle::ListItem:
        return row::Style::ListItem;
    case TextStyle::Quote:
        return row::Style::Quote;
    case TextStyle::Code:
        return row::Style::Monospace;
    default:
        return row::Style::Paragraph;
    }
}

row::Kind kindOf(TextStyle style, row::Kind prose)
{
    if (style == TextStyle::Divider)
        return row::Kind::Divider;
    if (prose != row::Kind::Text) // thinking is one voice, whatever is in it
        return prose;
    return style == TextStyle::Code ? row::Kind::Code : style == TextStyle::TableRow ? row::Kind::TableRow : prose;
}

ConversationRow rowOf(TextPiece&& piece, row::Kind prose)
{
    ConversationRow row{.kind = kindOf(piece.style, prose), .style = styleOf(piece.style), .depth = piece.depth};
    row.quoted = piece.quoted;
    row.first = !piece.continues;
    row.marker = std::move(piece.marker);
    row.text = std::move(piece.text);
    row.spans = std::move(piece.spans);
    row.links = std::move(piece.links);
    row.cells = std::move(piece.cells);
    row.widths = std::move(piece.widths);
    return row;
}

QString toolGlyph(const QString& name, Executor executor)
{
    const QString lower = name.toLower();
    const auto has = [&lower](QLatin1StringView word) { return lower.contains(word); };
    if (executor != Executor::Client || has("web"_L1) || has("fetch"_L1) || has("http"_L1))
        return u"globe"_s;
    if (has("bash"_L1) || has("shell"_L1) || has("exec"_L1) || has("terminal"_L1))
        return u"terminal"_s;
    if (has("grep"_L1) || has("glob"_L1) || has("search"_L1))
        return u"search"_s;
    if (has("edit"_L1) || has("write"_L1) || has("patch"_L1))
        return u"pen"_s;
    if (has("read"_L1) || has("file"_L1))
        return u"file"_s;
    return u"tool"_s;
}
} // namespace

BlockSection BlockSection::whole(const Block& block)
{
    BlockSection section(block.kind);
    section.setTool(block.id, block.name, block.executor);
    section.m_open = false;
    section.append(block.text);
    section.m_isError = block.isError;
    section.m_isRefusal = block.isRefusal;
    return section;
}

void BlockSection::append(std::string_view text)
{
    m_text.append(text);
    if (m_kind == BlockKind::Text || m_kind == BlockKind::Thinking)
        m_cutter.append(text);
    if (m_asWritten || (m_kind == BlockKind::ToolUse && m_open))
        m_plain.append(text);
}

void BlockSection::replace(std::string_view text)
{
    m_text.clear();
    m_cutter = MarkdownCutter();
    m_plain = TextCutter();
    m_settledRows = 0;
    append(text);
}

void BlockSection::setAsWritten(bool asWritten)
{
    m_asWritten = asWritten;
    m_settledRows = 0;
    m_plain = TextCutter();
    if (asWritten)
        m_plain.append(m_text);
}

void BlockSection::setTool(std::string_view id, std::string_view name, Executor executor)
{
    m_id = id;
    m_name = visibleText(name);
    m_executor = executor;
}

void BlockSection::setVerdict(row::Tone tone, const QString& word)
{
    if (!m_verdict || tone == row::Tone::Blocked)
        m_verdict = {tone, word};
}

RowUpdate BlockSection::update()
{
    if (m_kind != BlockKind::Text)
        return {.from = 0, .rows = rows()};
    const std::size_t from = m_settledRows;
    // The row after the settled ones may still change the last flag of the one before it.
    m_settledRows = settledPieces() > 0 ? settledPieces() - 1 : 0;
    return {.from = from, .rows = textRows(from, row::Kind::Text)};
}

std::vector<TextPiece> BlockSection::piecesFrom(std::size_t from) const
{
    return m_asWritten ? m_plain.piecesFrom(from) : m_cutter.piecesFrom(from);
}

std::size_t BlockSection::settledPieces() const
{
    return m_asWritten ? m_plain.settled() : m_cutter.settled();
}

RowUpdate BlockSection::all()
{
    return {.from = 0, .rows = rows()};
}

std::vector<ConversationRow> BlockSection::rows() const
{
    switch (m_kind) {
    case BlockKind::Text:
        return textRows(0, row::Kind::Text);
    case BlockKind::Thinking:
        return thinkingRows();
    case BlockKind::ToolUse:
        return toolUseRows();
    case BlockKind::ToolResult:
        return toolResultRows();
    case BlockKind::Image:
    case BlockKind::Document:
    case BlockKind::Opaque:
        break;
    }
    return attachmentRows();
}

std::vector<ConversationRow> BlockSection::textRows(std::size_t from, row::Kind prose) const
{
    std::vector<ConversationRow> rows;
    std::vector<TextPiece> pieces = piecesFrom(from);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const bool isTable = pieces[i].style == TextStyle::TableRow;
        const bool isLast =
            i + 1 == pieces.size() || (isTable ? pieces[i + 1].style != TextStyle::TableRow : !pieces[i + 1].continues);
        ConversationRow row = rowOf(std::move(pieces[i]), prose);
        if (isTable)
            row.first = row.depth == 1;
        if (m_asWritten)
            row.kind = prose;
        if (m_isRefusal)
            row.tone = row::Tone::Warning;
        row.last = isLast;
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<ConversationRow> BlockSection::thinkingRows() const
{
    ConversationRow head{.kind = row::Kind::Thinking, .expandable = !m_text.empty(), .expanded = m_expanded};
    if (m_open)
        head.title = tr("Thinking…");
    else if (m_thinkingTime)
        head.title = tr("Thought for %1s").arg(QLocale().toString(double(m_thinkingTime->count()) / 1000, 'f', 1));
    else
        head.title = tr("Thought");
    head.tone = m_open ? row::Tone::Live : row::Tone::Plain;
    // While it grows the newest words are the telling ones.
    const std::string_view text = m_text;
    const std::size_t shown = static_cast<std::size_t>(kSummaryLength);
    if (m_text.empty())
        head.text = m_open ? QString() : tr("not shown by the provider");
    else
        head.text = oneLine(m_open && text.size() > shown ? text.substr(text.size() - shown) : text);
    std::vector<ConversationRow> rows{std::move(head)};
    if (!m_expanded)
        return rows;
    for (TextPiece& piece : m_cutter.pieces())
        rows.push_back(rowOf(std::move(piece), row::Kind::ThoughtText));
    return rows;
}

std::vector<ConversationRow> BlockSection::toolUseRows() const
{
    ConversationRow head{.kind = row::Kind::ToolUse, .expandable = !m_text.empty(), .expanded = m_expanded};
    head.glyph = toolGlyph(m_name, m_executor);
    head.title = m_name.isEmpty() ? tr("tool") : m_name.left(kSummaryLength);
    head.text = m_open ? oneLine(m_text) : visibleText(tellingArgument(m_text)).simplified().left(kSummaryLength);
    head.tone = m_open ? row::Tone::Live : row::Tone::Plain;
    if (m_open)
        head.detail = tr("writing…");
    else if (m_executor == Executor::Server)
        head.detail = tr("run by the provider");
    else if (m_executor == Executor::Mcp)
        head.detail = tr("run by an MCP server");
    if (m_verdict)
        std::tie(head.tone, head.detail) = *m_verdict;
    std::vector<ConversationRow> rows{std::move(head)};
    // Set out only once they are whole: while they grow that would cost more with every step.
    if (m_expanded)
        addBody(rows, m_open ? bodyRows(m_plain.pieces()) : bodyRows(indentJson(m_text)));
    rows.back().last = true;
    rows.back().toolId = m_id;
    return rows;
}

std::vector<ConversationRow> BlockSection::toolResultRows() const
{
    const std::string readable = looksLikeJson(m_text) ? indentJson(m_text) : m_text;
    const auto [shown, more] = m_expanded ? std::pair<std::string_view, std::size_t>{readable, 0} : fold(readable);
    ConversationRow head{.kind = row::Kind::ToolResult, .glyph = u"reply"_s, .toolId = m_id};
    head.expandable = more > 0 || m_expanded;
    head.expanded = m_expanded;
    head.title = m_resultOf.isEmpty() ? tr("Result") : tr("Result of %1").arg(m_resultOf.left(80));
    head.tone = m_isError ? row::Tone::Failure : row::Tone::Plain;
    if (m_isError)
        head.detail = tr("failed");
    else if (m_text.empty())
        head.detail = tr("empty");
    else if (more > 0)
        head.detail = more == 1 ? tr("1 more line") : tr("%1 more lines").arg(more);
    std::vector<ConversationRow> rows{std::move(head)};
    addBody(rows, bodyRows(shown));
    return rows;
}

std::vector<ConversationRow> BlockSection::attachmentRows() const
{
    ConversationRow head{.kind = row::Kind::Attachment, .expandable = !m_text.empty(), .expanded = m_expanded};
    const bool isImage = m_kind == BlockKind::Image;
    head.glyph = isImage ? u"image"_s : m_kind == BlockKind::Document ? u"file"_s : u"box"_s;
    head.title = isImage ? tr("Image") : m_kind == BlockKind::Document ? tr("Document") : m_name.left(80);
    head.detail = QLocale().formattedDataSize(static_cast<qint64>(m_text.size()));
    const RecordedImage image = isImage ? recordedImage(m_text) : RecordedImage();
    if (m_kind != BlockKind::Opaque)
        head.text = m_name.left(80);
    if (!image.base64.isEmpty()) {
        head.title = m_expanded ? tr("Image") : tr("Show image");
        head.detail = QLocale().formattedDataSize(image.base64.size() * 3 / 4);
    } else if (!image.address.isEmpty()) {
        head.text = tr("not loaded: %1").arg(visibleText(image.address).left(kSummaryLength));
    }
    std::vector<ConversationRow> rows{std::move(head)};
    if (!m_expanded)
        return rows;
    if (image.base64.isEmpty()) {
        addBody(rows, bodyRows(indentJson(m_text)));
        return rows;
    }
    ConversationRow picture{.kind = row::Kind::Picture, .title = m_name.left(80), .picture = image.base64};
    addBody(rows, {std::move(picture)});
    return rows;
}

} // namespace luthien::desktop
