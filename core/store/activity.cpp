// SPDX-License-Identifier: Apache-2.0
#include "store/activity.h"

#include "store/database.h"

#include <algorithm>
#include <optional>

namespace luthien::store {

using namespace conversation;
using std::chrono::microseconds;

namespace {
/// Runs a query over the time of the request; take is called with each row.
template <typename Take>
Result<void> eachRow(Database& database, const char* name, const ActivityRequest& request,
                     std::optional<std::int64_t> limit, Take take)
{
    auto query = database.statement(name);
    if (!query)
        return query.error();
    (*query)->bind(":since", toMicros(request.since)).bind(":until", toMicros(request.until));
    if (limit)
        (*query)->bind(":limit", *limit);
    else
        (*query)->bind(":bucket", std::int64_t{request.span.count()});
    return (*query)->each(take);
}

void count(LatencyCounts& counts, const Statement& row, int from, int to)
{
    if (row.isNull(to))
        return;
    if (counts.empty())
        counts.resize(LatencySteps::kCount);
    ++counts[LatencySteps::stepOf(microseconds(row.number(to) - row.number(from)))];
}

/// Rows come newest first.
void takeTimes(std::vector<LatencySum>& sums, const Statement& row, microseconds span)
{
    const TimePoint from = fromMicros(row.number(0) / span.count() * span.count());
    if (sums.empty() || sums.back().from != from)
        sums.push_back({.from = from, .firstByte = {}, .firstToken = {}, .heldByPolicy = {}});
    count(sums.back().firstByte, row, 0, 1);
    count(sums.back().firstToken, row, 0, 2);
    if (const microseconds held(row.number(3)); held.count() > 0) {
        LatencyCounts& counts = sums.back().heldByPolicy;
        counts.resize(LatencySteps::kCount);
        ++counts[LatencySteps::stepOf(held)];
    }
}
} // namespace

Result<Activity> readActivity(Database& database, const ActivityRequest& request)
{
    if (request.span.count() <= 0)
        return Error{ErrorCode::InvalidArgument, "a span of time must be longer than nothing", "activity"};
    Activity activity;
    const auto total = [](const Statement& row, int column) { return static_cast<std::int64_t>(row.real(column)); };
    auto done = eachRow(database, "sum_calls", request, {}, [&](const Statement& row) {
        activity.calls.push_back({fromMicros(row.number(0)), static_cast<CallStatus>(row.number(1)), row.number(2),
                                  total(row, 3), total(row, 4), total(row, 5), total(row, 6)});
    });
    if (!done)
        return done.error();
    done = eachRow(database, "sum_decisions", request, {}, [&](const Statement& row) {
        activity.decisions.push_back({fromMicros(row.number(0)), static_cast<PolicyMode>(row.number(1)),
                                      static_cast<Verdict>(row.number(2)), row.number(3)});
    });
    if (!done)
        return done.error();
    std::uint32_t calls = 0;
    done = eachRow(database, "list_call_times", request, std::int64_t{request.latencyCalls}, [&](const Statement& row) {
        ++calls;
        takeTimes(activity.latencies, row, request.span);
    });
    if (!done)
        return done.error();
    std::ranges::reverse(activity.latencies);
    activity.areLatenciesPartial = calls == request.latencyCalls;
    return activity;
}

} // namespace luthien::store
