// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/decision.h"
#include "conversation/response.h"
#include "desktop/models/conversation_row.h"

#include <vector>

namespace luthien::desktop {

/// Whether a policy spoke about the request, before anything of it was sent.
[[nodiscard]] bool isAboutRequest(const conversation::Decision& decision);
/// A decision in words: who, what came of it, why, what was found and what the agent reads instead. What a shadow said
/// is told as what would have happened. Its comparison is Inline if something short was changed, Closed if there is
/// something else to compare.
[[nodiscard]] ConversationRow decisionRow(const conversation::Decision& decision);
/// What was judged and what left instead, or would have, line by line.
[[nodiscard]] std::vector<ConversationRow> comparisonRows(const conversation::Decision& decision,
                                                          row::Comparison comparison);

/// What the agent got instead of the model's reply: a line, and if expanded the reply itself.
[[nodiscard]] std::vector<ConversationRow> sentRows(const conversation::Response& sent, bool expanded);

} // namespace luthien::desktop
