// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/row_selection.h"

#include <QTextBoundaryFinder>

#include <algorithm>

namespace luthien::desktop {

RowSelection::RowSelection(const QAbstractItemModel& model, TextOfRow textOf, QObject* parent)
    : QObject(parent)
    , m_model(model)
    , m_textOf(std::move(textOf))
{
    const auto check = [this] {
        if (m_anchor.row.isValid() != m_head.row.isValid())
            clear();
        else if (isEmpty())
            Q_EMIT changed();
    };
    connect(&model, &QAbstractItemModel::rowsRemoved, this, check);
    connect(&model, &QAbstractItemModel::modelReset, this, [this] { Q_EMIT changed(); });
}

bool RowSelection::isEmpty() const
{
    return !m_anchor.row.isValid() || !m_head.row.isValid() || (m_anchor.row == m_head.row && m_anchor.at == m_head.at);
}

std::pair<const RowSelection::Place*, const RowSelection::Place*> RowSelection::ordered() const
{
    const bool isForward =
        m_anchor.row.row() < m_head.row.row() || (m_anchor.row.row() == m_head.row.row() && m_anchor.at <= m_head.at);
    return isForward ? std::pair(&m_anchor, &m_head) : std::pair(&m_head, &m_anchor);
}

std::pair<int, int> RowSelection::rows() const
{
    if (isEmpty())
        return {-1, -1};
    const auto [first, last] = ordered();
    return {first->row.row(), last->row.row()};
}

std::pair<int, int> RowSelection::rangeOf(int row) const
{
    const auto [first, last] = rows();
    if (first < 0 || row < first || row > last)
        return {0, 0};
    const auto [begin, end] = ordered();
    return {row == first ? begin->at : 0, row == last ? end->at : static_cast<int>(m_textOf(row).size())};
}

int RowSelection::clamped(int row, int at) const
{
    const auto length = static_cast<int>(m_textOf(row).size());
    return at < 0 ? length : std::min(at, length);
}

void RowSelection::start(int row, int at)
{
    const auto before = rows();
    if (row < 0 || row >= m_model.rowCount())
        return;
    m_anchor = {.row = m_model.index(row, 0), .at = clamped(row, at)};
    m_head = m_anchor;
    tell(before);
}

void RowSelection::extend(int row, int at)
{
    if (!m_anchor.row.isValid())
        return start(row, at);
    if (row >= 0 && row < m_model.rowCount())
        moveHead(row, clamped(row, at));
}

void RowSelection::extendBy(int count)
{
    if (!m_head.row.isValid())
        return;
    const int row = std::clamp(m_head.row.row() + count, 0, m_model.rowCount() - 1);
    // Whole rows: from the beginning of the upper one to the end of the lower one.
    const bool isDown = row > m_anchor.row.row() || (row == m_anchor.row.row() && count > 0);
    m_anchor.at = isDown ? 0 : clamped(m_anchor.row.row(), -1);
    moveHead(row, isDown ? clamped(row, -1) : 0);
}

void RowSelection::moveHead(int row, int at)
{
    if (m_head.row.row() == row && m_head.at == at)
        return;
    const int from = m_head.row.isValid() ? m_head.row.row() : row;
    m_head = {.row = m_model.index(row, 0), .at = at};
    Q_EMIT rowsChanged(std::min(from, row), std::max(from, row));
    Q_EMIT changed();
}

void RowSelection::selectWord(int row, int at)
{
    if (row < 0 || row >= m_model.rowCount())
        return;
    const QString text = m_textOf(row);
    QTextBoundaryFinder words(QTextBoundaryFinder::Word, text);
    words.setPosition(clamped(row, at));
    const qsizetype begin = words.isAtBoundary() && at < text.size() ? words.position() : words.toPreviousBoundary();
    words.setPosition(begin);
    const qsizetype end = words.toNextBoundary();
    start(row, static_cast<int>(std::max<qsizetype>(begin, 0)));
    extend(row, static_cast<int>(end));
}

void RowSelection::selectRows(int first, int last)
{
    start(first, 0);
    extend(last, -1);
}

void RowSelection::clear()
{
    const auto before = rows();
    m_anchor = m_head = {};
    tell(before);
}

void RowSelection::tell(std::pair<int, int> before)
{
    if (before.first >= 0)
        Q_EMIT rowsChanged(before.first, before.second);
    Q_EMIT changed();
}

QString RowSelection::text() const
{
    const auto [first, last] = rows();
    if (first < 0)
        return {};
    QStringList lines;
    for (int row = first; row <= last; ++row) {
        const auto [from, to] = rangeOf(row);
        const QString whole = m_textOf(row);
        if (!whole.isEmpty() || row == first)
            lines += whole.mid(from, to - from);
    }
    return lines.join(u'\n');
}

} // namespace luthien::desktop
