// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/latency_counts.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace luthien::policy {

/// How often each policy was asked since the program started, and how long it took to answer; what a person took is no
/// policy's. A policy that is changed counts on. Thread: any.
class PolicyFigures
{
public:
    static constexpr std::size_t kMaxPolicies = 1000;

    /// Where a policy's answers are counted; a chain keeps it as long as it lives.
    [[nodiscard]] std::shared_ptr<LatencyHistogram> histogramOf(const std::string& policyId);
    /// Empty = it was not at work yet.
    [[nodiscard]] LatencyCounts of(std::string_view policyId) const;

private:
    mutable std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<LatencyHistogram>, std::less<>> m_histograms;
};

} // namespace luthien::policy
