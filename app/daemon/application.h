// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/process.h"

#include <string>
#include <vector>

namespace luthien::daemon {

/// Runs luthiend with the words after its name; returns its exit code. Thread: main, with a QCoreApplication.
[[nodiscard]] int runApplication(const std::vector<std::string>& words, const runtime::InheritedLimits& inherited);

} // namespace luthien::daemon
