// SPDX-License-Identifier: Apache-2.0
#include "daemon/filter_option.h"

#include "filter/parser.h"
#include "runtime/config_values.h"

namespace luthien::daemon {

Result<filter::Expression> filterOption(const CommandLine& line)
{
    auto filter = filter::parseFilter(line.value("filter").value_or(""));
    if (filter)
        return filter;
    return Error{ErrorCode::InvalidArgument, filter.error().message, "--" + filter.error().context};
}

Result<std::uint64_t> limitOption(const CommandLine& line)
{
    constexpr std::uint64_t kUsual = 20;
    const auto text = line.value("limit");
    auto limit = text ? runtime::parseCount(*text) : Result<std::uint64_t>(kUsual);
    if (!limit || *limit == 0)
        return Error{
            .code = ErrorCode::InvalidArgument, .message = "takes a whole number from 1", .context = "--limit"};
    return limit;
}

} // namespace luthien::daemon
