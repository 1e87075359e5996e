// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// Stops requests once so much money, or so many tokens, are spent.
extern const PolicyType kBudget;

} // namespace luthien::policy::builtin
