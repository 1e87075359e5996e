// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/policy_history_source.h"
#include "desktop/models/policy_source.h"

#include <algorithm>
#include <map>

namespace luthien::test {

/// Writes down what becomes of the policies of a source, and tells it when it is asked to answer.
class FakePolicyHistory : public desktop::PolicyHistorySource
{
    Q_OBJECT

public:
    explicit FakePolicyHistory(desktop::PolicySource& policies)
        : m_policies(policies)
    {
        connect(&policies, &desktop::PolicySource::changed, this, &FakePolicyHistory::note);
        note();
    }

    void load(const std::string& policyId) override { m_asked.push_back(policyId); }

    /// Returns how many were asked for.
    int answer()
    {
        const auto asked = std::exchange(m_asked, {});
        for (const std::string& id : asked) {
            auto history = std::make_shared<desktop::LoadedPolicyHistory>();
            history->policyId = id;
            history->rows = m_rows[id];
            history->error = error;
            Q_EMIT loaded(history);
        }
        return static_cast<int>(asked.size());
    }

    QString error;

private:
    void note()
    {
        for (const desktop::ListedPolicy& each : m_policies.policies()) {
            auto& rows = m_rows[each.definition.id];
            if (!rows.empty() && rows.front().change.version == each.version &&
                rows.front().change.mode == each.definition.mode)
                continue;
            rows.insert(rows.begin(), store::PolicyChangeRow{.change = {.policyId = each.definition.id,
                                                                        .version = each.version,
                                                                        .mode = each.definition.mode,
                                                                        .at = fromMicros(++m_time),
                                                                        .author = "ada",
                                                                        .source = "window"},
                                                             .definition = policy::toJson(each.definition),
                                                             .cursor = {}});
        }
    }

    desktop::PolicySource& m_policies;
    std::map<std::string, std::vector<store::PolicyChangeRow>> m_rows; ///< newest first
    std::vector<std::string> m_asked;
    std::int64_t m_time = 1'790'000'000'000'000;
};

} // namespace luthien::test
