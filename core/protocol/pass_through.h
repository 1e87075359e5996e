// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/dialect.h"

// What is forwarded and recorded, not understood.
namespace luthien::protocol::pass_through {

[[nodiscard]] const Dialect& other() noexcept;

} // namespace luthien::protocol::pass_through
