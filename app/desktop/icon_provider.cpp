// SPDX-License-Identifier: Apache-2.0
#include "desktop/icon_provider.h"

#include "base/logging.h"

#include <QColor>
#include <QFile>
#include <QPainter>
#include <QSvgRenderer>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr int kGrid = 24;
} // namespace

IconProvider::IconProvider()
    : QQuickImageProvider(QQuickImageProvider::Pixmap)
{
}

QPixmap IconProvider::requestPixmap(const QString& id, QSize* size, const QSize& requestedSize)
{
    const QSize wanted = requestedSize.isValid() ? requestedSize : QSize(kGrid, kGrid);
    QPixmap pixmap(wanted);
    pixmap.fill(Qt::transparent);
    QFile file(u":/icons/"_s + id.section(u'/', 0, 0) + u".svg"_s);
    if (!file.open(QIODevice::ReadOnly)) {
        qCWarning(lcDesktop, "no icon %s", qPrintable(id));
        return pixmap;
    }
    // SVG colours have no alpha; the text colours of the theme are opaque.
    const QColor color(u'#' + id.section(u'/', 1, 1));
    const QByteArray svg = file.readAll().replace("currentColor", color.name(QColor::HexRgb).toLatin1());
    QPainter painter(&pixmap);
    QSvgRenderer(svg).render(&painter, QRectF(QPointF(), QSizeF(wanted)));
    if (size != nullptr)
        *size = wanted;
    return pixmap;
}

} // namespace luthien::desktop
