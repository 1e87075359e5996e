// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "policy/definition.h"

#include <yaml-cpp/node/node.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::runtime {

/// One policy of the configuration: the members of policy::Definition, the settings of its type below `config`. A mode
/// that is left out is enforce: who writes a policy down wants it to act. What the type says about its settings is
/// policy::Chain's to check. Errors: InvalidInput, context = the member.
[[nodiscard]] Result<policy::Definition> definitionFromYaml(const YAML::Node& item);

/// One policy as a file has it.
struct WrittenPolicy
{
    policy::Definition definition;
    bool namesMode = false; ///< else the mode is definitionFromYaml()'s
};

/// The policies of a file in YAML or JSON: one definition, a list of them, or a list under `policies`. Errors:
/// NotFound, Io, TooLarge; InvalidInput, context = "FILE:LINE".
[[nodiscard]] Result<std::vector<WrittenPolicy>> readWrittenPolicies(const std::filesystem::path& file);
/// The same of a text; file = what errors call it. Errors: InvalidInput.
[[nodiscard]] Result<std::vector<WrittenPolicy>> writtenPoliciesFrom(const std::string& text,
                                                                     const std::filesystem::path& file);
/// YAML that readWrittenPolicies() reads as these very definitions, each with its mode.
[[nodiscard]] std::string toYaml(const std::vector<policy::Definition>& definitions);
/// Their definitions. Errors: the same.
[[nodiscard]] Result<std::vector<policy::Definition>> readPolicyFile(const std::filesystem::path& file);
/// "FILE:LINE" of what is wrong: field = "policies[ID].config.rules[2].do". As much of it as stands in the file counts;
/// empty = the file does not have this policy.
[[nodiscard]] std::string placeOfField(const std::filesystem::path& file, std::string_view field);

} // namespace luthien::runtime
