// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// Judges by functions a person wrote in JavaScript: onRequest, onText, onToolCall, onEnd. What they get and may
/// return: docs/policies.md.
extern const PolicyType kJavascript;

} // namespace luthien::policy::builtin
