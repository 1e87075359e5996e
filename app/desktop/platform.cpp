// SPDX-License-Identifier: Apache-2.0
#include "desktop/platform.h"

#include <QDir>
#include <QQuickWindow>
#include <QSGRendererInterface>

#include <unistd.h>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
bool hasGraphicsCard()
{
    const QDir devices(u"/dev/dri"_s);
    for (const QString& name : devices.entryList({u"renderD*"_s}, QDir::System))
        if (::access(qUtf8Printable(devices.filePath(name)), R_OK | W_OK) == 0)
            return true;
    return false;
}
} // namespace

Result<void> checkDisplay()
{
    for (const char* variable : {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"})
        if (!qEnvironmentVariableIsEmpty(variable))
            return {};
    return Error{.code = ErrorCode::Unavailable,
                 .message = "there is no display to open a window on; set DISPLAY or WAYLAND_DISPLAY, or run "
                            "luthiend serve"};
}

void chooseRenderer()
{
    for (const char* variable :
         {"QT_QUICK_BACKEND", "QMLSCENE_DEVICE", "QSG_RHI_BACKEND", "QSG_RHI_PREFER_SOFTWARE_RENDERER"})
        if (qEnvironmentVariableIsSet(variable))
            return;
    if (!hasGraphicsCard())
        QQuickWindow::setGraphicsApi(QSGRendererInterface::Software);
}

} // namespace luthien::desktop
