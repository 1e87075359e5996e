// SPDX-License-Identifier: Apache-2.0
#include "control/rule_previews.h"

#include <utility>

namespace luthien::control {

namespace {
constexpr int kMaxWaiting = 4;
} // namespace

RulePreviews::RulePreviews(store::DatabaseLocation database)
    : m_database(std::move(database))
{
    m_pool.setMaxThreadCount(1);
}

RulePreviews::~RulePreviews()
{
    m_ends.request_stop();
    m_pool.clear();
    m_pool.waitForDone();
}

std::optional<std::stop_source> RulePreviews::ask(policy::ApprovalRule rule, TimePoint since, Deliver deliver)
{
    if (m_waiting.fetch_add(1) >= kMaxWaiting) {
        --m_waiting;
        return std::nullopt;
    }
    std::stop_source wanted;
    m_pool.start([this, rule = std::move(rule), since, deliver = std::move(deliver), wanted]() mutable {
        // Two may say that it is enough: who asked, and who ends all of them.
        const std::stop_callback ends(m_ends.get_token(), [&wanted] { wanted.request_stop(); });
        auto seen =
            archive::previewRule({.database = m_database, .rule = std::move(rule), .since = since}, wanted.get_token());
        --m_waiting;
        if (!m_ends.stop_requested())
            deliver(std::move(seen));
    });
    return wanted;
}

} // namespace luthien::control
