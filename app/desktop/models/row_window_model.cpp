// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/row_window_model.h"

namespace luthien::desktop {

namespace {
// Far above the roles of any source.
constexpr int kOwnRoles = Qt::UserRole + 10'000;
} // namespace

RowWindowModel::RowWindowModel(QObject* parent)
    : QAbstractListModel(parent)
    , m_rowRole(kOwnRoles)
    , m_presentRole(kOwnRoles + 1)
{
}

void RowWindowModel::setSource(QAbstractItemModel* source)
{
    if (m_source == source)
        return;
    if (m_source)
        m_source->disconnect(this);
    beginResetModel();
    m_source = source;
    m_total = source != nullptr ? source->rowCount() : 0;
    m_used = std::min(m_slotCount, m_total);
    endResetModel();
    if (source != nullptr) {
        connect(source, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex&, int first, int last) {
            takeTotal();
            if (first <= m_firstRow)
                Q_EMIT shiftedAbove(last - first + 1);
            refreshAll();
        });
        connect(source, &QAbstractItemModel::rowsRemoved, this, [this](const QModelIndex&, int first, int last) {
            takeTotal();
            if (first < m_firstRow)
                Q_EMIT shiftedAbove(-(std::min(last, m_firstRow - 1) - first + 1));
            refreshAll();
        });
        connect(source, &QAbstractItemModel::rowsMoved, this,
                [this](const QModelIndex&, int from, int, const QModelIndex&, int to) { takeMove(from, to); });
        connect(source, &QAbstractItemModel::dataChanged, this,
                [this](const QModelIndex& first, const QModelIndex& last) { refresh(first.row(), last.row()); });
        connect(source, &QAbstractItemModel::modelReset, this, [this] {
            takeTotal();
            refreshAll();
        });
    }
    Q_EMIT sourceChanged();
    Q_EMIT totalChanged();
}

void RowWindowModel::takeMove(int from, int to)
{
    const bool wasAbove = from < m_firstRow;
    const bool isAbove = to <= m_firstRow;
    if (!wasAbove && isAbove && from != m_firstRow)
        Q_EMIT shiftedAbove(1);
    else if (wasAbove && !isAbove)
        Q_EMIT shiftedAbove(-1);
    refreshAll();
}

void RowWindowModel::takeTotal()
{
    const int total = m_source ? m_source->rowCount() : 0;
    if (total == m_total)
        return;
    m_total = total;
    fitSlots();
    Q_EMIT totalChanged();
}

void RowWindowModel::fitSlots()
{
    const int used = std::min(m_slotCount, m_total);
    if (used > m_used) {
        beginInsertRows({}, m_used, used - 1);
        m_used = used;
        endInsertRows();
    } else if (used < m_used) {
        beginRemoveRows({}, used, m_used - 1);
        m_used = used;
        endRemoveRows();
    }
}

void RowWindowModel::setFirstRow(int row)
{
    if (row == m_firstRow)
        return;
    const int old = m_firstRow;
    m_firstRow = row;
    Q_EMIT firstRowChanged();
    if (row > old)
        refresh(old + m_used, row + m_used);
    else
        refresh(row, old);
}

void RowWindowModel::setSlotCount(int count)
{
    if (count == m_slotCount || count < 0)
        return;
    m_slotCount = count;
    fitSlots();
    refreshAll(); // each row has another slot now
    Q_EMIT slotCountChanged();
}

int RowWindowModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_used;
}

int RowWindowModel::rowOf(int slot) const noexcept
{
    const int ahead = (slot - m_firstRow % m_used + m_used) % m_used;
    return m_firstRow + ahead;
}

void RowWindowModel::refresh(int firstRow, int lastRow)
{
    for (int slot = 0; slot < m_used; ++slot) {
        const int row = rowOf(slot);
        if (row >= firstRow && row <= lastRow)
            Q_EMIT dataChanged(index(slot), index(slot));
    }
}

QVariant RowWindowModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_used)
        return {};
    const int row = rowOf(index.row());
    const bool present = m_source && row < m_total;
    if (role == m_rowRole)
        return row;
    if (role == m_presentRole)
        return present;
    if (!m_source)
        return {};
    // Beyond the end the last row stands in, unseen, so that every role keeps its type.
    return m_source->data(m_source->index(present ? row : m_total - 1, 0), role);
}

QHash<int, QByteArray> RowWindowModel::roleNames() const
{
    QHash<int, QByteArray> names = m_source ? m_source->roleNames() : QHash<int, QByteArray>();
    names.insert(m_rowRole, "row");
    names.insert(m_presentRole, "present");
    return names;
}

} // namespace luthien::desktop
