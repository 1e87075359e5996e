// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractListModel>
#include <QList>
#include <QQmlEngine>

Q_MOC_INCLUDE("desktop/models/command_book.h")

namespace luthien::desktop {

class CommandBook;

/// Every key that does something, under the headings of the commands' groups, each with what it does.
/// Thread: GUI.
class KeyList : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT

public:
    enum Role {
        HeadingRole = Qt::UserRole + 1, ///< the group's name, for its first row; else empty
        KeysRole,
        TextRole,
    };

    using QAbstractListModel::QAbstractListModel;

    /// Takes what there is now.
    Q_INVOKABLE void show(const luthien::desktop::CommandBook* book);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

private:
    struct Row
    {
        QString group;
        QString keys;
        QString text;
        bool operator==(const Row&) const = default;
    };
    QList<Row> m_rows;
};

} // namespace luthien::desktop
