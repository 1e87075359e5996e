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

/// Drops the steps that no window reaches back to any more.
template <typename Steps>
void addStep(Steps& steps, const Spending& spending, TimePoint at, seconds step, seconds kept)
{
    const TimePoint from = stepOf(at, step);
    auto place = std::ranges::lower_bound(steps, from, {}, [](const auto& one) { return one.from; });
    if (place == steps.end() || place->from != from)
        place = steps.insert(place, {from, {}});
    place->spending += spending;
    while (steps.front().from + step <= steps.back().from - kept)
        steps.pop_front();
}

seconds stepFor(seconds window)
{
    return window <= SpendingBook::kFineKept ? kFineStep : seconds(SpendingBook::kCoarseStep);
}

} // namespace

std::int64_t tokensOf(conversation::Api api, const conversation::Usage& usage) noexcept
{
    const std::int64_t tokens = usage.input.value_or(0) + usage.output.value_or(0);
    // Anthropic counts what went through the cache beside the input, the others within it.
    const bool isCacheBeside = api == conversation::Api::AnthropicMessages;
    return isCacheBeside ? tokens + usage.cacheRead.value_or(0) + usage.cacheWrite.value_or(0) : tokens;
}

std::optional<Overdraft> SpendingBook::begin(const CallId& call, const Spender& who, const Allowance& allowance)
{
    const std::scoped_lock lock(m_mutex);
    const TimePoint now = m_clock.now();
    static const Account kNothing;
    const Account* own = account(who, allowance.by);
    const Account& account = own ? *own : kNothing;
    Spending used = sum(account, allowance.window, now);
    if (known(ledgersOf(who).back(), call).isCounted)
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
    for (Ledger& ledger : ledgersOf(who)) {
        KnownCall& asked = known(ledger, call);
        if (!std::exchange(asked.isCounted, true))
            add(ledger, who, {.requests = 1}, asked.at);
    }
    return std::nullopt;
}

void SpendingBook::end(const CallId& call, const Spender& who, std::int64_t tokens, std::int64_t nanoUsd)
{
    const std::scoped_lock lock(m_mutex);
    for (Ledger& ledger : ledgersOf(who)) {
        KnownCall& over = known(ledger, call);
        if (std::exchange(over.isOver, true))
            continue;
        const bool isNew = !std::exchange(over.isCounted, true);
        add(ledger, who, {.requests = isNew ? 1 : 0, .tokens = tokens, .nanoUsd = nanoUsd}, over.at);
    }
}

void SpendingBook::withdraw(const CallId& call, const Spender& who)
{
    const std::scoped_lock lock(m_mutex);
    for (Ledger& ledger : ledgersOf(who)) {
        KnownCall& over = known(ledger, call);
        if (!std::exchange(over.isOver, true) && over.isCounted)
            add(ledger, who, {.requests = -1}, over.at);
    }
}

void SpendingBook::preload(std::span<const PastSpending> past)
{
    const std::scoped_lock lock(m_mutex);
    for (const PastSpending& each : past)
        for (Ledger& ledger : m_ledgers)
            add(ledger, {.session = each.session, .client = each.client}, each.spending, each.at);
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
    const auto& accounts = m_ledgers[who.isShadow ? 0 : 1].accounts;
    const auto found = accounts.find(keyOf(who, by));
    return found == accounts.end() ? nullptr : &found->second;
}

/// Those it is counted in, last the one it is held against.
std::span<SpendingBook::Ledger> SpendingBook::ledgersOf(const Spender& who)
{
    return std::span(m_ledgers).first(who.isShadow ? 1 : 2);
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

void SpendingBook::add(Ledger& ledger, const Spender& who, const Spending& spending, TimePoint at)
{
    for (const SpentBy by : {SpentBy::Session, SpentBy::Client, SpentBy::All}) {
        Account& account = ledger.accounts[keyOf(who, by)];
        addStep(account.fine, spending, at, kFineStep, kFineKept);
        addStep(account.coarse, spending, at, kCoarseStep, kMaxWindow);
        account.ever += spending;
        account.lastAt = std::max(account.lastAt, at);
    }
    makeRoom(ledger);
}

/// A tenth at a time, so that the search for the oldest is paid by many calls.
void SpendingBook::makeRoom(Ledger& ledger)
{
    if (ledger.accounts.size() <= kMaxSpenders)
        return;
    std::vector<TimePoint> times;
    times.reserve(ledger.accounts.size());
    for (const auto& [key, account] : ledger.accounts)
        times.push_back(account.lastAt);
    const auto oldest = times.begin() + kMaxSpenders / 10;
    std::nth_element(times.begin(), oldest, times.end());
    std::erase_if(ledger.accounts, [&](const auto& entry) {
        return entry.first.first != SpentBy::All && entry.second.lastAt < *oldest;
    });
}

SpendingBook::KnownCall& SpendingBook::known(Ledger& ledger, const CallId& call) const
{
    const auto [entry, isNew] = ledger.calls.try_emplace(call, KnownCall{.at = m_clock.now()});
    if (isNew) {
        ledger.callOrder.push_back(call);
        if (ledger.callOrder.size() > kMaxCalls) {
            ledger.calls.erase(ledger.callOrder.front());
            ledger.callOrder.pop_front();
        }
    }
    return entry->second;
}

} // namespace luthien::policy
