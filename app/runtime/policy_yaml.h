// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/definition.h"

#include <yaml-cpp/node/node.h>

#include <filesystem>
#include <vector>

namespace luthien::runtime {

/// One policy of the configuration: the members of policy::Definition, the settings of its type below `config`. A mode
/// that is left out is enforce: who writes a policy down wants it to act. What the type says about its settings is
/// policy::Chain's to check. Errors: InvalidInput, context = the member.
[[nodiscard]] Result<policy::Definition> definitionFromYaml(const YAML::Node& item);

/// The policies of a file in YAML or JSON: one definition, a list of them, or a list under `policies`. Errors:
/// NotFound, Io, TooLarge; InvalidInput, context = "FILE:LINE".
[[nodiscard]] Result<std::vector<policy::Definition>> readPolicyFile(const std::filesystem::path& file);

} // namespace luthien::runtime
