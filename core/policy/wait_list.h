// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

#include <chrono>
#include <cstddef>
#include <set>

namespace luthien::policy {

/// The questions of one call that wait for their policies, counted and bounded. Thread: the call's worker.
class WaitList
{
public:
    static constexpr std::size_t kMaxWaiting = 256;
    /// Of what is kept to be asked about again.
    static constexpr std::size_t kMaxBytes = 32UL * 1024 * 1024;
    /// For an answer since the policy was asked first: the longest that can be configured for a person.
    static constexpr std::chrono::hours kLongest{24};
    /// For a policy that names no time of its own: it has a deadline elsewhere, or has forgotten it.
    static constexpr std::chrono::minutes kUnnamed{5};

    /// False = there is no room; nothing has changed.
    [[nodiscard]] bool add(SteadyPoint until, std::size_t bytes)
    {
        if (m_until.size() == kMaxWaiting || bytes > kMaxBytes - m_bytes)
            return false;
        m_until.insert(until);
        m_bytes += bytes;
        return true;
    }
    void remove(SteadyPoint until, std::size_t bytes)
    {
        m_until.erase(m_until.find(until));
        m_bytes -= bytes;
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return m_bytes; }
    [[nodiscard]] bool isEmpty() const noexcept { return m_until.empty(); }
    /// max = by no time.
    [[nodiscard]] SteadyPoint due() const { return m_until.empty() ? SteadyPoint::max() : *m_until.begin(); }

private:
    std::multiset<SteadyPoint> m_until;
    std::size_t m_bytes = 0;
};

} // namespace luthien::policy
