// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/approval_desk.h"
#include "policy/policy.h"

#include <chrono>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace luthien::policy {

/// Why a policy asks a person about a call.
struct ApprovalCause
{
    std::string rule; ///< see ApprovalQuestion
    std::string reason;
    std::vector<conversation::Match> matched;
};

/// The rule that the recorded reason of a decision names: it answered, or the answer made it. Nil = none.
[[nodiscard]] CallId answeringRule(std::string_view reason);

/// What one policy at work on one call asks people. A shadow asks nobody, and nobody is asked about what the provider
/// carries out itself: it says that it would have. Thread: the call's worker.
class ApprovalRequests
{
public:
    /// Both outlive it.
    ApprovalRequests(ApprovalDesk& desk, const PolicyContext& context)
        : m_desk(desk)
        , m_context(context)
    {
    }

    /// Remembers what the person said last; for PolicyCall::request().
    void request(std::span<const conversation::RequestPart> parts);
    /// The verdict about a call that a person is to answer for; asked again after a Hold. Every last word is recorded.
    /// timeout 0 = the desk's. Errors: those of ApprovalDesk::ask().
    [[nodiscard]] Result<PolicyVerdict> toolCall(const JudgedCall& call, const ApprovalCause& cause,
                                                 std::chrono::milliseconds timeout = {});

private:
    [[nodiscard]] ApprovalQuestion questionOf(const JudgedCall& call, const ApprovalCause& cause) const;
    [[nodiscard]] PolicyVerdict verdictOf(const ApprovalOutcome& outcome, const JudgedCall& call,
                                          const ApprovalCause& cause) const;

    ApprovalDesk& m_desk;
    const PolicyContext& m_context;
    std::string m_lastUserText;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::unique_ptr<AskedApproval>> m_asked; ///< by choice, block
};

} // namespace luthien::policy
