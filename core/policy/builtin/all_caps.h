// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// Writes the text of a reply in capitals; tool calls and thinking stay as they are.
extern const PolicyType kAllCaps;

} // namespace luthien::policy::builtin
