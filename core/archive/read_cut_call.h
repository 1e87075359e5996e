// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/prices.h"
#include "store/cut_call.h"

#include <memory>

namespace luthien::archive {

/// Reads what was recorded of calls that a crash cut off as it was read when it came. prices may be null: then nobody
/// says what they cost.
[[nodiscard]] store::ReadCutCall readCutCalls(std::shared_ptr<const conversation::PriceTable> prices);

} // namespace luthien::archive
