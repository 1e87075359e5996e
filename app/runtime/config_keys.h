// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/config.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace luthien::runtime {

/// One scalar setting: the same rule reads it from the file, the environment and the command line.
struct ConfigKey
{
    std::string path; ///< "limits.idle"
    std::function<Result<void>(Config&, std::string_view)> set;
    std::function<std::string(const Config&)> show; ///< in the form set() reads
    TakesEffect effect = TakesEffect::AfterRestart;
};

/// All scalar settings, in the order of the documentation.
[[nodiscard]] std::span<const ConfigKey> configKeys();
[[nodiscard]] const ConfigKey* findConfigKey(std::string_view path);
/// "LUTHIEN_LIMITS__IDLE" for "limits.idle".
[[nodiscard]] std::string environmentName(std::string_view path);

/// Reads a credential: "passthrough", "env:VAR", "secret:NAME". Errors: InvalidArgument.
[[nodiscard]] Result<Credential> parseCredential(std::string_view text);

} // namespace luthien::runtime
