// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>

#include <memory>
#include <string>

namespace luthien::desktop {

/// Bytes as they are, 8 a row: place, numbers, and the letters among them. Thread: GUI.
class HexRows : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT

public:
    enum Role { OffsetRole = Qt::UserRole + 1, BytesRole, LettersRole };

    using QAbstractListModel::QAbstractListModel;

    /// Null = none.
    void show(std::shared_ptr<const std::string> bytes);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

private:
    std::shared_ptr<const std::string> m_bytes;
};

} // namespace luthien::desktop
