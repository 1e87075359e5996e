// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/database_location.h"

#include <filesystem>
#include <map>
#include <string>

namespace luthien::runtime {

/// Where the files of one data directory are. Nothing is ever looked up in the current directory.
struct Paths
{
    std::filesystem::path dataDirectory; ///< absolute
    std::string databaseUrl{"sqlite"};   ///< see store::DatabaseLocation

    [[nodiscard]] store::DatabaseLocation database() const { return {dataDirectory, databaseUrl}; }
    [[nodiscard]] std::filesystem::path lockFile() const { return dataDirectory / "lock"; }
    /// The bearer token of the control port.
    [[nodiscard]] std::filesystem::path tokenFile() const { return dataDirectory / "control-token"; }
    /// The token agents must send with clients.auth token.
    [[nodiscard]] std::filesystem::path clientTokenFile() const { return dataDirectory / "client-token"; }
    /// Settings made in the program, see applyStoredSettings(); need not be there.
    [[nodiscard]] std::filesystem::path storedSettingsFile() const { return dataDirectory / "settings.yaml"; }
    /// Prices in the place of those that come with the program; need not be there.
    [[nodiscard]] std::filesystem::path priceFile() const { return dataDirectory / "prices.yaml"; }
    /// Where sub-commands reach the running instance.
    [[nodiscard]] std::filesystem::path socketFile() const { return dataDirectory / "run" / "control.sock"; }
    /// Where the running instance can be reached.
    [[nodiscard]] std::filesystem::path instanceFile() const { return dataDirectory / "run" / "instance.json"; }
};

/// Environment variables by name.
using Variables = std::map<std::string, std::string>;

/// dataDirectory is what the user named, or empty for $XDG_DATA_HOME/luthien. Errors: InvalidInput if neither the
/// variable nor HOME tells. Source: XDG Base Directory 0.8; relative values there are ignored.
[[nodiscard]] Result<Paths> resolvePaths(const std::filesystem::path& dataDirectory, const Variables& environment);
/// $XDG_CONFIG_HOME/luthien/config.yaml; empty if there is no home.
[[nodiscard]] std::filesystem::path defaultConfigFile(const Variables& environment);

} // namespace luthien::runtime
