// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <string_view>

namespace luthien::desktop {

/// Text as it has to be shown: characters that are not seen themselves but hide, reorder or smuggle what is (controls,
/// overrides of the writing direction, zero-width spaces, tags) stand as their code, "‹U+202E›". Joiners and variation
/// selectors of emoji and scripts stay.
[[nodiscard]] QString visibleText(QString text);
[[nodiscard]] QString visibleText(std::string_view utf8);

} // namespace luthien::desktop
