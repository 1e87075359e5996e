// SPDX-License-Identifier: Apache-2.0
#include "archive/wording.h"

#include "base/clock.h"

#include <algorithm>
#include <cstdlib>

namespace luthien::archive {

using namespace conversation;

std::string timeText(TimePoint time)
{
    const std::string text = toRfc3339(time);
    return text.substr(0, 10) + ' ' + text.substr(11, 8) + " UTC";
}

std::string dollarsText(std::int64_t nanoUsd)
{
    constexpr std::int64_t kNano = 1'000'000'000;
    std::string fraction = std::to_string(kNano + std::abs(nanoUsd % kNano)); // with a leading 1 that keeps the zeros
    fraction[0] = '.';
    fraction.erase(fraction.find_last_not_of('0') + 1);
    return (nanoUsd < 0 ? "-" : "") + std::to_string(std::abs(nanoUsd / kNano)) + (fraction == "." ? "" : fraction);
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
