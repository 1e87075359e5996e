// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/chain.h"
#include "policy/stream_gate.h"

#include <memory>

namespace luthien::proxy {

/// Gates that carry out what the policies of a chain say, in the wire format of each call's API. A chain of shadow
/// policies only gives gates that only watch. Null if the chain is empty: then replies pass at no cost.
[[nodiscard]] std::shared_ptr<const policy::GateFactory> makePolicyGates(std::shared_ptr<const policy::Chain> chain);

} // namespace luthien::proxy
