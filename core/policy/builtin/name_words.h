// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::policy::builtin {

inline constexpr std::size_t kMaxNameWords = 16;

/// The words of an identifier, in lower case: "mcp__shop_db__executeSQL" gives mcp, shop, db, execute, sql. At most
/// kMaxNameWords; bytes beyond ASCII belong to words as they are.
[[nodiscard]] std::vector<std::string> nameWords(std::string_view identifier);

} // namespace luthien::policy::builtin
