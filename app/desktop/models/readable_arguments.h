// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/exposed_text.h"

#include <string_view>

namespace luthien::desktop {

/// The arguments of a tool call to be read: JSON with a line for each member, its strings as what they stand for; a
/// free text as it is.
[[nodiscard]] ExposedText readableArguments(std::string_view arguments, bool isFreeText);
/// The same, character by character as the model wrote them.
[[nodiscard]] ExposedText writtenArguments(std::string_view arguments);
/// The same as text to be changed: JSON with a line for each member, in which what cannot be seen is escaped, so that
/// it means the same.
[[nodiscard]] std::string editableArguments(std::string_view arguments, bool isFreeText);

} // namespace luthien::desktop
