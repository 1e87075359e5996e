// SPDX-License-Identifier: Apache-2.0
#include "runtime/policy_services.h"

#include "base/logging.h"

#include <chrono>
#include <vector>

namespace luthien::runtime {

namespace {
/// How long a provider keeps a reply that nobody goes on from. Source: the `store` parameter of the Responses API.
constexpr std::chrono::hours kRepliesKept{24 * 30};
/// How finely earlier spending is taken over: as the book itself counts what is older than an hour.
constexpr std::chrono::minutes kSpan{10};
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
    return {.approvals = &m_approvals, .scripts = &m_scripts, .spending = &m_spending, .verdicts = &m_verdicts};
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
    const auto sums = reader.usage(m_clock.now() - policy::SpendingBook::kMaxWindow, kSpan);
    if (!sums)
        return sums.error();
    std::vector<policy::PastSpending> past;
    past.reserve(sums->size());
    for (const store::UsageSum& sum : *sums)
        past.push_back({.at = sum.from,
                        .session = sum.session,
                        .client = sum.client,
                        .spending = {.requests = sum.calls,
                                     .tokens = sum.inputTokens + sum.outputTokens,
                                     .nanoUsd = sum.costNanoUsd}});
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
