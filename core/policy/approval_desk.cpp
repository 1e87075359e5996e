// SPDX-License-Identifier: Apache-2.0
#include "policy/approval_desk.h"

#include "policy/approval_answering.h"
#include "policy/approval_rules.h"
#include "policy/approval_suggestions.h"
#include "policy/question_clock.h"
#include "policy/wait_list.h"

#include <algorithm>
#include <atomic>
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
    QuestionClock clock;
    std::function<void()> wake;
    bool isShown = false;    ///< a person could see it, and may answer late
    bool isWorkedOn = false; ///< by a person, who stopped its clock
};

using Wakes = std::vector<std::function<void()>>;

void wakeAll(const Wakes& wakes)
{
    for (const std::function<void()>& wake : wakes)
        wake();
}
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
    std::atomic<bool> isPaused = false; ///< changed with the mutex locked
    std::map<CallId, Entry> entries;    ///< of each AskedApproval there is, pending or not
    std::deque<CallId> over;            ///< of those that were shown and are no more, oldest first
    std::shared_ptr<const ApprovalRules> rules = std::make_shared<ApprovalRules>();
    std::map<CallId, ApprovalRuleUse> uses;
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
        if (!rule || (rule->isAllowed && isPaused))
            return std::nullopt;
        return ApprovalOutcome{.verb = rule->isAllowed ? ApprovalVerb::Allow : ApprovalVerb::Deny,
                               .message = rule->message,
                               .answeredBy = AnsweredBy::Policy,
                               .rule = rule->id,
                               .at = now};
    }

    // With the mutex locked:

    void countUse(const ApprovalOutcome& outcome)
    {
        ApprovalRuleUse& use = uses[outcome.rule];
        ++use.count;
        use.last = outcome.at;
    }

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

    void stopClock(Entry& entry)
    {
        const SteadyPoint now = clock.steady();
        const auto moved = std::chrono::duration_cast<std::chrono::microseconds>(entry.clock.stop(now));
        if (moved.count() == 0)
            return;
        entry.approval.deadline += moved;
        entry.approval.clockStandsUntil = clock.now() + moved;
    }

    void startClock(Entry& entry)
    {
        entry.approval.deadline +=
            std::chrono::duration_cast<std::chrono::microseconds>(entry.clock.start(clock.steady()));
        entry.approval.clockStandsUntil.reset();
    }

    void expireIfDue(Entry& entry)
    {
        if (entry.approval.isPending() && clock.steady() >= entry.clock.deadline())
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
        for (const ApprovalRule& rule : expired) {
            uses.erase(rule.id);
            if (keeper && !rule.endsWithProgram)
                keeper->remove(rule.id);
        }
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
    void applyRules(Wakes& wakes)
    {
        for (auto& [id, entry] : entries) {
            expireIfDue(entry);
            if (!entry.approval.isPending())
                continue;
            if (std::optional<ApprovalOutcome> outcome = ruled(*rules, entry.approval.question, entry.arguments)) {
                countUse(*outcome);
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

AskedApproval::AskedApproval(std::shared_ptr<ApprovalDeskState> desk, CallId id)
    : m_desk(std::move(desk))
    , m_id(id)
{
}

AskedApproval::~AskedApproval()
{
    const std::scoped_lock lock(m_desk->mutex);
    m_desk->forget(m_id);
}

SteadyPoint AskedApproval::deadline() const
{
    const std::scoped_lock lock(m_desk->mutex);
    return m_desk->entries.at(m_id).clock.deadline();
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

std::chrono::milliseconds ApprovalDesk::longestStop(std::chrono::milliseconds wait) const
{
    // A call that waits longer than this is over, whatever the desk says.
    const std::chrono::milliseconds most = WaitList::kLongest;
    return std::clamp(most - wait, std::chrono::milliseconds(), m_state->limits.longestStop);
}

std::optional<ApprovalOutcome> ApprovalDesk::ruled(const ApprovalQuestion& question)
{
    const Result<RuledArguments> arguments = RuledArguments::read(question.arguments, question.isFreeText);
    if (!arguments)
        return std::nullopt;
    std::optional<ApprovalOutcome> outcome = m_state->ruled(*m_state->currentRules(), question, *arguments);
    if (outcome) {
        const std::scoped_lock lock(m_state->mutex);
        m_state->countUse(*outcome);
    }
    return outcome;
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
                .clock = QuestionClock(m_state->clock.steady() + wait, longestStop(wait)),
                .wake = std::move(wake)};
    entry.approval.question = std::move(question);

    const std::scoped_lock lock(m_state->mutex);
    if (m_state->rules != known || m_state->isPaused)
        entry.approval.outcome = m_state->ruled(*m_state->rules, entry.approval.question, entry.arguments);
    if (entry.approval.outcome)
        m_state->countUse(*entry.approval.outcome);
    if (m_state->isClosed && entry.approval.isPending())
        entry.approval.outcome = m_state->denialAtTheEnd();
    if (entry.approval.isPending()) {
        if (m_state->countPending() >= m_state->limits.pending)
            return Error{ErrorCode::Unavailable, "Too many calls wait for a person already.", {}};
        entry.isShown = true;
        if (m_state->isPaused)
            m_state->stopClock(entry);
        m_state->tell(entry.approval);
    }
    const CallId id = entry.approval.id;
    m_state->entries.emplace(id, std::move(entry));
    return std::unique_ptr<AskedApproval>(new AskedApproval(m_state, id));
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
    Wakes wakes;
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
    wakeAll(wakes);
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

Result<void> ApprovalDesk::stopClock(const CallId& id)
{
    const std::scoped_lock lock(m_state->mutex);
    const Result<Entry*> found = m_state->waiting(id);
    if (!found)
        return found.error();
    Entry& entry = **found;
    if (entry.isWorkedOn)
        return {};
    entry.isWorkedOn = true;
    m_state->stopClock(entry);
    m_state->tell(entry.approval);
    return {};
}

void ApprovalDesk::pause()
{
    const std::scoped_lock lock(m_state->mutex);
    if (m_state->isPaused.exchange(true))
        return;
    for (auto& [id, entry] : m_state->entries) {
        m_state->expireIfDue(entry);
        if (!entry.approval.isPending() || entry.isWorkedOn)
            continue;
        m_state->stopClock(entry);
        m_state->tell(entry.approval);
    }
}

void ApprovalDesk::resume()
{
    Wakes wakes;
    {
        const std::scoped_lock lock(m_state->mutex);
        if (!m_state->isPaused.exchange(false))
            return;
        for (auto& [id, entry] : m_state->entries) {
            m_state->expireIfDue(entry);
            if (!entry.approval.isPending() || entry.isWorkedOn)
                continue;
            m_state->startClock(entry);
            m_state->tell(entry.approval);
            wakes.push_back(entry.wake); // it waits for a later deadline than there is now
        }
        m_state->applyRules(wakes);
    }
    wakeAll(wakes);
}

bool ApprovalDesk::isPaused() const
{
    return m_state->isPaused;
}

void ApprovalDesk::expire()
{
    const std::scoped_lock lock(m_state->mutex);
    (void)m_state->countPending();
}

std::map<CallId, ApprovalRuleUse> ApprovalDesk::ruleUses() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->uses;
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
    m_state->uses.erase(id);
    if (m_state->keeper)
        m_state->keeper->remove(id);
    return {};
}

std::size_t ApprovalDesk::close()
{
    Wakes wakes;
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
    wakeAll(wakes);
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
