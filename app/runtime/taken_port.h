// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "runtime/config_values.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::runtime {

/// The program that listens on a TCP port of this machine: "node (process 812)". Empty if it is another user's, runs in
/// a container, or there is none. Blocks for as long as it takes to look through /proc: some milliseconds.
[[nodiscard]] std::string portHolder(std::uint16_t port);
/// The next port above that can be listened on; none among the next hundred = nullopt.
[[nodiscard]] std::optional<Endpoint> freePortAbove(const Endpoint& endpoint);
/// "127.0.0.1:4000 is in use by node (process 812); 4002 is free" for a host and port that could not be listened on.
[[nodiscard]] Error portTaken(const Endpoint& endpoint, std::string_view option);

} // namespace luthien::runtime
