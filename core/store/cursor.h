// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace luthien::store {

/// A place in a list that is ordered by time and then by row: pages continue from it, whatever is added meanwhile.
struct Cursor
{
    std::int64_t micros = 0;
    std::int64_t row = 0;
    auto operator<=>(const Cursor&) const = default;
};

/// The opaque form for URLs and command lines: lower-case hex.
[[nodiscard]] std::string toText(const Cursor& cursor);
/// Reads what toText writes. Errors: InvalidInput.
[[nodiscard]] Result<Cursor> cursorFromText(std::string_view text);

} // namespace luthien::store
