// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace luthien::conversation {

/// Why a reply ended, in one vocabulary for all APIs. The provider's own word is kept beside it.
enum class StopReason : std::uint8_t {
    None, ///< not ended, or the provider never said
    EndTurn,
    StopSequence,
    MaxTokens,
    ToolUse,
    Refusal,
    ContentFilter,
    PauseTurn,
    ContextWindow,
    Compaction,
    Failed,
    Other,
};

/// Snake-case name, e.g. "end_turn"; empty for None.
[[nodiscard]] std::string_view stopReasonName(StopReason reason) noexcept;
[[nodiscard]] StopReason stopReasonFromName(std::string_view name) noexcept;

} // namespace luthien::conversation
