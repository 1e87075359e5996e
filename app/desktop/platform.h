// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

namespace luthien::desktop {

/// Errors: Unavailable if there is no display to open a window on. Thread: main, before QGuiApplication.
[[nodiscard]] Result<void> checkDisplay();
/// Renders in software where there is no graphics card: quicker than emulating one, and 85 MiB smaller. What the user
/// set in the environment stays. Thread: main, before the first window.
void chooseRenderer();

} // namespace luthien::desktop
