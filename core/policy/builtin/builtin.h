// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.h"

namespace luthien::policy::builtin {

/// The policies that come with the program.
[[nodiscard]] Registry registry() noexcept;
/// What a policy of this type says hangs on when the calls before were made and what they used: told again from the
/// record, on several threads and today, it would be something else.
[[nodiscard]] bool countsCalls(std::string_view type) noexcept;

} // namespace luthien::policy::builtin
