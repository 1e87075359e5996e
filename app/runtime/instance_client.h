// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "runtime/paths.h"

#include <chrono>
#include <string>
#include <string_view>

namespace luthien::runtime {

struct InstanceAnswer
{
    unsigned status = 0;
    std::string body; ///< JSON
};

/// Asks the instance that holds the data directory through its socket there; the routes are those of the control port,
/// without a token. Blocks. Errors: NotFound if none runs, Timeout, Unavailable (the answer breaks off).
[[nodiscard]] Result<InstanceAnswer> askInstance(const Paths& paths, std::string_view method, std::string_view target,
                                                 std::string_view body = {},
                                                 std::chrono::milliseconds patience = std::chrono::seconds(30));

/// What an answer other than 2xx says, as an error.
[[nodiscard]] Error errorOf(const InstanceAnswer& answer);

} // namespace luthien::runtime
