// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "demo/db_drop.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <vector>

namespace luthien::desktop {

/// What happened in the demonstration so far. Thread: GUI.
class DemoSteps : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")

public:
    enum Role { StepRole = Qt::UserRole + 1, TitleRole, TextRole };
    /// demo::DbDropStep
    enum Step { ShopMade, PersonSaid, ModelSaid, ModelAsked, ToolRan, ToolStopped };
    Q_ENUM(Step)

    using QAbstractListModel::QAbstractListModel;

    void clear();
    void add(const demo::DbDropProgress& progress);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

private:
    std::vector<demo::DbDropProgress> m_steps;
};

} // namespace luthien::desktop
