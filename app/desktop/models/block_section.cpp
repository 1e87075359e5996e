// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/block_section.h"

#include "desktop/models/readable_json.h"
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

/// Code in slices of bounded length, as the body of a card.
std::vector<ConversationRow> bodyRows(std::string_view text)
{
    TextCutter cutter;
    cutter.append("```\n");
    cutter.append(text);
    std::vector<ConversationRow> rows;
    for (TextPiece& piece : cutter.pieces()) {
        ConversationRow row{.kind = row::Kind::CardBody, .style = row::Style::Monospace, .first = false, .last = false};
        row.text = std::move(piece.text);
        rows.push_back(std::move(row));
    }
    if (!rows.empty())
        rows.front().first = true;
    return rows;
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
    section.append(block.text);
    section.m_isError = block.isError;
    section.m_isRefusal = block.isRefusal;
    section.close();
    return section;
}

void BlockSection::append(std::string_view text)
{
    if (m_kind == BlockKind::Text)
        m_cutter.append(text);
    else
        m_text.append(text);
}

void BlockSection::replace(std::string_view text)
{
    m_text.clear();
    m_cutter = TextCutter();
    m_settledRows = 0;
    append(text);
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
    m_settledRows = m_cutter.settled() > 0 ? m_cutter.settled() - 1 : 0;
    return {.from = from, .rows = textRows(from, row::Kind::Text)};
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
    std::vector<TextPiece> pieces = m_cutter.piecesFrom(from);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        TextPiece& piece = pieces[i];
        ConversationRow row{.kind = prose, .style = static_cast<row::Style>(piece.style), .depth = piece.depth};
        if (piece.style == TextStyle::Code)
            row.kind = row::Kind::Code;
        if (m_isRefusal)
            row.tone = row::Tone::Warning;
        row.first = !piece.continues;
        row.last = i + 1 == pieces.size() || !pieces[i + 1].continues;
        row.marker = std::move(piece.marker);
        row.text = std::move(piece.text);
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
    TextCutter cutter;
    cutter.append(m_text);
    for (TextPiece& piece : cutter.pieces()) {
        ConversationRow row{.kind = row::Kind::ThoughtText, .depth = piece.depth, .marker = std::move(piece.marker)};
        row.text = std::move(piece.text);
        rows.push_back(std::move(row));
    }
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
    if (m_expanded) {
        auto body = bodyRows(indentJson(m_text));
        rows.front().last = body.empty();
        rows.insert(rows.end(), std::make_move_iterator(body.begin()), std::make_move_iterator(body.end()));
    }
    rows.back().last = true;
    rows.back().toolId = m_id;
    return rows;
}

std::vector<ConversationRow> BlockSection::toolResultRows() const
{
    const auto [shown, more] = m_expanded ? std::pair<std::string_view, std::size_t>{m_text, 0} : fold(m_text);
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
    auto body = m_text.empty() ? std::vector<ConversationRow>() : bodyRows(shown);
    rows.front().last = body.empty();
    rows.insert(rows.end(), std::make_move_iterator(body.begin()), std::make_move_iterator(body.end()));
    rows.back().last = true;
    return rows;
}

std::vector<ConversationRow> BlockSection::attachmentRows() const
{
    ConversationRow head{.kind = row::Kind::Attachment, .expandable = !m_text.empty(), .expanded = m_expanded};
    const bool isImage = m_kind == BlockKind::Image;
    head.glyph = isImage ? u"image"_s : m_kind == BlockKind::Document ? u"file"_s : u"box"_s;
    head.title = isImage ? tr("Image") : m_kind == BlockKind::Document ? tr("Document") : m_name.left(80);
    if (m_kind != BlockKind::Opaque)
        head.text = m_name.left(80);
    head.detail = QLocale().formattedDataSize(static_cast<qint64>(m_text.size()));
    std::vector<ConversationRow> rows{std::move(head)};
    if (m_expanded) {
        auto body = bodyRows(indentJson(m_text));
        rows.front().last = body.empty();
        rows.insert(rows.end(), std::make_move_iterator(body.begin()), std::make_move_iterator(body.end()));
    }
    rows.back().last = true;
    return rows;
}

} // namespace luthien::desktop
