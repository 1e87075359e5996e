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
    if (auto done = (*sum)->exec(); !done)
        return done.error();
    std::vector<UsageSum> sums;
    auto row = (*sum)->next();
    for (; row && *row; row = (*sum)->next()) {
        const auto total = [&](int column) { return static_cast<std::int64_t>((*sum)->real(column)); };
        sums.push_back({(*sum)->text(0), (*sum)->text(1), static_cast<conversation::Api>((*sum)->number(2)),
                        fromMicros((*sum)->number(3)), (*sum)->number(4), total(5), total(6), total(7), total(8),
                        total(9)});
    }
    (*sum)->finish();
    return row ? Result<std::vector<UsageSum>>(std::move(sums)) : row.error();
}

} // namespace luthien::store
