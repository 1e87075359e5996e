// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStringList>

namespace luthien::desktop {

/// The font families the window is designed with that are not installed; the system puts others in their place.
/// Thread: GUI, after QGuiApplication.
[[nodiscard]] QStringList missingFonts();

} // namespace luthien::desktop
