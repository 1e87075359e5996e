// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"

#include <algorithm>

namespace luthien::control {

/// So many at once, so many per second after that. Thread: one at a time.
class TokenBucket
{
public:
    struct Rate
    {
        double perSecond = 50;
        double burst = 200;
    };

    TokenBucket(Rate rate, SteadyPoint now)
        : m_rate(rate)
        , m_tokens(rate.burst)
        , m_filledAt(now)
    {
    }

    [[nodiscard]] bool take(SteadyPoint now)
    {
        const std::chrono::duration<double> passed = now - m_filledAt;
        m_filledAt = now;
        m_tokens = std::min(m_rate.burst, m_tokens + passed.count() * m_rate.perSecond);
        if (m_tokens < 1)
            return false;
        m_tokens -= 1;
        return true;
    }

private:
    Rate m_rate;
    double m_tokens;
    SteadyPoint m_filledAt;
};

} // namespace luthien::control
