// SPDX-License-Identifier: Apache-2.0
#include "store/usage_sums.h"

#include "conversation/call_event.h"
#include "store/database.h"

namespace luthien::store {

Result<std::vector<UsageSum>> sumUsage(Database& database, TimePoint since, TimePoint until,
                                       std::chrono::microseconds span)
{
    if (span.count() <= 0)
        return Error{ErrorCode::InvalidArgument, "a span of time must be longer than nothing", "usage"};
    auto sum = database.statement("sum_usage");
    if (!sum)
        return sum.error();
    (*sum)->bind(":since", toMicros(since)).bind(":until", toMicros(until)).bind(":bucket", std::int64_t{span.count()});
    (*sum)->bind(":blocked", static_cast<std::int64_t>(conversation::CallStatus::Blocked));
    std::vector<UsageSum> sums;
    const auto done = (*sum)->each([&](const Statement& row) {
        const auto total = [&](int column) { return static_cast<std::int64_t>(row.real(column)); };
        sums.push_back({row.text(0), row.text(1), static_cast<conversation::Api>(row.number(2)),
                        fromMicros(row.number(3)), row.number(4), total(5), total(6), total(7), total(8), total(9)});
    });
    return done ? Result<std::vector<UsageSum>>(std::move(sums)) : done.error();
}

} // namespace luthien::store
