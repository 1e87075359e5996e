// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace luthien::protocol {

/// A member's name as Go's encoding/json compares it: it takes "Tool_Calls" for "tool_calls". ASCII letters are small,
/// and so are the two other characters that fold to one. Source: encoding/json, foldName.
[[nodiscard]] std::string foldedName(std::string_view name);

/// True if it is none of the names, and somebody who folds would take it for one.
[[nodiscard]] bool isOtherSpelling(std::string_view name, std::span<const std::string_view> names);

} // namespace luthien::protocol
