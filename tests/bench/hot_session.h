// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report.h"

#include <QString>

namespace luthien::bench {

/// Records a session of 200 turns, and prints how long it takes to read all of it: by a reader that keeps nothing, and
/// again by one that shares the store's memory.
void reportHotSession(Report& report, const QString& engine);

} // namespace luthien::bench
