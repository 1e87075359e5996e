// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace luthien::guard {

/// True if the text holds a word without which destructivePhrases() and dynamicSql() find nothing in it, in no
/// dialect. It costs a fraction of lexSql(), so it is asked first. It may be wrong in one direction only: a word that
/// turns out to stand in a comment or a name counts, too. Linear in the text's size. Thread: any.
[[nodiscard]] bool hasSqlTrigger(std::string_view text);

} // namespace luthien::guard
