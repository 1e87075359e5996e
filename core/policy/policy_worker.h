// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/chain.h"
#include "policy/chain_link.h"
#include "policy/verdict_memory.h"
#include "policy/wait_list.h"

#include <boost/json/value.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace luthien::policy {

/// A policy's last word about one thing.
struct Judgement
{
    PolicyVerdict verdict; ///< not a Hold
    bool isRepeat = false;
    std::chrono::microseconds latency{}; ///< from the first time it was asked

    [[nodiscard]] bool isError() const noexcept { return verdict.answeredBy == conversation::AnsweredBy::Error; }
    /// True if it is to be recorded although it changes nothing.
    [[nodiscard]] bool isNotable() const noexcept
    {
        return verdict.isRecorded || verdict.isBlocked() || isError() ||
               verdict.verdict == conversation::Verdict::Replace;
    }
};

/// One thing a policy is asked about until it has said its last word.
struct Question
{
    std::size_t bytes = 0; ///< kept while it waits
    std::optional<SteadyPoint> askedAt;
    SteadyPoint::duration spentBefore{};   ///< on what led to it: the parts of a text that came first
    std::optional<SteadyPoint> waitsUntil; ///< present = it holds
    bool waitsForPerson = false;

    [[nodiscard]] bool isWaiting() const noexcept { return waitsUntil.has_value(); }
};

/// What the workers of one call share.
struct WorkPlace
{
    const ReviewParts& parts;
    VerdictMemory* verdicts = nullptr;
    WaitList waits;
    std::size_t askedPeople = 0; ///< questions among those that wait for one
};

/// One policy of the chain at work on one call: asks it, takes the time, says what its errors mean, and writes its
/// decisions. Thread: the call's worker.
class PolicyWorker
{
public:
    PolicyWorker(const ChainLink& link, WorkPlace& place);

    [[nodiscard]] const ChainLink& link() const noexcept { return m_link; }
    [[nodiscard]] bool enforces() const noexcept { return m_link.enforces(); }
    [[nodiscard]] PolicyCall& policy() noexcept { return *m_call; }
    [[nodiscard]] const Clock& clock() const noexcept { return m_place.parts.clock; }

    /// Nullopt, here and below = it holds. arguments is what the call's arguments read as, or why they cannot be read.
    [[nodiscard]] std::optional<Judgement> toolCall(Question& question, const conversation::ToolCall& call,
                                                    const Result<boost::json::value>& arguments);
    [[nodiscard]] std::optional<Judgement> request(Question& question,
                                                   std::span<const conversation::RequestPart> parts);
    [[nodiscard]] std::optional<Judgement> textEnd(Question& question, std::uint32_t choice, std::uint32_t block,
                                                   std::string& out);
    /// It will not be asked again.
    void withdraw(Question& question);

    /// What it comes to that the policy cannot be asked.
    [[nodiscard]] Judgement failure(const Error& why) const { return {.verdict = verdictOf(why)}; }
    /// What the agent reads in the place of what was blocked. subject = "Tool call `Bash`"
    [[nodiscard]] std::string notice(const Judgement& judgement, std::string_view subject) const;
    /// A decision with everything but what was judged and what left instead.
    [[nodiscard]] conversation::Decision decisionOf(const Judgement& judgement) const;
    /// Records it.
    void take(conversation::Decision decision) const { m_place.parts.takeDecision(std::move(decision)); }

private:
    template <typename Ask>
    std::optional<Judgement> ask(Question& question, Ask&& askPolicy);
    /// As ask(), but what was said before about the same is said again. judged() is only called if it is needed.
    template <typename Judged, typename Ask>
    std::optional<Judgement> askOnce(Question& question, Judged&& judged, Ask&& askPolicy);
    [[nodiscard]] Result<void> hold(Question& question, SteadyPoint until, SteadyPoint now);
    [[nodiscard]] PolicyVerdict verdictOf(const Error& error) const;

    const ChainLink& m_link;
    WorkPlace& m_place;
    PolicyContext m_context;
    std::unique_ptr<PolicyCall> m_call;
};

} // namespace luthien::policy
