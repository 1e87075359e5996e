// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace luthien::store {

/// Where what an instance records is kept.
struct DatabaseLocation
{
    static constexpr std::string_view kSqlite = "sqlite";

    /// Implicit: for most programs the directory says all.
    DatabaseLocation(std::filesystem::path dataDirectory = {}, std::string databaseUrl = std::string(kSqlite))
        : directory(std::move(dataDirectory))
        , url(std::move(databaseUrl))
    {
    }

    std::filesystem::path directory; ///< of the instance: its journal, its name, and with SQLite the database
    std::string url;                 ///< "sqlite", or "postgresql://user@host:port/database"

    [[nodiscard]] std::filesystem::path journal() const { return directory / "journal"; }
    [[nodiscard]] bool isSqlite() const noexcept { return url == kSqlite; }
};

/// Whether a URL can be used, without going there. A password must not stand in it: it would end up in process lists
/// and configurations. Errors: InvalidInput, never with the URL in it.
[[nodiscard]] Result<void> checkDatabaseUrl(std::string_view url);
/// For logs and people: "sqlite", or host and database without anything that could be a secret.
[[nodiscard]] std::string describe(const DatabaseLocation& location);

} // namespace luthien::store
