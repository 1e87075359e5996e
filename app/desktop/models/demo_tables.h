// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "demo/shop.h"

#include <QAbstractListModel>
#include <QQmlEngine>

namespace luthien::desktop {

/// The tables of the demonstration's shop, before and after. Thread: GUI.
class DemoTables : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")

public:
    enum Role { NameRole = Qt::UserRole + 1, BeforeRole, BeforeSumRole, AfterRole, AfterSumRole, GoneRole, SameRole };

    using QAbstractListModel::QAbstractListModel;

    void clear();
    void show(const demo::ShopState& before, const demo::ShopState& after);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

private:
    demo::ShopState m_before;
    demo::ShopState m_after;
};

} // namespace luthien::desktop
