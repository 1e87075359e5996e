// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

#include <atomic>

namespace luthien::test {

/// A time of day that the test sets; thread: any.
class SetClock final : public Clock
{
public:
    explicit SetClock(TimePoint now)
        : m_now(now)
    {
    }
    [[nodiscard]] TimePoint now() const override { return m_now.load(); }
    [[nodiscard]] SteadyPoint steady() const override { return std::chrono::steady_clock::now(); }
    void set(TimePoint now) { m_now = now; }

private:
    std::atomic<TimePoint> m_now;
};

} // namespace luthien::test
