// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/clipboard.h"

#include <QClipboard>
#include <QGuiApplication>

namespace luthien::desktop {

void Clipboard::copy(const QString& text)
{
    QGuiApplication::clipboard()->setText(text);
}

} // namespace luthien::desktop
