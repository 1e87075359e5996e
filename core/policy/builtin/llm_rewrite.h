// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// Lets a model rewrite the text of replies, and the tool calls in them, by a person's instructions.
extern const PolicyType kLlmRewrite;

} // namespace luthien::policy::builtin
