// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/rule_preview.h"
#include "store/database_location.h"

#include <QThreadPool>

#include <atomic>
#include <functional>
#include <optional>
#include <stop_token>

namespace luthien::control {

/// Tries rules on what was recorded, one after the other on a thread of its own, so that no socket waits and no query
/// of the store. Thread: any.
class RulePreviews
{
public:
    using Deliver = std::function<void(Result<archive::RulePreview>)>;

    /// Of the store.
    explicit RulePreviews(store::DatabaseLocation database);
    /// Gives up the one that runs; those waiting are dropped, and nothing is delivered any more.
    ~RulePreviews();
    RulePreviews(const RulePreviews&) = delete;
    RulePreviews& operator=(const RulePreviews&) = delete;

    /// deliver is called once, on another thread. Whoever does not want it any more stops the source. Nullopt = too
    /// many are waiting; nothing will be delivered.
    [[nodiscard]] std::optional<std::stop_source> ask(policy::ApprovalRule rule, TimePoint since, Deliver deliver);

private:
    const store::DatabaseLocation m_database;
    std::atomic<int> m_waiting = 0;
    std::stop_source m_ends;
    QThreadPool m_pool; ///< ends first
};

} // namespace luthien::control
