// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace luthien::desktop {

/// The same bytes with line breaks and indentation between tokens; order, duplicates and errors stay visible. Text that
/// does not begin like JSON stays as it is. Takes incomplete JSON.
[[nodiscard]] std::string indentJson(std::string_view json);

/// True if text begins as an object or a list of JSON does.
[[nodiscard]] bool looksLikeJson(std::string_view text);

/// The argument that tells most about a tool call, for one line: a command, a path, an address, a query; else all of
/// it.
[[nodiscard]] std::string tellingArgument(std::string_view arguments);

} // namespace luthien::desktop
