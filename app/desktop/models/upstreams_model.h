// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/config.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <vector>

namespace luthien::desktop {

/// Where calls are sent, in the order of the configuration; only read, for lists are made in its file. Thread: GUI.
class UpstreamsModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")

public:
    enum Role { NameRole = Qt::UserRole + 1, AddressRole, ApiRole, CredentialRole };

    explicit UpstreamsModel(std::vector<runtime::UpstreamConfig> upstreams, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

private:
    const std::vector<runtime::UpstreamConfig> m_upstreams;
};

} // namespace luthien::desktop
