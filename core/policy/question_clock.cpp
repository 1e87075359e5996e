// SPDX-License-Identifier: Apache-2.0
#include "policy/question_clock.h"

namespace luthien::policy {

SteadyPoint::duration QuestionClock::stop(SteadyPoint now) noexcept
{
    if (now < m_standsUntil || now >= m_deadline)
        return {};
    const SteadyPoint::duration moved = m_mayStand;
    m_mayStand = {};
    m_standsUntil = now + moved;
    m_deadline += moved;
    return moved;
}

SteadyPoint::duration QuestionClock::start(SteadyPoint now) noexcept
{
    if (now >= m_standsUntil)
        return {};
    const SteadyPoint::duration unused = m_standsUntil - now;
    m_standsUntil = SteadyPoint::min();
    m_mayStand = unused;
    m_deadline -= unused;
    return -unused;
}

} // namespace luthien::policy
