// SPDX-License-Identifier: Apache-2.0
#include "store/breaker.h"

namespace luthien::store {

Breaker::Breaker(Limits limits, std::uint32_t seed)
    : m_limits(limits)
    , m_backoff(limits.pause, seed)
{
}

bool Breaker::mayAsk(SteadyPoint now) noexcept
{
    if (isPausing(now))
        return false;
    if (m_state == State::Open)
        m_state = State::HalfOpen;
    return true;
}

void Breaker::failed(SteadyPoint now)
{
    ++m_failures;
    if (m_state == State::HalfOpen || m_failures >= m_limits.failures)
        m_state = State::Open;
    pause(now);
}

void Breaker::succeeded(SteadyPoint now, std::chrono::milliseconds took)
{
    m_failures = 0;
    m_slowCommits = took > m_limits.slow ? m_slowCommits + 1 : 0;
    const bool isStillSlow = m_state == State::HalfOpen && m_slowCommits > 0;
    if (isStillSlow || m_slowCommits >= m_limits.slowCommits) {
        m_state = State::Open;
        pause(now);
        return;
    }
    m_state = State::Closed;
    m_backoff.reset();
}

void Breaker::pause(SteadyPoint now)
{
    m_pauseEnds = now + m_backoff.next();
}

} // namespace luthien::store
