// SPDX-License-Identifier: Apache-2.0
// The part of ConversationModel that says what a row shows.
#include "desktop/models/conversation_model.h"

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
/// The arguments of a tool call, and below them in its card what a policy said about it.
bool isJudgedBelow(const ConversationRow& row, const ConversationRow& below)
{
    return row.kind == row::Kind::CardBody && below.kind == row::Kind::Decision && !below.first;
}
} // namespace

QVariant ConversationModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_offsets.back())
        return {};
    switch (static_cast<Role>(role)) {
    case JoinedRole:
        return isResultOfRowAbove(index.row()) || isResultOfRowAbove(index.row() + 1) ||
               (index.row() + 1 < m_offsets.back() && isJudgedBelow(rowAt(index.row()), rowAt(index.row() + 1)));
    case FoundRole:
        return QVariant::fromValue(m_find.marksIn(rowAt(index.row()).text));
    case SelectedFromRole:
        return m_selection.rangeOf(index.row()).first;
    case SelectedToRole:
        return m_selection.rangeOf(index.row()).second;
    case CurrentRole:
        return m_cursor.row() == index.row();
    case TitleRole:
        return titleOf(rowAt(index.row()));
    default:
        return rowData(rowAt(index.row()), static_cast<Role>(role));
    }
}

QString ConversationModel::titleOf(const ConversationRow& row) const
{
    QString title = row.title;
    if (row.policyAt >= 0 && m_policyName)
        title.replace(row.policyAt, row.policy.size(), m_policyName(row.policy));
    return title;
}

QVariant ConversationModel::rowData(const ConversationRow& row, Role role)
{
    switch (role) {
    case KindRole:
        return static_cast<int>(row.kind);
    case ToneRole:
        return static_cast<int>(row.tone);
    case StyleRole:
        return static_cast<int>(row.style);
    case ComparisonRole:
        return static_cast<int>(row.comparison);
    case DepthRole:
        return row.depth;
    case QuotedRole:
        return row.quoted;
    case FirstRole:
        return row.first;
    case LastRole:
        return row.last;
    case ExpandableRole:
        return row.expandable;
    case ExpandedRole:
        return row.expanded;
    case GlyphRole:
        return row.glyph;
    case MarkerRole:
        return row.marker;
    case TitleRole:
        return row.title;
    case TextRole:
        return row.text;
    case DetailRole:
        return row.detail;
    case SpansRole:
        return QVariant::fromValue(row.spans);
    case LinksRole:
        return row.links;
    case CellsRole:
        return row.cells;
    case WidthsRole:
        return QVariant::fromValue(row.widths);
    case MatchedRole:
        return row.matched;
    case MarksRole:
        return QVariant::fromValue(row.marks);
    case ReceivedRole:
        return row.received;
    case ReceivedLabelRole:
        return row.receivedLabel;
    case OtherRole:
        return row.other;
    case OtherMarksRole:
        return QVariant::fromValue(row.otherMarks);
    case PictureRole:
        return row.picture;
    default:
        return {};
    }
}

QHash<int, QByteArray> ConversationModel::roleNames() const
{
    return {{KindRole, "kind"},
            {ToneRole, "tone"},
            {StyleRole, "style"},
            {DepthRole, "depth"},
            {FirstRole, "first"},
            {LastRole, "last"},
            {ExpandableRole, "expandable"},
            {ExpandedRole, "expanded"},
            {GlyphRole, "glyph"},
            {MarkerRole, "marker"},
            {TitleRole, "title"},
            {TextRole, "body"},
            {DetailRole, "detail"},
            {JoinedRole, "joined"},
            {MatchedRole, "matched"},
            {MarksRole, "marks"},
            {ReceivedRole, "received"},
            {ReceivedLabelRole, "receivedLabel"},
            {QuotedRole, "quoted"},
            {SpansRole, "spans"},
            {LinksRole, "links"},
            {CellsRole, "cells"},
            {WidthsRole, "widths"},
            {ComparisonRole, "comparison"},
            {OtherRole, "other"},
            {OtherMarksRole, "otherMarks"},
            {PictureRole, "picture"},
            {FoundRole, "found"},
            {SelectedFromRole, "selectedFrom"},
            {SelectedToRole, "selectedTo"},
            {CurrentRole, "current"}};
}

const ConversationRow& ConversationModel::rowAt(int row) const
{
    const std::size_t entry = entryOf(row);
    return m_calls[entry].view().row(static_cast<std::size_t>(row - m_offsets[entry]));
}

bool ConversationModel::isResultOfRowAbove(int row) const
{
    if (row < 1 || row >= m_offsets.back())
        return false;
    const ConversationRow& result = rowAt(row);
    if (result.kind != row::Kind::ToolResult || result.toolId.empty())
        return false;
    const ConversationRow& above = rowAt(row - 1);
    return above.kind != row::Kind::ToolResult && above.toolId == result.toolId;
}

void ConversationModel::refreshBorder(int row)
{
    const int first = std::max(0, row - 1);
    const int last = std::min(row, m_offsets.back() - 1);
    if (first <= last && !(rowAt(first).toolId.empty() && rowAt(last).toolId.empty()))
        Q_EMIT dataChanged(index(first), index(last), {JoinedRole});
}

void ConversationModel::refreshCurrent(int row)
{
    if (row >= 0 && row < m_offsets.back())
        Q_EMIT dataChanged(index(row), index(row), {CurrentRole});
}

void ConversationModel::refreshFound()
{
    if (m_offsets.back() > 0)
        Q_EMIT dataChanged(index(0), index(m_offsets.back() - 1), {FoundRole});
}

QString ConversationModel::textOf(int row) const
{
    if (row < 0 || row >= m_offsets.back())
        return {};
    const ConversationRow& at = rowAt(row);
    if (at.kind == row::Kind::TurnHeader) {
        const std::size_t entry = entryOf(row);
        const auto local = static_cast<std::size_t>(row - m_offsets[entry]);
        return QString::fromStdString(m_calls[entry].view().writtenUnder(local));
    }
    if (at.kind != row::Kind::Code)
        return at.text;
    while (row > 0 && !rowAt(row).first && rowAt(row - 1).kind == row::Kind::Code)
        --row;
    QString code = rowAt(row).text;
    while (!rowAt(row).last && row + 1 < m_offsets.back() && rowAt(row + 1).kind == row::Kind::Code)
        code += u'\n' + rowAt(++row).text;
    return code;
}

QString ConversationModel::linkAt(int row, int at) const
{
    if (row < 0 || row >= m_offsets.back())
        return {};
    const ConversationRow& shown = rowAt(row);
    if (at < 0)
        return shown.links.join(u'\n');
    qsizetype link = 0;
    for (qsizetype i = 0; i + 2 < shown.spans.size(); i += 3) {
        if (shown.spans[i + 2] != kLink)
            continue;
        if (at >= shown.spans[i] && at < shown.spans[i] + shown.spans[i + 1])
            return shown.links.value(link);
        ++link;
    }
    return {};
}

QString ConversationModel::lineAt(int row) const
{
    const ConversationRow& at = rowAt(row);
    switch (at.kind) {
    case row::Kind::Text:
    case row::Kind::Code:
    case row::Kind::TableRow:
    case row::Kind::CardBody:
    case row::Kind::ThoughtText:
    case row::Kind::DiffLine:
        return at.text;
    case row::Kind::Divider:
    case row::Kind::Picture:
        return {};
    case row::Kind::TurnHeader:
        return at.title;
    default: {
        const QString title = titleOf(at);
        return at.text.isEmpty() ? title : title.isEmpty() ? at.text : title + u": "_s + at.text;
    }
    }
}

QString ConversationModel::callIdAt(int row) const
{
    if (row < 0 || row >= m_offsets.back())
        return {};
    return QString::fromStdString(m_calls[entryOf(row)].id().toString());
}

QString ConversationModel::currentCallId() const
{
    if (m_cursor.row() >= 0)
        return callIdAt(m_cursor.row());
    return m_calls.empty() ? QString() : QString::fromStdString(m_calls.back().id().toString());
}

void ConversationModel::selectTurn()
{
    int first = m_cursor.row() >= 0 ? m_cursor.row() : m_firstVisible;
    if (first >= m_offsets.back())
        return;
    while (first > 0 && rowAt(first).kind != row::Kind::TurnHeader)
        --first;
    int last = first;
    while (last + 1 < m_offsets.back() && rowAt(last + 1).kind != row::Kind::TurnHeader)
        ++last;
    m_selection.selectRows(first, last);
}

} // namespace luthien::desktop
