// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "filter/facts.h"
#include "store/reader.h"

namespace luthien::archive {

/// What a filter can ask about a recorded call; only the parts that needs names are read. Errors: of the reader.
[[nodiscard]] Result<filter::CallFacts> factsOf(store::Reader& reader, const store::CallRow& call, filter::Needs needs);

} // namespace luthien::archive
