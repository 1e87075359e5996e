// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace luthien::store {

// Agents resend a conversation at each turn, but not always with the same bytes: Claude Code puts "cache_control" on
// the newest message only, and writes a message as a list of one text block while it carries that mark, as a plain
// string later. What must look equal for a viewer is made equal here; the bytes themselves are kept as they came.

/// Whether settled() could differ from message.
[[nodiscard]] bool mayVary(std::string_view message) noexcept;
/// The message without cache marks, and with a sole text block as a plain string.
[[nodiscard]] std::string settled(std::string_view message);

} // namespace luthien::store
