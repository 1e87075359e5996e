// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QQuickImageProvider>

namespace luthien::desktop {

/// Draws "image://icons/NAME/RRGGBB" from our SVGs, in that colour and at the size asked for. Thread: any.
class IconProvider final : public QQuickImageProvider
{
public:
    IconProvider();
    QPixmap requestPixmap(const QString& id, QSize* size, const QSize& requestedSize) override;
};

} // namespace luthien::desktop
