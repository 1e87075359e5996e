// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace luthien::store {

class Database;

/// What calls that began in one span of time used.
struct UsageSum
{
    std::string session;
    std::string client;
    TimePoint from; ///< where the span begins: a multiple of its length since 1970
    std::int64_t calls = 0;
    std::int64_t inputTokens = 0;
    std::int64_t outputTokens = 0;
    std::int64_t cacheReadTokens = 0;
    std::int64_t cacheWriteTokens = 0;
    std::int64_t costNanoUsd = 0;

    bool operator==(const UsageSum&) const = default;
};

/// Per session, client and span of the calls that are over and began since then, oldest first; those made for policies
/// included.
[[nodiscard]] Result<std::vector<UsageSum>> sumUsage(Database& database, TimePoint since,
                                                     std::chrono::microseconds span);

} // namespace luthien::store
