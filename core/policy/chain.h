// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "conversation/decision.h"
#include "conversation/reply_review.h"
#include "policy/definition.h"
#include "policy/policy.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace luthien::policy {

/// Takes the decisions of one call as they are made: id, call, at and seq are for the receiver to fill in.
using DecisionTaker = std::function<void(conversation::Decision)>;

/// The policies in force, in the order they run. Immutable; a call keeps the chain it began with. Thread: any.
class Chain
{
public:
    /// Policies that are off are left out. Errors: InvalidInput, context = "policies[ID].field".
    [[nodiscard]] static Result<std::shared_ptr<const Chain>> build(Registry registry,
                                                                    const std::vector<Definition>& definitions);

    /// True if some policy's verdicts are carried out.
    [[nodiscard]] bool enforces() const noexcept { return m_enforces; }
    [[nodiscard]] bool isEmpty() const noexcept { return m_links.empty(); }

    /// The policies at work on one reply. Shadow policies judge what came; enforcing ones what the policy before them
    /// left. The first block ends a call's judgement by enforcing policies; shadow ones are asked all the same.
    /// takeDecision and clock outlive the review.
    [[nodiscard]] std::unique_ptr<conversation::ReplyReview> review(DecisionTaker takeDecision,
                                                                    const Clock& clock) const;

private:
    struct Link
    {
        Definition definition;
        std::string version;
        std::shared_ptr<const Policy> policy;
    };
    friend class ChainReview;

    std::vector<Link> m_links;
    bool m_enforces = false;
};

} // namespace luthien::policy
