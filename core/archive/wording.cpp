// SPDX-License-Identifier: Apache-2.0
#include "archive/wording.h"

#include "base/clock.h"

#include <algorithm>

namespace luthien::archive {

using namespace conversation;

std::string timeText(TimePoint time)
{
    const std::string text = toRfc3339(time);
    return text.substr(0, 10) + ' ' + text.substr(11, 8) + " UTC";
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string_view speakerTitle(Role role, const std::vector<Block>& blocks)
{
    const bool onlyResults =
        std::ranges::all_of(blocks, [](const Block& block) { return block.kind == BlockKind::ToolResult; });
    switch (role) {
    case Role::System:
        return "System";
    case Role::User:
        return onlyResults ? "Tools" : "User";
    case Role::Assistant:
        return "Assistant";
    case Role::Tool:
        return "Tools";
    }
    return {};
}

std::string_view verdictWord(const Decision& decision)
{
    const bool isDone = decision.mode == PolicyMode::Enforce;
    switch (decision.verdict) {
    case Verdict::Continue:
        return isDone ? "Passed" : "Would have passed";
    case Verdict::Replace:
        return isDone ? "Replaced" : "Would have been replaced";
    case Verdict::Block:
        return isDone ? "Blocked" : "Would have been blocked";
    case Verdict::Hold:
        return isDone ? "Held" : "Would have been held";
    }
    return {};
}

} // namespace luthien::archive
