// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// Asks a model how likely a tool call is to do harm, and blocks it from a threshold on.
extern const PolicyType kLlmJudge;

} // namespace luthien::policy::builtin
