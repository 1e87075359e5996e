// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// Replaces words in requests, replies or both.
extern const PolicyType kReplaceText;

} // namespace luthien::policy::builtin
