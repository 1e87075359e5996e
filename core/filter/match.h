// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/expression.h"
#include "filter/facts.h"

namespace luthien::filter {

/// True if the call is what the expression looks for; the facts hold all that expression.needs() names. now: what
/// "2h" and "today" count from. Thread: any.
[[nodiscard]] bool matches(const Expression& expression, const CallFacts& call, TimePoint now);

/// The same for one decision of the call: what is asked about a decision is asked about this one.
[[nodiscard]] bool matches(const Expression& expression, const CallFacts& call, const conversation::Decision& decision,
                           TimePoint now);

} // namespace luthien::filter
