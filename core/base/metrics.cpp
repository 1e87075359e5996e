// SPDX-License-Identifier: Apache-2.0
#include "base/metrics.h"

namespace luthien {

std::string_view metricName(Metric metric) noexcept
{
    switch (metric) {
    case Metric::ConnectionsAccepted:
        return "connections_accepted";
    case Metric::ConnectionsRefused:
        return "connections_refused";
    case Metric::CallsStarted:
        return "calls_started";
    case Metric::CallsCompleted:
        return "calls_completed";
    case Metric::CallsCancelled:
        return "calls_cancelled";
    case Metric::CallsTruncated:
        return "calls_truncated";
    case Metric::CallsFailed:
        return "calls_failed";
    case Metric::CallsBlocked:
        return "calls_blocked";
    case Metric::RequestsRejected:
        return "requests_rejected";
    case Metric::UpstreamConnects:
        return "upstream_connects";
    case Metric::UpstreamReused:
        return "upstream_reused";
    case Metric::UpstreamErrors:
        return "upstream_errors";
    case Metric::BytesFromClients:
        return "bytes_from_clients";
    case Metric::BytesToClients:
        return "bytes_to_clients";
    case Metric::EventsRecorded:
        return "events_recorded";
    case Metric::ParseErrors:
        return "parse_errors";
    case Metric::ProtocolViolations:
        return "protocol_violations";
    case Metric::WatchedCallsCutOff:
        return "watched_calls_cut_off";
    case Metric::JournalStalls:
        return "journal_stalls";
    case Metric::StoreErrors:
        return "store_errors";
    case Metric::StoreBreakerOpens:
        return "store_breaker_opens";
    case Metric::StoreBreakerCloses:
        return "store_breaker_closes";
    case Metric::StoreBreakerTrials:
        return "store_breaker_trials";
    case Metric::StoreCacheHits:
        return "store_cache_hits";
    case Metric::StoreCacheMisses:
        return "store_cache_misses";
    case Metric::StoreCacheEvictedBytes:
        return "store_cache_evicted_bytes";
    case Metric::BusCommitsAnnounced:
        return "bus_commits_announced";
    case Metric::BusCommitsHeard:
        return "bus_commits_heard";
    case Metric::BusConnections:
        return "bus_connections";
    case Metric::BusCatchUps:
        return "bus_catch_ups";
    case Metric::ScriptHostsStarted:
        return "script_hosts_started";
    case Metric::ScriptHostsLost:
        return "script_hosts_lost";
    case Metric::ScriptCallsRefused:
        return "script_calls_refused";
    case Metric::LiveEventsDropped:
        return "live_events_dropped";
    case Metric::Count_:
        break;
    }
    return "";
}

} // namespace luthien
