// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/window.h"

#include <QStringList>

namespace luthien::desktop {

/// Collects what the window complains about while it exists. Thread: made and destroyed by main, one at a time.
class WarningLog
{
public:
    WarningLog();
    ~WarningLog();
    WarningLog(const WarningLog&) = delete;
    WarningLog& operator=(const WarningLog&) = delete;

    [[nodiscard]] QStringList lines() const;
};

/// Compiles every QML file of ours, then shows every page in both themes. Returns what went wrong, a line each.
/// Thread: GUI.
[[nodiscard]] QStringList tryAllPages(Window& window);

} // namespace luthien::desktop
