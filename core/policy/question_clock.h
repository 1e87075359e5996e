// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

#include <chrono>

namespace luthien::policy {

/// The time a question has. It stands still while a person is at work on the question, but not for longer than it may
/// altogether: a client waits at the other end. Thread: one at a time.
class QuestionClock
{
public:
    QuestionClock() = default;
    /// mayStand = for how long it can be stopped, all stops together.
    QuestionClock(SteadyPoint deadline, SteadyPoint::duration mayStand) noexcept
        : m_deadline(deadline)
        , m_mayStand(mayStand)
    {
    }

    /// When its time is over, if it is started at standsUntil() at the latest.
    [[nodiscard]] SteadyPoint deadline() const noexcept { return m_deadline; }
    /// It goes on by itself then; min = it was never stopped, or was started again.
    [[nodiscard]] SteadyPoint standsUntil() const noexcept { return m_standsUntil; }
    /// By how much the deadline moved: nothing if it stands already, or may not any more.
    SteadyPoint::duration stop(SteadyPoint now) noexcept;
    /// By how much the deadline moved, which is never into the future; what is left can be stopped again.
    SteadyPoint::duration start(SteadyPoint now) noexcept;

private:
    SteadyPoint m_deadline;
    SteadyPoint m_standsUntil = SteadyPoint::min();
    SteadyPoint::duration m_mayStand{};
};

} // namespace luthien::policy
