// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/upstreams_model.h"

#include "desktop/models/visible_text.h"

#include <utility>

namespace luthien::desktop {

UpstreamsModel::UpstreamsModel(std::vector<runtime::UpstreamConfig> upstreams, QObject* parent)
    : QAbstractListModel(parent)
    , m_upstreams(std::move(upstreams))
{
}

int UpstreamsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_upstreams.size());
}

QVariant UpstreamsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const runtime::UpstreamConfig& upstream = m_upstreams[static_cast<std::size_t>(index.row())];
    switch (static_cast<Role>(role)) {
    case NameRole:
        return visibleText(upstream.name);
    case AddressRole:
        return visibleText(upstream.baseUrl);
    case ApiRole:
        return visibleText(proxy::apiFamilyName(upstream.api));
    case CredentialRole:
        return visibleText(upstream.credential.toString());
    }
    return {};
}

QHash<int, QByteArray> UpstreamsModel::roleNames() const
{
    return {{NameRole, "name"}, {AddressRole, "address"}, {ApiRole, "api"}, {CredentialRole, "credential"}};
}

} // namespace luthien::desktop
