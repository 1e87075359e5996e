// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/mapped_text.h"

#include <cstddef>

namespace luthien::guard {

/// Appends what the escape at \p at, a backslash, means in the shell's $'..': \n \t \xHH \nnn \uHHHH \UHHHHHHHH; code
/// points outside ASCII become '?'. Returns the index behind it, at most one beyond the end. Thread: any.
std::size_t appendAnsiEscape(const MappedText& in, std::size_t at, MappedText& word);

} // namespace luthien::guard
