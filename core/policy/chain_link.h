// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/latency_counts.h"
#include "policy/call_scope.h"
#include "policy/definition.h"
#include "policy/policy.h"

#include <memory>
#include <string>

namespace luthien::policy {

/// One policy of a chain. Immutable, shared by all calls.
struct ChainLink
{
    Definition definition;
    std::string version;
    std::string title; ///< what people call it
    std::shared_ptr<const Policy> policy;
    Interests interests;
    CallScope scope;
    std::shared_ptr<LatencyHistogram> latency; ///< of its answers; null = nobody counts

    [[nodiscard]] bool enforces() const noexcept { return definition.mode == PolicyMode::Enforce; }
};

} // namespace luthien::policy
