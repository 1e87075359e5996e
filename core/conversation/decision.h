// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::conversation {

/// What a policy said about a piece of a call. A Continue is recorded only if the policy asked for it.
enum class Verdict : std::uint8_t { Continue, Replace, Block, Hold };
[[nodiscard]] std::string_view verdictName(Verdict verdict) noexcept;
[[nodiscard]] std::optional<Verdict> verdictFromName(std::string_view name) noexcept;

/// What a policy may do.
enum class PolicyMode : std::uint8_t {
    Off,
    Shadow,  ///< runs and records its decisions, changes nothing
    Enforce, ///< its verdicts are carried out
};
[[nodiscard]] std::string_view policyModeName(PolicyMode mode) noexcept;
[[nodiscard]] std::optional<PolicyMode> policyModeFromName(std::string_view name) noexcept;

/// Who gave the verdict that was carried out.
enum class AnsweredBy : std::uint8_t { Policy, Person, Timeout, Error };
[[nodiscard]] std::string_view answeredByName(AnsweredBy who) noexcept;
[[nodiscard]] std::optional<AnsweredBy> answeredByFromName(std::string_view name) noexcept;

/// A part of what was judged.
struct Match
{
    std::string pointer;     ///< RFC 6901, into the tool's arguments; empty = the whole text
    std::uint32_t start = 0; ///< bytes, of the string at pointer
    std::uint32_t end = 0;
    bool operator==(const Match&) const = default;
};

/// A verdict of one policy about one piece of one call. Recorded before anything it allows leaves.
struct Decision
{
    CallId id; ///< a UUIDv7 of its own
    CallId call;
    TimePoint at;
    std::uint32_t seq = 0; ///< the received event it was taken at: shows where in the call it belongs
    std::string policyId;
    std::string policyVersion; ///< 64 hex: hash of the definition it ran under
    PolicyMode mode = PolicyMode::Enforce;
    Verdict verdict = Verdict::Continue;
    AnsweredBy answeredBy = AnsweredBy::Policy;
    std::optional<double> score;
    std::string reason;    ///< for the operator
    std::string agentText; ///< what the agent is told, or would be
    std::string tool;      ///< name of the tool that was called; empty = it is about text
    std::string toolId;    ///< the call's id in its API
    /// Ids under which the provider itself keeps the reply, if it does: see BlockedCalls.
    std::string responseId;
    std::string conversationId;
    CallId inference;      ///< the call on which a model was asked for this verdict; nil = none was
    bool isRepeat = false; ///< the same verdict about the same request as before: recorded, not counted again
    std::vector<Match> matched;
    std::string original; ///< the arguments or the text judged
    std::string final;    ///< what left instead; empty = nothing
    std::chrono::microseconds latency{};

    bool operator==(const Decision&) const = default;
};

} // namespace luthien::conversation
