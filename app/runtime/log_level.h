// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace luthien::runtime {

/// The least important line that is logged from now on: "debug", "info", "warning" or "error". Thread: any.
void setLogLevel(std::string_view level);

} // namespace luthien::runtime
