// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/reader.h"

#include <algorithm>
#include <limits>

namespace luthien::store {

/// Where a list of all rows begins, ascending and descending.
inline constexpr Cursor kBeforeAll{std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::min()};
inline constexpr Cursor kAfterAll{std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max()};

/// How many rows a page has if limit is asked for.
[[nodiscard]] inline std::uint32_t pageSize(std::uint32_t limit) noexcept
{
    return std::clamp<std::uint32_t>(limit, 1, Reader::kMaxPage);
}

} // namespace luthien::store
