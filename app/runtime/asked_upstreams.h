// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/definition.h"
#include "policy/policy.h"
#include "runtime/config.h"

#include <vector>

namespace luthien::runtime {

/// Whether there is the upstream whose model a policy asks. A definition that is off, of an unknown type, or of a type
/// that asks none, is fine. Errors: InvalidInput, context = "policies[ID].config.upstream".
[[nodiscard]] Result<void> checkAskedUpstream(const policy::Definition& definition, policy::Registry registry,
                                              const std::vector<UpstreamConfig>& upstreams);

} // namespace luthien::runtime
