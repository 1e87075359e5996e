// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// Writes what policies get to see to the log.
extern const PolicyType kDebugLog;

} // namespace luthien::policy::builtin
