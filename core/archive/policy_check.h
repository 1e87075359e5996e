// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/rehearsal.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace luthien::archive {

/// What the policies say about one line: {"tool","arguments"}, {"text"} or {"request"}.
struct CheckedLine
{
    std::string json; ///< {"line","verdict","policy","score","reason","matched","replaced"}
    bool isBlocked = false;
    bool isUnreadable = false; ///< the line; its verdict is "error"
};
[[nodiscard]] CheckedLine checkLine(Rehearsal& rehearsal, std::uint64_t number, std::string_view line);

} // namespace luthien::archive
