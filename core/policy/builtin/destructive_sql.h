// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// Blocks tool calls that carry SQL which destroys data. What it sees and what not: docs/policies.md.
extern const PolicyType kDestructiveSql;

} // namespace luthien::policy::builtin
