// SPDX-License-Identifier: Apache-2.0
#include "policy/policy_figures.h"

namespace luthien::policy {

std::shared_ptr<LatencyHistogram> PolicyFigures::histogramOf(const std::string& policyId)
{
    const std::lock_guard lock(m_mutex);
    // Ids come from definitions, of which there are fewer; whoever saves thousands loses the counts, not the program.
    if (m_histograms.size() >= kMaxPolicies && !m_histograms.contains(policyId))
        m_histograms.clear();
    auto& histogram = m_histograms[policyId];
    if (!histogram)
        histogram = std::make_shared<LatencyHistogram>();
    return histogram;
}

LatencyCounts PolicyFigures::of(std::string_view policyId) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_histograms.find(policyId);
    return found == m_histograms.end() ? LatencyCounts() : found->second->counts();
}

} // namespace luthien::policy
