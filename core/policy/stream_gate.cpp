// SPDX-License-Identifier: Apache-2.0
#include "policy/stream_gate.h"

namespace luthien::policy {

StreamGate::~StreamGate() = default;
GateFactory::~GateFactory() = default;

} // namespace luthien::policy
