// SPDX-License-Identifier: Apache-2.0
#include "runtime/policy_services.h"

#include "base/logging.h"

#include <chrono>
#include <vector>

namespace luthien::runtime {

namespace {
/// How long a provider keeps a reply that nobody goes on from. Source: the `store` parameter of the Responses API.
constexpr std::chrono::hours kRepliesKept{24 * 30};
constexpr std::uint32_t kPage = 500;
} // namespace

PolicyServices::PolicyServices(const Clock& clock, Metrics& metrics, std::chrono::milliseconds patience)
    : m_clock(clock)
    , m_approvals(clock, {.timeout = patience})
    , m_scripts(script::scriptHostProgram(), metrics)
    , m_spending(clock)
    , m_verdicts(clock)
{
}

policy::Services PolicyServices::services() noexcept
{
    return {.approvals = &m_approvals,
            .scripts = &m_scripts,
            .spending = &m_spending,
            .verdicts = &m_verdicts,
            .figures = &m_figures};
}

Result<void> PolicyServices::load(store::Store& store)
{
    const auto reader = store.openReader();
    if (!reader)
        return reader.error();
    auto rules = (*reader)->approvalRules();
    if (!rules)
        return rules.error();
    m_rules.emplace(store);
    for (const Error& error : m_approvals.keepRules(*std::move(rules), *m_rules))
        qCWarning(lcRuntime).noquote() << "a stored answer is not used:" << QString::fromStdString(error.toString());
    if (auto loaded = loadSpending(**reader); !loaded)
        return loaded;
    return loadBlockedCalls(**reader);
}

Result<void> PolicyServices::loadSpending(store::Reader& reader)
{
    using policy::SpendingBook;
    const TimePoint now = m_clock.now();
    const TimePoint hourAgo = now - SpendingBook::kFineKept;
    // What a step of ten minutes begins with must not be counted twice.
    const TimePoint fineFrom(hourAgo.time_since_epoch() - hourAgo.time_since_epoch() % SpendingBook::kCoarseStep);
    if (auto loaded = loadSpending(reader, now - SpendingBook::kMaxWindow, fineFrom, SpendingBook::kCoarseStep);
        !loaded)
        return loaded;
    return loadSpending(reader, fineFrom, now + std::chrono::hours(24), std::chrono::seconds(1));
}

Result<void> PolicyServices::loadSpending(store::Reader& reader, TimePoint since, TimePoint until,
                                          std::chrono::microseconds span)
{
    const auto sums = reader.usage(since, until, span);
    if (!sums)
        return sums.error();
    std::vector<policy::PastSpending> past;
    past.reserve(sums->size());
    for (const store::UsageSum& sum : *sums) {
        const conversation::Usage usage{.input = sum.inputTokens,
                                        .output = sum.outputTokens,
                                        .cacheRead = sum.cacheReadTokens,
                                        .cacheWrite = sum.cacheWriteTokens};
        past.push_back({.at = sum.from,
                        .session = sum.session,
                        .client = sum.client,
                        .spending = {.requests = sum.calls,
                                     .tokens = policy::tokensOf(sum.api, usage),
                                     .nanoUsd = sum.costNanoUsd}});
    }
    m_spending.preload(past);
    return {};
}

Result<void> PolicyServices::loadBlockedCalls(store::Reader& reader)
{
    const TimePoint since = m_clock.now() - kRepliesKept;
    std::optional<store::Cursor> from = store::Cursor{
        .micros = std::chrono::duration_cast<std::chrono::microseconds>(since.time_since_epoch()).count(), .row = 0};
    while (from) {
        const auto page = reader.decisionsOfKeptReplies(from, kPage);
        if (!page)
            return page.error();
        for (const store::DecisionRow& row : page->items)
            m_blockedCalls->add(row.decision);
        from = page->next;
    }
    return {};
}

} // namespace luthien::runtime
