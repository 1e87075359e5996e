// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/text_diff.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <vector>

namespace luthien::desktop {

/// How two texts differ, a row for each line. Thread: GUI.
class ChangedLines : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)

public:
    enum Role { KindRole = Qt::UserRole + 1, BeforeRole, AfterRole, BeforeMarksRole, AfterMarksRole, SkippedRole };
    /// Those of DiffLine::Kind.
    enum Kind { Same, Removed, Added, Changed, Skipped };
    Q_ENUM(Kind)

    using QAbstractListModel::QAbstractListModel;

    void compare(std::string_view before, std::string_view after);
    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_lines.size()); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void countChanged();

private:
    std::vector<DiffLine> m_lines;
};

} // namespace luthien::desktop
