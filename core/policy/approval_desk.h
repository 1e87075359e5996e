// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "policy/approval.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace luthien::policy {

struct ApprovalDeskState;

/// Keeps rules over a restart. Called while the desk is locked: it queues what it is told and returns.
class ApprovalRuleKeeper
{
public:
    virtual ~ApprovalRuleKeeper() = default;
    virtual void save(const ApprovalRule& rule) = 0;
    virtual void remove(const CallId& id) = 0;
};

struct ApprovalLimits
{
    std::chrono::milliseconds timeout{120'000}; ///< where the policy names none
    std::size_t pending = 256;
    std::size_t rules = 10'000;
    /// For how long the clock of one question stands still at the most, all stops together.
    std::chrono::milliseconds longestStop{600'000};
};

/// A question on the desk. Destroying it while it waits withdraws the question. Thread: one at a time.
class AskedApproval
{
public:
    ~AskedApproval();
    AskedApproval(const AskedApproval&) = delete;
    AskedApproval& operator=(const AskedApproval&) = delete;

    [[nodiscard]] const CallId& id() const noexcept { return m_id; }
    /// When to look again at the latest.
    [[nodiscard]] SteadyPoint deadline() const;
    /// What came of it; nullopt = it waits. At the deadline it is denied, once.
    [[nodiscard]] std::optional<ApprovalOutcome> outcome();

private:
    friend class ApprovalDesk;
    AskedApproval(std::shared_ptr<ApprovalDeskState> desk, CallId id);

    std::shared_ptr<ApprovalDeskState> m_desk;
    CallId m_id;
};

/// Someone who is told of every change of a question; ends with the object.
class ApprovalWatch
{
public:
    virtual ~ApprovalWatch() = default;
};

/// Where tool calls wait for a person. An answer names the question it is for, so a late one answers nothing else; no
/// answer in time is a denial, never a rule. Thread: any.
class ApprovalDesk
{
public:
    explicit ApprovalDesk(const Clock& clock, ApprovalLimits limits = {});
    ~ApprovalDesk();
    ApprovalDesk(const ApprovalDesk&) = delete;
    ApprovalDesk& operator=(const ApprovalDesk&) = delete;

    /// The rules of earlier runs, and who keeps them from now on; it outlives the desk. Expired ones are removed, ones
    /// that cannot be used are errors (InvalidInput, context = the rule's id) and apply to nothing. Once, before the
    /// first question.
    [[nodiscard]] std::vector<Error> keepRules(std::vector<ApprovalRule> rules, ApprovalRuleKeeper& keeper);

    // For policies.

    /// What a rule says to the question; nullopt = a person is to be asked.
    [[nodiscard]] std::optional<ApprovalOutcome> ruled(const ApprovalQuestion& question);
    /// Answered at once if a rule does. wake is called from any thread when there is an outcome or an earlier deadline,
    /// but not at the deadline; timeout 0 = the desk's. Errors: Unavailable (too many wait), TooLarge (more than a
    /// person can be shown), InvalidInput (not UTF-8, or no JSON).
    [[nodiscard]] Result<std::unique_ptr<AskedApproval>> ask(ApprovalQuestion question, std::function<void()> wake,
                                                             std::chrono::milliseconds timeout = {});

    // For people.

    /// What waits, oldest first.
    [[nodiscard]] std::vector<Approval> pending();
    /// The question as the answer left it. Other questions that a rule made by the answer applies to are answered by
    /// it. Errors: NotFound; Conflict (answered before, too late, or withdrawn); InvalidInput, context = the member
    /// that will not do; TooLarge (too many rules). After an error the question waits as before.
    [[nodiscard]] Result<Approval> answer(const CallId& id, const ApprovalAnswer& answer);
    /// The rule that the answer would make, with a nil id, to try on what happened before: see predicateOf().
    /// Errors: as of answer(); InvalidInput if it would make none.
    [[nodiscard]] Result<ApprovalRule> draftRule(const CallId& id, const ApprovalAnswer& answer);
    /// A person is at work on it: its clock stands still, for ApprovalLimits::longestStop at the most. Errors: as of
    /// answer().
    [[nodiscard]] Result<void> stopClock(const CallId& id);
    /// While the desk is paused no permission that a rule gives counts: whatever policies ask about waits for a person,
    /// with its clock standing still as of stopClock(). Resuming starts the clocks that nobody else stopped, and lets
    /// the rules answer what waits. \{
    void pause();
    void resume();
    [[nodiscard]] bool isPaused() const;
    /// \}
    /// Denies what is too late, and tells of it: nobody else does but the call that waits.
    void expire();
    /// Those in force, oldest first.
    [[nodiscard]] std::vector<ApprovalRule> rules();
    /// Of the rules that have answered, by their id.
    [[nodiscard]] std::map<CallId, ApprovalRuleUse> ruleUses() const;
    /// Errors: NotFound.
    [[nodiscard]] Result<void> revokeRule(const CallId& id);

    /// Nobody will answer any more, because the program ends: what waits is denied, once, and so is whatever is asked
    /// from now on that no rule answers. Returns how many waited.
    std::size_t close();

    /// Told of every question that is added, answered, stopped, too late or withdrawn, by value and in order, from the
    /// thread that caused it and while the desk is locked: it queues what it is told and returns.
    [[nodiscard]] std::unique_ptr<ApprovalWatch> watch(std::function<void(const Approval&)> listener);

    /// \{ What a question may hold.
    static constexpr std::size_t kMaxArgumentBytes = 256UL * 1024;
    static constexpr std::size_t kMaxUserTextBytes = 4UL * 1024;
    static constexpr std::size_t kMaxMessageBytes = 2UL * 1024;
    /// \}

private:
    /// For how long the clock of a question that waits so long may stand still.
    [[nodiscard]] std::chrono::milliseconds longestStop(std::chrono::milliseconds wait) const;

    std::shared_ptr<ApprovalDeskState> m_state;
};

} // namespace luthien::policy
