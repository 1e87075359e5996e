// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proxy/config.h"
#include "runtime/config.h"
#include "runtime/paths.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace luthien::runtime {

/// What the data plane takes from a checked configuration, provider keys put in: from the environment, and from
/// secrets, by their names.
[[nodiscard]] std::shared_ptr<const proxy::ProxySnapshot>
makeSnapshot(const Config& config, const Variables& environment, const std::map<std::string, std::string>& secrets,
             const std::string& clientToken, std::vector<std::uint16_t> guardedPorts);

} // namespace luthien::runtime
