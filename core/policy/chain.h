// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "conversation/decision.h"
#include "conversation/reply_review.h"
#include "policy/definition.h"
#include "policy/policy.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace luthien::policy {

struct ChainLink;

/// Takes the decisions of one call as they are made: id, call, at and seq are for the receiver to fill in.
using DecisionTaker = std::function<void(conversation::Decision)>;

/// What the review of one call works with. What these refer to outlives the review.
struct ReviewParts
{
    CallFacts facts;
    DecisionTaker takeDecision;
    const Clock& clock;
    std::function<void()> wake = [] {}; ///< see PolicyContext
    Inference* inference = nullptr;
};

/// A call that was blocked by a policy whose on_block is retry.
struct DeniedCall
{
    std::uint32_t block = 0;
    std::string id;
    std::string name;
    std::string notice; ///< what the model is told
};

/// How often a reply may be thrown away and asked for again; after that a block is carried out as replace.
inline constexpr int kMaxRetries = 3;

/// The policies at work on one call: on its request, then on its reply, or replies. Thread: the call's worker.
class CallReview : public conversation::RequestReview, public conversation::ReplyReview
{
public:
    /// True if some enforcing policy looks at this reply's tool calls or text. False = its answers are always "not
    /// blocked" and the text it gives back is the text it got, so nothing need be held.
    [[nodiscard]] virtual bool enforcesReply() const = 0;
    /// True if some enforcing policy looks at the request. False = the answer is always "not blocked", unchanged.
    [[nodiscard]] virtual bool enforcesRequest() const = 0;
    /// When a policy that waits must be asked again at the latest; max = not by time.
    [[nodiscard]] virtual SteadyPoint due() const = 0;
    /// A wake-up has come, or due() has: shadow policies that wait are asked again. Whoever holds something for an
    /// enforcing one asks for it again himself.
    virtual void resume() = 0;
    /// True while some policy, a shadow included, has not said its last word: the call's record stays open.
    [[nodiscard]] virtual bool isWaiting() const = 0;
    /// True while a policy waits for a person's answer.
    [[nodiscard]] virtual bool waitsForPerson() const noexcept = 0;
    /// What is kept to be asked about again.
    [[nodiscard]] virtual std::size_t waitingBytes() const noexcept = 0;
    /// True if the reply may have to be thrown away: nothing of it may leave before it is complete.
    [[nodiscard]] virtual bool mayRetry() const = 0;
    /// The reply is complete and answered. What the model is to be told; then the reply is thrown away, and the next
    /// one's blocks count from 0. Empty = the reply may leave.
    [[nodiscard]] virtual std::vector<DeniedCall> retry() = 0;
    /// Somebody else has the reply thrown away: the next one's blocks count from 0.
    virtual void startOver() = 0;
    /// The request, or the reply, cannot be read: every policy that only watches and would have looked at it is
    /// recorded with that error, and is not asked about it any more.
    virtual void requestUnreadable(const Error& why) = 0;
    virtual void replyUnreadable(const Error& why) = 0;
    /// The call is over. What still waits is withdrawn.
    virtual void ended(const conversation::CallEnded& event) = 0;
};

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
    [[nodiscard]] static Result<std::shared_ptr<const Chain>>
    build(Registry registry, const std::vector<Definition>& definitions, const Services& services = {});

    /// True if some policy's verdicts are carried out. Whether that is so for one call, CallReview::enforcesReply()
    /// says.
    [[nodiscard]] bool enforces() const noexcept { return m_enforces; }
    /// True if some policy only watches.
    [[nodiscard]] bool watches() const noexcept { return m_watches; }
    /// True if no policy would look at anything: no review is needed.
    [[nodiscard]] bool isEmpty() const noexcept { return m_links.empty(); }

    /// Some of the policies, by what becomes of their verdicts.
    enum class Part : std::uint8_t { All, Enforced, Shadows };

    /// The policies at work on one call, or part of them: enforced ones and shadows know nothing of each other, so two
    /// reviews may share a call. Shadow policies judge what came; enforcing ones what the policy before them
    /// left. The first block ends a call's judgement by enforcing policies; shadow ones are asked all the same. Answers
    /// and text only ever reflect enforcing policies. guardsTools() and editsText() are true if any policy, a shadow
    /// included, wants to be asked.
    ///
    /// Recorded are: every Block and every Replace; every Continue that an error led to (on_error pass) or that the
    /// policy wants recorded; one Replace for each block of text that a policy changed, when the block ends. A policy
    /// that looked and found nothing records nothing. A call that the provider carries out itself (Executor other than
    /// Client) cannot be stopped: what enforcing policies say about it is recorded as a shadow's decision, and the
    /// answer is "not blocked". Latency counts from the first time a policy was asked to its answer.
    ///
    /// New arguments that can be read in more than one way, or do not fit the tool's schema, block the call whatever
    /// on_error says. A blocked text becomes a notice behind what had left already. on_block retry and end are about
    /// tool calls only.
    ///
    /// The review keeps the chain alive. Null = no policy's scope has this call in it.
    [[nodiscard]] std::unique_ptr<CallReview> open(ReviewParts parts, Part part = Part::All) const;
    /// True if a policy of the chain asks for Interests::changesArguments.
    [[nodiscard]] bool changesArguments() const noexcept;

private:
    std::vector<std::shared_ptr<const ChainLink>> m_links;
    VerdictMemory* m_verdicts = nullptr;
    bool m_enforces = false;
    bool m_watches = false;
};

} // namespace luthien::policy
