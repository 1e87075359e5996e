// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "conversation/decision.h"
#include "conversation/reply_review.h"
#include "policy/definition.h"
#include "policy/policy.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace luthien::policy {

/// Takes the decisions of one call as they are made: id, call, at and seq are for the receiver to fill in.
using DecisionTaker = std::function<void(conversation::Decision)>;

/// Arguments beyond this are not read: on_error decides. The proxy holds no larger call either.
inline constexpr std::size_t kMaxArgumentBytes = 8UL * 1024 * 1024;
/// What a decision keeps of what was judged, and of what left instead.
inline constexpr std::size_t kMaxRecordedBytes = 64UL * 1024;

/// The policies in force, in the order they run. Immutable; a call keeps the chain it began with. Thread: any.
class Chain : public std::enable_shared_from_this<Chain>
{
public:
    /// All definitions are checked; policies that are off, and those that want to see nothing, are then left out.
    /// Errors: InvalidInput, context = "policies[ID].field".
    [[nodiscard]] static Result<std::shared_ptr<const Chain>> build(Registry registry,
                                                                    const std::vector<Definition>& definitions);

    /// True if some policy's verdicts are carried out. False = only shadows: the review must be asked all the same, but
    /// its answers are always "not blocked" and the text it gives back is the text it got, so nothing need be held.
    [[nodiscard]] bool enforces() const noexcept { return m_enforces; }
    /// True if no policy would look at anything: no review is needed.
    [[nodiscard]] bool isEmpty() const noexcept { return m_links.empty(); }

    /// The policies at work on one reply. Shadow policies judge what came; enforcing ones what the policy before them
    /// left. The first block ends a call's judgement by enforcing policies; shadow ones are asked all the same. Answers
    /// and text only ever reflect enforcing policies. guardsTools() and editsText() are true if any policy, a shadow
    /// included, wants to be asked.
    ///
    /// Recorded are: every Block; every Continue that an error led to (on_error pass); one Replace for each block of
    /// text that a policy changed, when the block ends. A policy that looked and found nothing records nothing. A call
    /// that the provider carries out itself (Executor other than Client) cannot be stopped: what enforcing policies say
    /// about it is recorded as a shadow's decision, and the answer is "not blocked".
    ///
    /// The review keeps the chain alive; what takeDecision refers to, and clock, outlive the review.
    [[nodiscard]] std::unique_ptr<conversation::ReplyReview> review(DecisionTaker takeDecision,
                                                                    const Clock& clock) const;

private:
    struct Link
    {
        Definition definition;
        std::string version;
        std::string title; ///< what people call it
        std::shared_ptr<const Policy> policy;
        Interests interests;
    };
    friend class ChainReview;

    [[nodiscard]] static Result<Link> makeLink(Registry registry, const Definition& definition);

    std::vector<Link> m_links;
    bool m_enforces = false;
};

} // namespace luthien::policy
