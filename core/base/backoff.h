// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace luthien {

/// How long to wait before the next try: twice as long each time, up to a most. Each wait is half to whole of that by
/// chance, so that those who failed together do not come back together. Thread: one.
class Backoff
{
public:
    struct Limits
    {
        std::chrono::milliseconds first{100};
        std::chrono::milliseconds most{5000};
    };

    explicit Backoff(Limits limits, std::uint32_t seed = std::random_device{}());

    /// The next wait.
    [[nodiscard]] std::chrono::milliseconds next();
    /// It went well: the next wait is a first one again.
    void reset() noexcept { m_whole = {}; }

private:
    Limits m_limits;
    std::chrono::milliseconds m_whole{0}; ///< 0 = none yet
    std::minstd_rand m_random;
};

} // namespace luthien
