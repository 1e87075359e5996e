// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "policy/approval_desk.h"
#include "policy/blocked_calls.h"
#include "policy/policy.h"
#include "policy/policy_figures.h"
#include "policy/spending_book.h"
#include "policy/verdict_memory.h"
#include "script/script_pool.h"
#include "store/approval_rule_table.h"
#include "store/store.h"

#include <chrono>
#include <memory>
#include <optional>

namespace luthien::runtime {

/// What policies have in common beside their definitions: the desk where people answer, script hosts, what was spent,
/// what was said before. Outlives every chain. Thread: made and destroyed by main; what it gives out may be used from
/// any.
class PolicyServices
{
public:
    /// patience = how long a question waits for a person where its policy does not say.
    PolicyServices(const Clock& clock, Metrics& metrics,
                   std::chrono::milliseconds patience = policy::ApprovalLimits().timeout);

    [[nodiscard]] policy::Services services() noexcept;
    [[nodiscard]] policy::ApprovalDesk& approvals() noexcept { return m_approvals; }
    [[nodiscard]] const std::shared_ptr<policy::BlockedCalls>& blockedCalls() const noexcept { return m_blockedCalls; }

    /// Takes over what earlier runs left: rules of approvals, what was spent, calls a provider still waits for. New
    /// rules go to the store, which must outlive every question on the desk. Once. Errors: those of the store.
    [[nodiscard]] Result<void> load(store::Store& store);

private:
    [[nodiscard]] Result<void> loadSpending(store::Reader& reader);
    [[nodiscard]] Result<void> loadSpending(store::Reader& reader, TimePoint since, TimePoint until,
                                            std::chrono::microseconds span);
    [[nodiscard]] Result<void> loadBlockedCalls(store::Reader& reader);

    const Clock& m_clock;
    std::optional<store::StoredApprovalRules> m_rules; ///< outlives the desk
    policy::ApprovalDesk m_approvals;
    script::ScriptPool m_scripts;
    policy::SpendingBook m_spending;
    policy::VerdictMemory m_verdicts;
    policy::PolicyFigures m_figures;
    std::shared_ptr<policy::BlockedCalls> m_blockedCalls = std::make_shared<policy::BlockedCalls>();
};

} // namespace luthien::runtime
