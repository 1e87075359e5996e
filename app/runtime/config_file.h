// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/config.h"

#include <string>
#include <string_view>

namespace luthien::runtime {

/// Reads YAML over what config has. Every error names the place as "name:line". Errors: InvalidInput.
[[nodiscard]] Result<void> applyYaml(Config& config, std::string_view text, const std::string& name);
/// The same for what the program keeps itself: no lists.
[[nodiscard]] Result<void> applyStoredYaml(Config& config, std::string_view text, const std::string& name);
/// applyYaml for a file. Errors: NotFound, TooLarge, Io, and those of applyYaml.
[[nodiscard]] Result<void> applyFile(Config& config, const std::filesystem::path& file);

} // namespace luthien::runtime
