// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractListModel>
#include <QPointer>
#include <QQmlEngine>

namespace luthien::desktop {

/// The few rows of a long list that are on screen, each in a slot of its own: a slot shows the row whose number it is
/// modulo the number of slots, so that scrolling by one row changes one slot. Thread: GUI.
class RowWindowModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QAbstractItemModel* source READ source WRITE setSource NOTIFY sourceChanged FINAL)
    Q_PROPERTY(int firstRow READ firstRow WRITE setFirstRow NOTIFY firstRowChanged FINAL)
    Q_PROPERTY(int slotCount READ slotCount WRITE setSlotCount NOTIFY slotCountChanged FINAL)
    Q_PROPERTY(int total READ total NOTIFY totalChanged FINAL)

public:
    explicit RowWindowModel(QObject* parent = nullptr);

    [[nodiscard]] QAbstractItemModel* source() const { return m_source; }
    void setSource(QAbstractItemModel* source);
    [[nodiscard]] int firstRow() const noexcept { return m_firstRow; }
    void setFirstRow(int row);
    [[nodiscard]] int slotCount() const noexcept { return m_slotCount; }
    void setSlotCount(int count);
    [[nodiscard]] int total() const noexcept { return m_total; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void sourceChanged();
    void firstRowChanged();
    void slotCountChanged();
    void totalChanged();
    /// So many rows came (or, negative, went) above firstRow.
    void shiftedAbove(int count);

private:
    [[nodiscard]] int rowOf(int slot) const noexcept;
    void refresh(int firstRow, int lastRow);
    void refreshAll() { refresh(0, m_total); }
    void takeTotal();
    void fitSlots();
    void takeMove(int from, int to);

    QPointer<QAbstractItemModel> m_source;
    int m_firstRow = 0;
    int m_slotCount = 0; ///< wanted
    int m_used = 0;      ///< the same, but not more than there are rows
    int m_total = 0;
    int m_rowRole;
    int m_presentRole;
};

} // namespace luthien::desktop
