// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "conversation/decision.h"
#include "policy/approval.h"
#include "store/database_location.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace luthien::archive {

/// How far back a rule is tried where nobody says.
inline constexpr std::chrono::hours kPreviewedPast{24 * 30};

/// Which rule is tried on which part of the past, and how much of it is looked at.
struct RulePreviewPlan
{
    store::DatabaseLocation database;
    policy::ApprovalRule rule;
    TimePoint since; ///< calls that began then or later
    std::uint64_t maxCalls = 200'000;
    std::chrono::milliseconds patience{3000}; ///< of which a part is kept for what was decided about the matches
};

/// A tool call of the past that the rule would have applied to, and what became of it then.
struct RuleMatch
{
    CallId call;
    TimePoint at; ///< when the call began
    std::string session;
    std::string agent;
    std::string tool;
    std::string toolId;    ///< in its API
    std::string arguments; ///< their beginning, at most RulePreview::kMaxArgumentBytes
    bool isCut = false;    ///< they are longer
    /// The strongest decision that was carried out. Without one the call went on, and policyId is empty. \{
    conversation::Verdict verdict = conversation::Verdict::Continue;
    conversation::AnsweredBy answeredBy = conversation::AnsweredBy::Policy;
    std::string policyId;
    std::string reason;
    /// \}

    bool operator==(const RuleMatch&) const = default;
};

/// How far a rule would have reached.
struct RulePreview
{
    static constexpr std::size_t kMaxMatches = 20;
    static constexpr std::size_t kMaxArgumentBytes = 500;

    policy::ApprovalRule rule; ///< that was tried
    TimePoint since;
    std::uint64_t toolCalls = 0; ///< that were looked at: those an agent was to carry out
    std::uint64_t matched = 0;
    std::uint64_t sessions = 0;    ///< with a match
    bool isWhole = false;          ///< false = the bounds of the plan were reached: older calls were not looked at
    std::vector<RuleMatch> newest; ///< at most kMaxMatches, newest first

    bool operator==(const RulePreview&) const = default;
};

/// Tries a rule on recorded tool calls, newest first, whichever policy had asked about them, if any. Blocks; opens
/// connections of its own. Errors: InvalidInput (the pattern cannot be used), Timeout (stopped, or the database did
/// not answer in time), those of the store.
[[nodiscard]] Result<RulePreview> previewRule(const RulePreviewPlan& plan, const std::stop_token& stop = {});

/// {"rule","since","tool_calls","matched","sessions","whole","newest":[{"call_id","at","session_id","agent_id","tool",
/// "tool_id","arguments","cut","verdict","answered_by","policy_id","reason"}]}
[[nodiscard]] std::string toJson(const RulePreview& preview);

} // namespace luthien::archive
