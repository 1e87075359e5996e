// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/mapped_text.h"

#include <vector>

namespace luthien::guard {

/// The string literals in a program's source (Python, JavaScript, Perl, Ruby, PHP) that begin like a destructive SQL
/// statement and are not just printed. A heuristic: the languages are not parsed, every quote may open a string.
[[nodiscard]] std::vector<MappedText> sqlLiterals(const MappedText& source);

} // namespace luthien::guard
