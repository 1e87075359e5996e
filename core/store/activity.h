// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/latency_counts.h"
#include "base/result.h"
#include "conversation/call_event.h"
#include "conversation/decision.h"

#include <chrono>
#include <cstdint>
#include <vector>

namespace luthien::store {

class Database;

/// The calls that began in one span of time and ended one way, or have not ended.
struct CallSum
{
    TimePoint from; ///< where the span begins: a multiple of its length since 1970
    conversation::CallStatus status = conversation::CallStatus::Open;
    std::int64_t calls = 0;
    std::int64_t inputTokens = 0;
    std::int64_t outputTokens = 0;
    std::int64_t cacheReadTokens = 0;
    std::int64_t costNanoUsd = 0;

    bool operator==(const CallSum&) const = default;
};

/// The decisions of one kind that were taken in one span of time.
struct DecisionSum
{
    TimePoint from; ///< as above
    conversation::PolicyMode mode = conversation::PolicyMode::Enforce;
    conversation::Verdict verdict = conversation::Verdict::Continue;
    std::int64_t decisions = 0;

    bool operator==(const DecisionSum&) const = default;
};

/// How long the calls that began in one span of time took.
struct LatencySum
{
    TimePoint from; ///< as above
    LatencyCounts firstByte;
    LatencyCounts firstToken;
    LatencyCounts heldByPolicy; ///< of those that were held at all

    bool operator==(const LatencySum&) const = default;
};

/// What calls are recorded to have done in some time; each list is ordered by time and leaves out empty spans.
struct Activity
{
    std::vector<CallSum> calls;
    std::vector<DecisionSum> decisions;
    std::vector<LatencySum> latencies; ///< of the newest calls, if there are more than was asked for
    bool areLatenciesPartial = false;
};

struct ActivityRequest
{
    TimePoint since;
    TimePoint until; ///< not in it
    std::chrono::microseconds span{std::chrono::hours(1)};
    std::uint32_t latencyCalls = 100'000; ///< latencies are read of so many, the newest

    bool operator==(const ActivityRequest&) const = default;
};

/// Errors: InvalidArgument for a span that is not longer than nothing, those of the database.
[[nodiscard]] Result<Activity> readActivity(Database& database, const ActivityRequest& request);

} // namespace luthien::store
