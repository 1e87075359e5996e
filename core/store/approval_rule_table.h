// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/approval_desk.h"

#include <vector>

namespace luthien::store {

class Database;
class Store;

/// The rules people made, oldest first. Errors: InvalidInput for one that cannot be read: left out, it could let pass
/// what was to be stopped.
[[nodiscard]] Result<std::vector<policy::ApprovalRule>> readApprovalRules(Database& database);
/// Inside a transaction. \{
[[nodiscard]] Result<void> writeApprovalRule(Database& database, const policy::ApprovalRule& rule);
[[nodiscard]] Result<void> deleteApprovalRule(Database& database, const CallId& id);
/// \}

/// Keeps the desk's rules in the store, which outlives it. What cannot be saved is logged; the rule then counts until
/// the program ends. Thread: any.
class StoredApprovalRules final : public policy::ApprovalRuleKeeper
{
public:
    explicit StoredApprovalRules(Store& store)
        : m_store(store)
    {
    }
    void save(const policy::ApprovalRule& rule) override;
    void remove(const CallId& id) override;

private:
    Store& m_store;
};

} // namespace luthien::store
