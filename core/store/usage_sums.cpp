// SPDX-License-Identifier: Apache-2.0
#include "store/usage_sums.h"

#include "store/database.h"

namespace luthien::store {

Result<std::vector<UsageSum>> sumUsage(Database& database, TimePoint since, std::chrono::microseconds span)
{
    if (span.count() <= 0)
        return Error{ErrorCode::InvalidArgument, "a span of time must be longer than nothing", "usage"};
    auto sum = database.statement("sum_usage");
    if (!sum)
        return sum.error();
    if (auto done = (*sum)->bind(":since", toMicros(since)).bind(":bucket", std::int64_t{span.count()}).exec(); !done)
        return done.error();
    std::vector<UsageSum> sums;
    auto row = (*sum)->next();
    for (; row && *row; row = (*sum)->next()) {
        const auto total = [&](int column) { return static_cast<std::int64_t>((*sum)->real(column)); };
        sums.push_back({(*sum)->text(0), (*sum)->text(1), fromMicros((*sum)->number(2)), (*sum)->number(3), total(4),
                        total(5), total(6), total(7), total(8)});
    }
    (*sum)->finish();
    return row ? Result<std::vector<UsageSum>>(std::move(sums)) : row.error();
}

} // namespace luthien::store
