// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace luthien::store {

/// What a thread is at, as others see it: something that a disk or a server can keep it in for as long as it likes.
/// Thread: that thread's; count() any.
class alignas(64) Step // a cache line of its own: each is written at every event by another thread
{
public:
    /// Another one begins; one that was under way is over by that.
    void begins() noexcept
    {
        const std::uint64_t count = this->count();
        m_count.store(count + (isUnderWay(count) ? 2 : 1), std::memory_order_relaxed);
    }
    void ends() noexcept
    {
        const std::uint64_t count = this->count();
        m_count.store(count + (isUnderWay(count) ? 1 : 0), std::memory_order_relaxed);
    }
    /// Another number for each step and for each rest.
    [[nodiscard]] std::uint64_t count() const noexcept { return m_count.load(std::memory_order_relaxed); }
    [[nodiscard]] static bool isUnderWay(std::uint64_t count) noexcept { return count % 2 == 1; }

private:
    std::atomic<std::uint64_t> m_count{0};
};

/// For how long a step has been under way, told by who looks now and then. Thread: one.
class Silence
{
public:
    /// Since the look that saw it first; 0 = none is under way, or another one than before.
    [[nodiscard]] std::chrono::milliseconds look(const Step& step, SteadyPoint now) noexcept
    {
        const std::uint64_t count = step.count();
        if (!Step::isUnderWay(count) || count != m_count)
            m_since = now;
        m_count = count;
        return std::chrono::duration_cast<std::chrono::milliseconds>(now - m_since);
    }

private:
    std::uint64_t m_count = 0;
    SteadyPoint m_since;
};

} // namespace luthien::store
