// SPDX-License-Identifier: Apache-2.0
#include "policy/spending_book.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace luthien::policy {

namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

constexpr seconds kFineStep{1};
constexpr seconds kFineKept{3600};
constexpr seconds kCoarseStep{600};

TimePoint stepOf(TimePoint at, microseconds step)
{
    return TimePoint(at.time_since_epoch() - at.time_since_epoch() % step);
}

void operator+=(Spending& mine, const Spending& other)
{
    mine.requests += other.requests;
    mine.tokens += other.tokens;
    mine.nanoUsd += other.nanoUsd;
}

template <typename Steps>
void addStep(Steps& steps, const Spending& spending, TimePoint at, seconds step, seconds kept)
{
    const TimePoint from = stepOf(at, step);
    // Calls end in about the order of time; one that does not is counted where the last one was.
    if (steps.empty() || steps.back().from < from)
        steps.push_back({from, {}});
    steps.back().spending += spending;
    while (steps.front().from + step <= at - kept)
        steps.pop_front();
}

seconds stepFor(seconds window)
{
    return window <= kFineKept ? kFineStep : kCoarseStep;
}

} // namespace

std::optional<Overdraft> SpendingBook::begin(const CallId& call, const Spender& who, const Allowance& allowance)
{
    const std::scoped_lock lock(m_mutex);
    const TimePoint now = m_clock.now();
    const bool isCounted = m_begun.contains(call);
    static const Account kNothing;
    const Account* known = account(who, allowance.by);
    const Account& account = known ? *known : kNothing;
    Spending used = sum(account, allowance.window, now);
    if (isCounted)
        --used.requests;
    struct Limit
    {
        Overdraft::Of of;
        std::optional<std::int64_t> most;
        std::int64_t Spending::* what;
    };
    for (const Limit& limit : {Limit{Overdraft::Of::Requests, allowance.requests, &Spending::requests},
                               Limit{Overdraft::Of::Tokens, allowance.tokens, &Spending::tokens},
                               Limit{Overdraft::Of::Money, allowance.nanoUsd, &Spending::nanoUsd}}) {
        if (!limit.most || used.*limit.what < *limit.most)
            continue;
        const std::int64_t tooMuch = used.*limit.what - *limit.most + 1;
        return Overdraft{.of = limit.of,
                         .used = used.*limit.what,
                         .allowed = *limit.most,
                         .freesAt = freesAt(account, allowance.window, now, limit.what, tooMuch)};
    }
    if (remember(m_begun, m_begunOrder, call))
        add(who, {.requests = 1}, now);
    return std::nullopt;
}

void SpendingBook::end(const CallId& call, const Spender& who, std::int64_t tokens, std::int64_t nanoUsd)
{
    const std::scoped_lock lock(m_mutex);
    if (!remember(m_ended, m_endedOrder, call))
        return;
    const bool isNew = remember(m_begun, m_begunOrder, call);
    add(who, {.requests = isNew ? 1 : 0, .tokens = tokens, .nanoUsd = nanoUsd}, m_clock.now());
}

void SpendingBook::preload(std::span<const PastSpending> past)
{
    const std::scoped_lock lock(m_mutex);
    std::vector<const PastSpending*> ordered;
    ordered.reserve(past.size());
    for (const PastSpending& each : past)
        ordered.push_back(&each);
    std::ranges::sort(ordered, {}, [](const PastSpending* each) { return each->at; });
    for (const PastSpending* each : ordered)
        add({each->session, each->client}, each->spending, each->at);
}

Spending SpendingBook::spent(const Spender& who, SpentBy by, seconds window) const
{
    const std::scoped_lock lock(m_mutex);
    const Account* known = account(who, by);
    return known ? sum(*known, window, m_clock.now()) : Spending();
}

SpendingBook::Key SpendingBook::keyOf(const Spender& who, SpentBy by)
{
    return {by, std::string(by == SpentBy::Session  ? who.session
                            : by == SpentBy::Client ? who.client
                                                    : std::string_view())};
}

const SpendingBook::Account* SpendingBook::account(const Spender& who, SpentBy by) const
{
    const auto found = m_accounts.find(keyOf(who, by));
    return found == m_accounts.end() ? nullptr : &found->second;
}

Spending SpendingBook::sum(const Account& account, seconds window, TimePoint now)
{
    if (window == seconds(0))
        return account.ever;
    const auto& steps = window <= kFineKept ? account.fine : account.coarse;
    const seconds step = stepFor(window);
    Spending all;
    // A step that has only partly left the window counts as a whole.
    for (auto it = steps.rbegin(); it != steps.rend() && it->from + step > now - window; ++it)
        all += it->spending;
    return all;
}

std::optional<TimePoint> SpendingBook::freesAt(const Account& account, seconds window, TimePoint now,
                                               std::int64_t Spending::* what, std::int64_t tooMuch)
{
    if (window == seconds(0))
        return std::nullopt;
    const auto& steps = window <= kFineKept ? account.fine : account.coarse;
    const seconds step = stepFor(window);
    for (const Step& one : steps) {
        if (one.from + step <= now - window)
            continue;
        tooMuch -= one.spending.*what;
        if (tooMuch <= 0)
            return one.from + step + window;
    }
    return std::nullopt; // the allowance itself is nothing
}

void SpendingBook::add(const Spender& who, const Spending& spending, TimePoint at)
{
    for (const SpentBy by : {SpentBy::Session, SpentBy::Client, SpentBy::All}) {
        Account& account = m_accounts[keyOf(who, by)];
        addStep(account.fine, spending, at, kFineStep, kFineKept);
        addStep(account.coarse, spending, at, kCoarseStep, kMaxWindow);
        account.ever += spending;
        account.lastAt = at;
    }
    makeRoom();
}

/// A tenth at a time, so that the search for the oldest is paid by many calls.
void SpendingBook::makeRoom()
{
    if (m_accounts.size() <= kMaxSpenders)
        return;
    std::vector<TimePoint> times;
    times.reserve(m_accounts.size());
    for (const auto& [key, account] : m_accounts)
        times.push_back(account.lastAt);
    const auto oldest = times.begin() + kMaxSpenders / 10;
    std::nth_element(times.begin(), oldest, times.end());
    std::erase_if(m_accounts, [&](const auto& entry) {
        return entry.first.first != SpentBy::All && entry.second.lastAt < *oldest;
    });
}

bool SpendingBook::remember(std::set<CallId>& calls, std::deque<CallId>& order, const CallId& call)
{
    if (!calls.insert(call).second)
        return false;
    order.push_back(call);
    if (order.size() > kMaxCalls) {
        calls.erase(order.front());
        order.pop_front();
    }
    return true;
}

} // namespace luthien::policy
