// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// Holds tool calls until a person has allowed or denied them.
extern const PolicyType kApproval;

} // namespace luthien::policy::builtin
