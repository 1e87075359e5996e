// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/backoff.h"
#include "base/clock.h"

#include <chrono>
#include <cstdint>
#include <random>

namespace luthien::store {

/// The circuit breaker around the database: says when it may be asked. It opens after several failures in a row, and
/// after several commits in a row that took too long: a database that is only slow is not helped by more of the same.
/// While it is open nothing is asked but one trial after each pause; pauses grow, and start anew once all is well.
/// No clock, no thread: what happened is told to it. Thread: one.
class Breaker
{
public:
    enum class State : std::uint8_t {
        Closed,   ///< all is well, or it has not failed often enough
        Open,     ///< nothing is asked
        HalfOpen, ///< one trial is on its way
    };

    struct Limits
    {
        int failures = 3; ///< so many in a row open it
        int slowCommits = 3;
        std::chrono::milliseconds slow{5000}; ///< a commit that took longer is a slow one
        Backoff::Limits pause;
    };

    explicit Breaker(Limits limits, std::uint32_t seed = std::random_device{}());

    [[nodiscard]] State state() const noexcept { return m_state; }
    /// Whether the pause after the last failure is over.
    [[nodiscard]] bool isPausing(SteadyPoint now) const noexcept { return now < m_pauseEnds; }
    /// False during a pause. An open breaker turns half-open by this: the caller makes a trial, which must be a commit.
    [[nodiscard]] bool mayAsk(SteadyPoint now) noexcept;
    /// What was asked failed, or nothing was answered in time.
    void failed(SteadyPoint now);
    /// What was asked was done within took.
    void succeeded(SteadyPoint now, std::chrono::milliseconds took);

private:
    void pause(SteadyPoint now);

    Limits m_limits;
    Backoff m_backoff;
    State m_state = State::Closed;
    int m_failures = 0;
    int m_slowCommits = 0;
    SteadyPoint m_pauseEnds;
};

} // namespace luthien::store
