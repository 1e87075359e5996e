// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/store_figures.h"

#include <QLocale>

#include <utility>

namespace luthien::desktop {

namespace {
QString bytesText(std::uint64_t bytes)
{
    return QLocale().formattedDataSize(static_cast<qint64>(bytes), bytes < 1024 ? 0 : 1, QLocale::DataSizeIecFormat);
}
} // namespace

StoreFigures::StoreFigures(QString place, QObject* parent)
    : QObject(parent)
    , m_place(std::move(place))
{
}

QString StoreFigures::size() const
{
    return m_size ? bytesText(*m_size) : tr("known to the server");
}

QString StoreFigures::backlog() const
{
    return bytesText(m_backlog);
}

void StoreFigures::show(std::optional<std::uint64_t> size, std::uint64_t backlog)
{
    if (std::pair(size, backlog) == std::pair(m_size, m_backlog))
        return;
    m_size = size;
    m_backlog = backlog;
    Q_EMIT changed();
}

} // namespace luthien::desktop
