// SPDX-License-Identifier: Apache-2.0
#include "conversation/stop_reason.h"

#include <array>

namespace luthien::conversation {

namespace {
constexpr std::array<std::string_view, 12> kNames = {
    "",           "end_turn",       "stop_sequence", "max_tokens", "tool_use", "refusal", "content_filter",
    "pause_turn", "context_window", "compaction",    "failed",     "other",
};
} // namespace

std::string_view stopReasonName(StopReason reason) noexcept
{
    return kNames[static_cast<std::size_t>(reason)];
}

StopReason stopReasonFromName(std::string_view name) noexcept
{
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == name)
            return static_cast<StopReason>(i);
    }
    return StopReason::Other;
}

} // namespace luthien::conversation
