// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/blocked_calls.h"
#include "policy/chain.h"
#include "policy/stream_gate.h"

#include <memory>

namespace luthien::proxy {

/// Gates that carry out what the policies of a chain say, in the wire format of each call's API. A chain of shadow
/// policies only gives gates that only watch, an empty one none. blockedCalls may be null; if not, requests that go on
/// from a reply its provider keeps are completed, whatever policies there are now. Null if nothing is left to do.
[[nodiscard]] std::shared_ptr<const policy::GateFactory>
makePolicyGates(std::shared_ptr<const policy::Chain> chain, std::shared_ptr<policy::BlockedCalls> blockedCalls = {});

} // namespace luthien::proxy
