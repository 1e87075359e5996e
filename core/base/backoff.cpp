// SPDX-License-Identifier: Apache-2.0
#include "base/backoff.h"

#include <algorithm>

namespace luthien {

Backoff::Backoff(Limits limits, std::uint32_t seed)
    : m_limits(limits)
    , m_random(seed)
{
}

std::chrono::milliseconds Backoff::next()
{
    m_whole = std::clamp(m_whole * 2, m_limits.first, m_limits.most);
    const auto half = m_whole / 2;
    std::uniform_int_distribution<std::chrono::milliseconds::rep> part(0, (m_whole - half).count());
    return half + std::chrono::milliseconds(part(m_random));
}

} // namespace luthien
