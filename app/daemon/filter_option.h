// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "daemon/command_line.h"
#include "filter/expression.h"

#include <cstdint>

namespace luthien::daemon {

/// What --filter says; without it all calls. Errors: InvalidArgument with the place of the mistake.
[[nodiscard]] Result<filter::Expression> filterOption(const CommandLine& line);
/// What --limit says; without it 20. Errors: InvalidArgument.
[[nodiscard]] Result<std::uint64_t> limitOption(const CommandLine& line);

} // namespace luthien::daemon
