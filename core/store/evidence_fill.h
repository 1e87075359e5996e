// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

namespace luthien::store {

class Database;

/// Takes what was recorded before there was a chain of evidence into it, in the order it was recorded; does nothing
/// once that is done. Goes on where an earlier run was stopped. Thread: before the writer's begins.
[[nodiscard]] Result<void> fillEvidence(Database& database);

} // namespace luthien::store
