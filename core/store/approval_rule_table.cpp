// SPDX-License-Identifier: Apache-2.0
#include "store/approval_rule_table.h"

#include "base/logging.h"
#include "policy/approval_json.h"
#include "store/database.h"
#include "store/store.h"

namespace luthien::store {

namespace {
void logFailure(const Result<void>& done)
{
    if (!done)
        qCCritical(lcStore, "an answer that is to go on counting was not saved: %s", done.error().toString().c_str());
}
} // namespace

Result<std::vector<policy::ApprovalRule>> readApprovalRules(Database& database)
{
    auto list = database.statement("list_approval_rules");
    if (!list)
        return list.error();
    std::vector<policy::ApprovalRule> rules;
    const auto done = (*list)->each([&](const Statement& row) -> Result<void> {
        auto rule = policy::approvalRuleFromJson(row.text(0));
        if (!rule)
            return rule.error();
        rules.push_back(*std::move(rule));
        return {};
    });
    return done ? Result<std::vector<policy::ApprovalRule>>(std::move(rules)) : done.error();
}

Result<void> writeApprovalRule(Database& database, const policy::ApprovalRule& rule)
{
    auto insert = database.statement("insert_approval_rule");
    if (!insert)
        return insert.error();
    return (*insert)
        ->bindId(":uid", rule.id)
        .bind(":at", toMicros(rule.at))
        .bindText(":rule", policy::toJson(rule))
        .run();
}

Result<void> deleteApprovalRule(Database& database, const CallId& id)
{
    auto remove = database.statement("delete_approval_rule");
    return remove ? (*remove)->bindId(":uid", id).run() : Result<void>(remove.error());
}

void StoredApprovalRules::save(const policy::ApprovalRule& rule)
{
    m_store.saveApprovalRule(rule, logFailure);
}

void StoredApprovalRules::remove(const CallId& id)
{
    m_store.removeApprovalRule(id, logFailure);
}

} // namespace luthien::store
