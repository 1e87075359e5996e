// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>

namespace luthien::desktop {

/// How to point each agent at the proxy: the exact text to paste. Thread: GUI.
class Agents : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")

public:
    enum Role { NameRole = Qt::UserRole + 1, WhereRole, SnippetRole };

    using QAbstractListModel::QAbstractListModel;

    /// The proxy's address, "http://127.0.0.1:4000".
    void setAddress(const QString& address);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

private:
    QString m_address;
};

} // namespace luthien::desktop
