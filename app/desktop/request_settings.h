// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/call_view.h"

#include <string_view>

namespace luthien::desktop {

/// What of a request is no message, of any API: the instructions as text, each tool, and its settings. A body that is
/// no JSON object has none. Thread: any.
[[nodiscard]] Turn requestSettings(std::string_view body);

} // namespace luthien::desktop
