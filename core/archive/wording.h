// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/block.h"
#include "conversation/decision.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What exports for people call things, whatever their format.
namespace luthien::archive {

/// "2026-11-22 16:03:11 UTC"
[[nodiscard]] std::string timeText(TimePoint time);
/// 2400000 -> "0.0024": exact, with at most nine digits after the point.
[[nodiscard]] std::string dollarsText(std::int64_t nanoUsd);
/// One after the other, with commas.
[[nodiscard]] std::string joined(const std::vector<std::string>& words);
/// Above what somebody says: "Tools" if all of it are results of calls, whoever sends them.
[[nodiscard]] std::string_view speakerTitle(conversation::Role role, const std::vector<conversation::Block>& blocks);
/// "Blocked", or "Would have been blocked" of a policy that only watched.
[[nodiscard]] std::string_view verdictWord(const conversation::Decision& decision);

} // namespace luthien::archive
