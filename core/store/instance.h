// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/database_location.h"

#include <filesystem>
#include <memory>

namespace luthien::store {

class Database;

/// Tells the database which instance it writes for: the one that directory names, made known at its first time. Nobody
/// else writes for it until the connection ends. The schema must be up to date. Errors: Conflict if somebody else does
/// write for it, those of the database, Io if the directory cannot hold the instance's name.
[[nodiscard]] Result<void> joinInstance(Database& database, const std::filesystem::path& directory);

/// A connection that only reads, for the instance that the directory names. Errors: NotFound if there is no database,
/// Unsupported if its schema is not the one this program knows, those of Database::open.
[[nodiscard]] Result<std::unique_ptr<Database>> openToRead(const DatabaseLocation& location);

} // namespace luthien::store
