// SPDX-License-Identifier: Apache-2.0
#include "policy/approval_desk.h"

#include "policy/approval_answering.h"
#include "policy/approval_rules.h"
#include "policy/approval_suggestions.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

namespace luthien::policy {

using conversation::AnsweredBy;

namespace {
/// So many ids of questions that are over are remembered, to tell a late answer from a wrong one.
constexpr std::size_t kMaxRemembered = 10'000;

struct Entry
{
    Approval approval;
    RuledArguments arguments;
    SteadyPoint deadline;
    std::function<void()> wake;
    bool isShown = false; ///< a person could see it, and may answer late
};
} // namespace

/// Everything about the desk; whoever holds a question or watches shares it. The mutex guards all that changes, but
/// rules are an immutable snapshot that is searched without it.
struct ApprovalDeskState
{
    ApprovalDeskState(const Clock& theClock, ApprovalLimits theLimits)
        : clock(theClock)
        , limits(theLimits)
    {
    }

    const Clock& clock;
    const ApprovalLimits limits;
    mutable std::mutex mutex;
    bool isClosed = false;
    std::map<CallId, Entry> entries; ///< of each AskedApproval there is, pending or not
    std::deque<CallId> over;         ///< of those that were shown and are no more, oldest first
    std::shared_ptr<const ApprovalRules> rules = std::make_shared<ApprovalRules>();
    ApprovalRuleKeeper* keeper = nullptr;
    std::map<std::uint64_t, std::function<void(const Approval&)>> listeners;
    std::uint64_t lastListener = 0;

    std::shared_ptr<const ApprovalRules> currentRules() const
    {
        const std::scoped_lock lock(mutex);
        return rules;
    }

    std::optional<ApprovalOutcome> ruled(const ApprovalRules& known, const ApprovalQuestion& question,
                                         const RuledArguments& arguments) const
    {
        const TimePoint now = clock.now();
        const ApprovalRule* rule = known.find(question.policyId, question.rule, ruledCall(question, arguments), now);
        if (!rule)
            return std::nullopt;
        return ApprovalOutcome{.verb = rule->isAllowed ? ApprovalVerb::Allow : ApprovalVerb::Deny,
                               .message = rule->message,
                               .answeredBy = AnsweredBy::Policy,
                               .rule = rule->id,
                               .at = now};
    }

    // With the mutex locked:

    void tell(const Approval& approval) const
    {
        for (const auto& [id, listener] : listeners)
            listener(approval);
    }

    void settle(Entry& entry, ApprovalOutcome outcome)
    {
        entry.approval.outcome = std::move(outcome);
        tell(entry.approval);
    }

    void expireIfDue(Entry& entry)
    {
        if (entry.approval.isPending() && clock.steady() >= entry.deadline)
            settle(entry, {.answeredBy = AnsweredBy::Timeout, .at = clock.now()});
    }

    /// What becomes of questions when the program ends.
    ApprovalOutcome denialAtTheEnd() const
    {
        return {.answeredBy = AnsweredBy::Timeout, .isAtTheEnd = true, .at = clock.now()};
    }

    void forget(const CallId& id)
    {
        const auto found = entries.find(id);
        if (found == entries.end())
            return;
        expireIfDue(found->second);
        if (found->second.approval.isPending()) {
            found->second.approval.isWithdrawn = true;
            tell(found->second.approval);
        }
        if (found->second.isShown)
            over.push_back(id);
        entries.erase(found);
        if (over.size() > kMaxRemembered)
            over.pop_front();
    }

    std::size_t countPending()
    {
        std::size_t count = 0;
        for (auto& [id, entry] : entries) {
            expireIfDue(entry);
            count += entry.approval.isPending() ? 1 : 0;
        }
        return count;
    }

    /// The question if an answer may still be given. Errors: NotFound, Conflict.
    Result<Entry*> waiting(const CallId& id)
    {
        const auto found = entries.find(id);
        if (found == entries.end())
            return std::ranges::find(over, id) == over.end()
                       ? Error{ErrorCode::NotFound, "Nothing is asked under this id.", id.toString()}
                       : Error{ErrorCode::Conflict, "This is over: nobody waits for an answer any more.",
                               id.toString()};
        expireIfDue(found->second);
        const std::optional<ApprovalOutcome>& outcome = found->second.approval.outcome;
        if (!outcome)
            return &found->second;
        return Error{ErrorCode::Conflict,
                     outcome->answeredBy == AnsweredBy::Timeout ? "This answer comes too late: the call was denied."
                                                                : "This was answered before.",
                     id.toString()};
    }

    void removeExpiredRules()
    {
        auto next = std::make_shared<ApprovalRules>(*rules);
        const std::vector<ApprovalRule> expired = next->removeExpired(clock.now());
        if (expired.empty())
            return;
        rules = std::move(next);
        for (const ApprovalRule& rule : expired)
            if (keeper && !rule.endsWithProgram)
                keeper->remove(rule.id);
    }

    Result<CallId> addRule(ApprovalRule rule)
    {
        removeExpiredRules();
        if (rules->size() >= limits.rules)
            return Error{ErrorCode::TooLarge, "There are too many rules; revoke some first.", "for"};
        rule.id = CallId::make(rule.at);
        auto next = std::make_shared<ApprovalRules>(*rules);
        if (const Result<void> added = next->add(rule); !added)
            return added.error();
        rules = std::move(next);
        if (keeper && !rule.endsWithProgram)
            keeper->save(rule);
        return rule.id;
    }

    /// Questions that a new rule answers no longer wait; their wakes go to wakes.
    void applyRules(std::vector<std::function<void()>>& wakes)
    {
        for (auto& [id, entry] : entries) {
            expireIfDue(entry);
            if (!entry.approval.isPending())
                continue;
            if (std::optional<ApprovalOutcome> outcome = ruled(*rules, entry.approval.question, entry.arguments)) {
                settle(entry, std::move(*outcome));
                wakes.push_back(entry.wake);
            }
        }
    }
};

namespace {

class Watch final : public ApprovalWatch
{
public:
    Watch(std::shared_ptr<ApprovalDeskState> state, std::uint64_t id)
        : m_state(std::move(state))
        , m_id(id)
    {
    }
    ~Watch() override
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->listeners.erase(m_id);
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

private:
    std::shared_ptr<ApprovalDeskState> m_state;
    std::uint64_t m_id;
};

} // namespace

AskedApproval::AskedApproval(std::shared_ptr<ApprovalDeskState> desk, CallId id, SteadyPoint deadline)
    : m_desk(std::move(desk))
    , m_id(id)
    , m_deadline(deadline)
{
}

AskedApproval::~AskedApproval()
{
    const std::scoped_lock lock(m_desk->mutex);
    m_desk->forget(m_id);
}

std::optional<ApprovalOutcome> AskedApproval::outcome()
{
    const std::scoped_lock lock(m_desk->mutex);
    Entry& entry = m_desk->entries.at(m_id);
    m_desk->expireIfDue(entry);
    return entry.approval.outcome;
}

ApprovalDesk::ApprovalDesk(const Clock& clock, ApprovalLimits limits)
    : m_state(std::make_shared<ApprovalDeskState>(clock, limits))
{
}

ApprovalDesk::~ApprovalDesk() = default;

std::vector<Error> ApprovalDesk::keepRules(std::vector<ApprovalRule> rules, ApprovalRuleKeeper& keeper)
{
    std::vector<Error> errors;
    const std::scoped_lock lock(m_state->mutex);
    auto next = std::make_shared<ApprovalRules>(*m_state->rules);
    for (ApprovalRule& rule : rules) {
        const std::string id = rule.id.toString();
        if (const Result<void> added = next->add(std::move(rule)); !added)
            errors.push_back({ErrorCode::InvalidInput, added.error().message, id});
    }
    m_state->keeper = &keeper;
    m_state->rules = std::move(next);
    m_state->removeExpiredRules();
    return errors;
}

std::optional<ApprovalOutcome> ApprovalDesk::ruled(const ApprovalQuestion& question)
{
    const Result<RuledArguments> arguments = RuledArguments::read(question.arguments, question.isFreeText);
    return arguments ? m_state->ruled(*m_state->currentRules(), question, *arguments) : std::nullopt;
}

Result<std::unique_ptr<AskedApproval>> ApprovalDesk::ask(ApprovalQuestion question, std::function<void()> wake,
                                                         std::chrono::milliseconds timeout)
{
    if (question.arguments.size() > kMaxArgumentBytes)
        return Error{ErrorCode::TooLarge,
                     "The arguments are longer than the " + std::to_string(kMaxArgumentBytes) +
                         " bytes that a person can be shown.",
                     {}};
    Result<RuledArguments> arguments = RuledArguments::read(question.arguments, question.isFreeText);
    if (!arguments)
        return arguments.error();
    const TimePoint now = m_state->clock.now();
    const std::chrono::milliseconds wait = timeout.count() > 0 ? timeout : m_state->limits.timeout;
    const std::shared_ptr<const ApprovalRules> known = m_state->currentRules();
    Entry entry{.approval = {.id = CallId::make(now),
                             .askedAt = now,
                             .deadline = now + wait,
                             .suggestions = suggestedPatterns(ruledCall(question, *arguments)),
                             .outcome = m_state->ruled(*known, question, *arguments)},
                .arguments = std::move(*arguments),
                .deadline = m_state->clock.steady() + wait,
                .wake = std::move(wake)};
    entry.approval.question = std::move(question);

    const std::scoped_lock lock(m_state->mutex);
    if (m_state->rules != known)
        entry.approval.outcome = m_state->ruled(*m_state->rules, entry.approval.question, entry.arguments);
    if (m_state->isClosed && entry.approval.isPending())
        entry.approval.outcome = m_state->denialAtTheEnd();
    if (entry.approval.isPending()) {
        if (m_state->countPending() >= m_state->limits.pending)
            return Error{ErrorCode::Unavailable, "Too many calls wait for a person already.", {}};
        entry.isShown = true;
        m_state->tell(entry.approval);
    }
    const CallId id = entry.approval.id;
    const SteadyPoint deadline = entry.deadline;
    m_state->entries.emplace(id, std::move(entry));
    return std::unique_ptr<AskedApproval>(new AskedApproval(m_state, id, deadline));
}

std::vector<Approval> ApprovalDesk::pending()
{
    std::vector<Approval> pending;
    const std::scoped_lock lock(m_state->mutex);
    for (auto& [id, entry] : m_state->entries) {
        m_state->expireIfDue(entry);
        if (entry.approval.isPending())
            pending.push_back(entry.approval);
    }
    return pending;
}

Result<Approval> ApprovalDesk::answer(const CallId& id, const ApprovalAnswer& answer)
{
    std::vector<std::function<void()>> wakes;
    Approval answered;
    {
        const std::scoped_lock lock(m_state->mutex);
        const Result<Entry*> found = m_state->waiting(id);
        if (!found)
            return found.error();
        Entry& entry = **found;
        if (const Result<void> checked = checkAnswer(answer, entry.approval.question); !checked)
            return checked.error();
        ApprovalOutcome outcome{.verb = answer.verb,
                                .arguments = answer.arguments,
                                .message = answer.message,
                                .answeredBy = AnsweredBy::Person,
                                .at = m_state->clock.now()};
        if (answer.duration != ApprovalDuration::Once) {
            Result<ApprovalRule> rule = ruleOf(answer, entry.approval, entry.arguments, outcome.at);
            const Result<CallId> added = rule ? m_state->addRule(std::move(*rule)) : rule.error();
            if (!added)
                return added.error();
            outcome.rule = *added;
        }
        m_state->settle(entry, std::move(outcome));
        answered = entry.approval;
        wakes.push_back(entry.wake);
        if (!answered.outcome->rule.isNil())
            m_state->applyRules(wakes);
    }
    for (const std::function<void()>& wake : wakes)
        wake();
    return answered;
}

Result<ApprovalRule> ApprovalDesk::draftRule(const CallId& id, const ApprovalAnswer& answer)
{
    const std::scoped_lock lock(m_state->mutex);
    const Result<Entry*> found = m_state->waiting(id);
    if (!found)
        return found.error();
    const Entry& entry = **found;
    if (const Result<void> checked = checkAnswer(answer, entry.approval.question); !checked)
        return checked.error();
    return ruleOf(answer, entry.approval, entry.arguments, m_state->clock.now());
}

std::vector<ApprovalRule> ApprovalDesk::rules()
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->removeExpiredRules();
    return m_state->rules->list();
}

Result<void> ApprovalDesk::revokeRule(const CallId& id)
{
    const std::scoped_lock lock(m_state->mutex);
    auto next = std::make_shared<ApprovalRules>(*m_state->rules);
    if (!next->remove(id))
        return Error{ErrorCode::NotFound, "There is no rule with this id.", id.toString()};
    m_state->rules = std::move(next);
    if (m_state->keeper)
        m_state->keeper->remove(id);
    return {};
}

std::size_t ApprovalDesk::close()
{
    std::vector<std::function<void()>> wakes;
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->isClosed = true;
        for (auto& [id, entry] : m_state->entries) {
            m_state->expireIfDue(entry);
            if (!entry.approval.isPending())
                continue;
            m_state->settle(entry, m_state->denialAtTheEnd());
            wakes.push_back(entry.wake);
        }
    }
    for (const std::function<void()>& wake : wakes)
        wake();
    return wakes.size();
}

std::unique_ptr<ApprovalWatch> ApprovalDesk::watch(std::function<void(const Approval&)> listener)
{
    const std::scoped_lock lock(m_state->mutex);
    const std::uint64_t id = ++m_state->lastListener;
    m_state->listeners.emplace(id, std::move(listener));
    return std::make_unique<Watch>(m_state, id);
}

} // namespace luthien::policy
