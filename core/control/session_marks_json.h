// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/session_marks.h"

#include <string_view>

namespace luthien::control {

/// {"pinned":true,"label":"...","note":"..."}, at least one of them. Errors: InvalidInput, context = the member.
[[nodiscard]] Result<store::SessionMarks> sessionMarksFromJson(std::string_view body);

} // namespace luthien::control
