// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <string_view>

namespace luthien::archive {

/// Takes the next bytes of an export; an error ends it.
using Write = std::function<Result<void>(std::string_view bytes)>;

struct ExportCounts
{
    std::uint64_t calls = 0;
    std::uint64_t events = 0; ///< of the formats that have them
    std::uint64_t decisions = 0;
};

} // namespace luthien::archive
