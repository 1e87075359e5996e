// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// Allows or denies tool calls by an ordered list of rules over the tool's name and its arguments.
extern const PolicyType kToolRules;

} // namespace luthien::policy::builtin
