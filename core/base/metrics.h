// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/latency_counts.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace luthien {

/// Everything we count. Each value is one time series; metricName() gives its exported name.
enum class Metric : std::uint8_t {
    ConnectionsAccepted,
    ConnectionsRefused, ///< over the stream limit
    CallsStarted,
    CallsCompleted,
    CallsCancelled,
    CallsTruncated,
    CallsFailed,
    CallsBlocked,
    RequestsRejected, ///< refused before a call came to be: bad HTTP, Host, Origin, size, token
    UpstreamConnects,
    UpstreamReused,
    UpstreamErrors,
    BytesFromClients,
    BytesToClients,
    EventsRecorded,
    ParseErrors,        ///< replies the observer could not read; they are forwarded all the same
    ProtocolViolations, ///< replies that policies would have broken; their clients got an error instead
    WatchedCallsCutOff, ///< records that ended before policies in shadow mode had said their last word: too many waited
    JournalStalls,      ///< reads paused because the journal had no room
    StoreErrors,
    StoreBreakerOpens,  ///< the database was given a rest; with the closings: whether it has one now
    StoreBreakerCloses, ///< it works again
    StoreBreakerTrials, ///< commits tried meanwhile
    StoreCacheHits,     ///< texts that readers found in memory
    StoreCacheMisses,   ///< ... and had to take from the database
    StoreCacheEvictedBytes,
    BusCommitsAnnounced, ///< to the other instances on the database
    BusCommitsHeard,     ///< of the other instances
    BusConnections,      ///< made by the bus; more than one = some were lost
    BusCatchUps,         ///< commits of other instances that were found without having been heard of
    ScriptHostsStarted,  ///< processes for the scripts of policies
    ScriptHostsLost,     ///< killed at a deadline, or ended on their own
    ScriptCallsRefused,  ///< at once: too much waits for the script, or it rests, or the call is too large
    LiveEventsDropped,   ///< never: coalesced or turned into a gap; counted to prove it
    Count_,
};

/// Snake-case name without prefix, e.g. "calls_started".
[[nodiscard]] std::string_view metricName(Metric metric) noexcept;

/// Durations of every call that reached its upstream.
enum class Latency : std::uint8_t {
    Added,      ///< what we added: from the whole request until it could leave, and what policies held of the reply
    FirstByte,  ///< from the request to the first byte of the reply
    FirstToken, ///< from the request to the first word of the reply
    Count_,
};

/// The counters of one process. Thread: any; a count is a relaxed atomic add.
class Metrics
{
public:
    void add(Metric metric, std::uint64_t amount = 1) noexcept
    {
        m_counts[static_cast<std::size_t>(metric)].fetch_add(amount, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t value(Metric metric) const noexcept
    {
        return m_counts[static_cast<std::size_t>(metric)].load(std::memory_order_relaxed);
    }
    void observe(Latency latency, std::chrono::microseconds duration) noexcept
    {
        m_latencies[static_cast<std::size_t>(latency)].add(duration);
    }
    [[nodiscard]] LatencyCounts observed(Latency latency) const
    {
        return m_latencies[static_cast<std::size_t>(latency)].counts();
    }

private:
    std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Metric::Count_)> m_counts{};
    std::array<LatencyHistogram, static_cast<std::size_t>(Latency::Count_)> m_latencies;
};

} // namespace luthien
