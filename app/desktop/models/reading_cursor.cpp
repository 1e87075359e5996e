// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/reading_cursor.h"

#include "desktop/models/conversation_model.h"

#include <algorithm>

namespace luthien::desktop {

namespace {
row::Kind kindOf(ReadingCursor::Target target)
{
    switch (target) {
    case ReadingCursor::Turn:
        return row::Kind::TurnHeader;
    case ReadingCursor::Tool:
        return row::Kind::ToolUse;
    case ReadingCursor::Decision:
        break;
    }
    return row::Kind::Decision;
}

CallSearch::What whatOf(ReadingCursor::Target target)
{
    switch (target) {
    case ReadingCursor::Turn:
        return CallSearch::What::Any;
    case ReadingCursor::Tool:
        return CallSearch::What::WithTool;
    case ReadingCursor::Decision:
        break;
    }
    return CallSearch::What::WithDecision;
}

QString nothingThere(ReadingCursor::Target target, bool forward)
{
    switch (target) {
    case ReadingCursor::Turn:
        return forward ? ReadingCursor::tr("This is the last turn") : ReadingCursor::tr("This is the first turn");
    case ReadingCursor::Tool:
        return forward ? ReadingCursor::tr("No tool call after this") : ReadingCursor::tr("No tool call before this");
    case ReadingCursor::Decision:
        break;
    }
    return forward ? ReadingCursor::tr("No decision after this") : ReadingCursor::tr("No decision before this");
}
} // namespace

ReadingCursor::ReadingCursor(ConversationModel& model)
    : QObject(&model)
    , m_model(model)
{
    connect(&model, &QAbstractItemModel::modelReset, this, &ReadingCursor::moved);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, &ReadingCursor::moved);
}

void ReadingCursor::setNotice(const QString& notice)
{
    if (m_notice.isEmpty() && notice.isEmpty())
        return;
    m_notice = notice; // the same as before is told again
    Q_EMIT noticeChanged();
}

void ReadingCursor::setRow(int row)
{
    const int before = this->row();
    m_row = row < 0 ? QPersistentModelIndex() : QPersistentModelIndex(m_model.index(row));
    setNotice({});
    m_model.refreshCurrent(before);
    m_model.refreshCurrent(this->row());
    Q_EMIT moved();
}

void ReadingCursor::rest(int row)
{
    if (row >= 0 && row < m_model.rowCount())
        setRow(row);
}

void ReadingCursor::moveTo(int row)
{
    if (row < 0 || row >= m_model.rowCount())
        return;
    setRow(row);
    Q_EMIT wanted(row, false);
}

void ReadingCursor::landOn(int row)
{
    if (row < 0 || row >= m_model.rowCount())
        return;
    setRow(row);
    Q_EMIT wanted(row, true);
}

int ReadingCursor::start(bool forward) const
{
    if (row() >= 0)
        return row();
    return forward ? m_model.firstVisible() - 1 : m_model.firstVisible() + 1;
}

void ReadingCursor::step(int rows)
{
    const int last = m_model.rowCount() - 1;
    moveTo(std::clamp(row() < 0 ? m_model.firstVisible() : row() + rows, 0, std::max(0, last)));
}

void ReadingCursor::jump(Target target, bool forward)
{
    const row::Kind kind = kindOf(target);
    for (int row = start(forward) + (forward ? 1 : -1); row >= 0 && row < m_model.rowCount(); row += forward ? 1 : -1)
        if (m_model.kindAt(row) == kind)
            return moveTo(row);
    const bool isAsked = m_model.reachBeyond(whatOf(target), forward, [this, kind, forward](int first, int end) {
        for (int i = 0; i < end - first; ++i) {
            const int row = forward ? first + i : end - 1 - i;
            if (m_model.kindAt(row) == kind)
                return row;
        }
        return first;
    });
    setNotice(isAsked ? tr("Looking further…") : nothingThere(target, forward));
}

} // namespace luthien::desktop
