// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/conversation_row.h"
#include "store/rows.h"

#include <QString>

#include <chrono>
#include <optional>
#include <string_view>

namespace luthien::desktop {

/// Words for figures; the same everywhere in the window.
[[nodiscard]] QString fromUtf8(std::string_view text);
/// "128.4k"; whole below 10,000.
[[nodiscard]] QString countText(std::int64_t count);
/// "1 call", "41 calls"
[[nodiscard]] QString callsText(std::int64_t calls);
/// "4.1s", "3m 41s", "2h 5m".
[[nodiscard]] QString durationText(std::chrono::microseconds duration);
/// "14:31:02" in local time.
[[nodiscard]] QString clockText(TimePoint time);
/// "now", "12m", "14:02" today, else "Nov 3".
[[nodiscard]] QString agoText(TimePoint time, TimePoint now);
/// "2,184 in   612 out   4.1s" of a call.
[[nodiscard]] QString usageText(const store::CallRow& call);
/// A short name for an agent, for a badge; empty for the main one.
[[nodiscard]] QString agentName(std::string_view agent);
/// How a call that needs words stands; nothing for one that simply completed.
[[nodiscard]] std::optional<ConversationRow> footerOf(const store::CallRow& call, bool hasReply);

} // namespace luthien::desktop
