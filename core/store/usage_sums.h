// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "conversation/api.h"

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
    conversation::Api api = conversation::Api::Other; ///< says whether input includes what the cache gave
    TimePoint from;                                   ///< where the span begins: a multiple of its length since 1970
    std::int64_t calls = 0;
    std::int64_t inputTokens = 0;
    std::int64_t outputTokens = 0;
    std::int64_t cacheReadTokens = 0;
    std::int64_t cacheWriteTokens = 0;
    std::int64_t costNanoUsd = 0;

    bool operator==(const UsageSum&) const = default;
};

/// Per session, client, API and span of the calls that are over and began in that time, oldest first. As budgets count:
/// without those that were blocked before their upstream answered, and those made for policies. until is not in it.
[[nodiscard]] Result<std::vector<UsageSum>> sumUsage(Database& database, TimePoint since, TimePoint until,
                                                     std::chrono::microseconds span);

} // namespace luthien::store
