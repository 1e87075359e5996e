// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// The policies that come with the program.
[[nodiscard]] Registry registry() noexcept;

} // namespace luthien::policy::builtin
