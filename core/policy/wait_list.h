// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

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
    [[nodiscard]] bool isEmpty() const noexcept { return m_until.empty(); }
    /// max = by no time.
    [[nodiscard]] SteadyPoint due() const { return m_until.empty() ? SteadyPoint::max() : *m_until.begin(); }

private:
    std::multiset<SteadyPoint> m_until;
    std::size_t m_bytes = 0;
};

} // namespace luthien::policy
