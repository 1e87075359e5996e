// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/approval_rules.h"

#include <vector>

namespace luthien::policy {

/// Patterns a person may want to answer for, made from the call they are asked about; each matches it. The first is the
/// usual choice: the beginning of a simple command, the folder of a file, the host of an address; then exactly this
/// value. What a shell, a path or an address could be stretched to is not matched: no separators, substitutions, quotes
/// or line breaks in a command, no option that the call did not have (with the word behind it, which may be its value),
/// no deeper folders, no other host.
[[nodiscard]] std::vector<ArgumentPattern> suggestedPatterns(const RuledCall& call);

} // namespace luthien::policy
