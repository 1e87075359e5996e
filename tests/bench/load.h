// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace luthien::bench {

struct Load
{
    std::uint16_t port;
    int connections;
    int seconds;
};

/// What a run saw; times in microseconds.
struct Result
{
    std::uint64_t requests = 0;
    std::uint64_t events = 0;
    std::uint64_t errors = 0;
    double seconds = 0;
    std::vector<std::uint32_t> microseconds;
};

/// Keeps every connection busy with one small request after the other.
[[nodiscard]] Result runJson(const Load& load);

/// Opens one stream per connection and reads them to their ends; gives up `seconds` after the start.
[[nodiscard]] Result runStreams(const Load& load);

} // namespace luthien::bench
