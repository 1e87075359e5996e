// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// Lets so many requests, or tokens, through in a while.
extern const PolicyType kRateLimit;

} // namespace luthien::policy::builtin
