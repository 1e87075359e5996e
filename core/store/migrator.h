// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace luthien::store {

class Database;

/// One schema change, as its file in migrations/ has it.
struct Migration
{
    int number = 0;
    std::string name; ///< the file's name
    std::string sql;  ///< statements separated by a line "--;"
};

/// The migrations this program brings for such a database, ascending.
[[nodiscard]] std::vector<Migration> builtInMigrations(const Database& database);

/// Brings the schema up to date, each step in one transaction with the hash of its file. A
/// server may be silent for longer then than watch() allows, and from then on: call it again afterwards.
/// Errors: Unsupported if the database is newer than this program, Conflict if a step was made from another file.
[[nodiscard]] Result<void> migrate(Database& database, const std::vector<Migration>& migrations);

/// Number of the last step that was made; 0 = there are no tables of ours.
[[nodiscard]] Result<int> schemaNumber(Database& database);

/// Checks without changing anything that the schema is the newest of migrations. Errors: Unsupported otherwise.
[[nodiscard]] Result<void> checkSchema(Database& database, const std::vector<Migration>& migrations);

} // namespace luthien::store
