// SPDX-License-Identifier: Apache-2.0
#include "daemon/filter_option.h"

#include "filter/parser.h"

namespace luthien::daemon {

Result<filter::Expression> filterOption(const CommandLine& line)
{
    auto filter = filter::parseFilter(line.value("filter").value_or(""));
    if (filter)
        return filter;
    return Error{ErrorCode::InvalidArgument, filter.error().message, "--" + filter.error().context};
}

} // namespace luthien::daemon
