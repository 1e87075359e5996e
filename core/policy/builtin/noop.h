// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// Looks at nothing and changes nothing.
extern const PolicyType kNoop;

} // namespace luthien::policy::builtin
