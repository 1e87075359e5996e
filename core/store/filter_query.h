// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "filter/sql.h"

#include <memory>

namespace luthien::store {

class Database;
class Statement;

[[nodiscard]] filter::SqlDialect dialectOf(const Database& database);

/// What the database behind it can decide of a filter; words are looked up in its full-text index.
[[nodiscard]] filter::SqlCondition conditionFor(Database& database, const filter::Expression& expression,
                                                filter::SqlRows rows, TimePoint now);

/// A list of resources/sql with a filter's condition in it, its values bound. Errors: as Database::statementWhere.
[[nodiscard]] Result<std::unique_ptr<Statement>> filteredList(Database& database, const char* name,
                                                              const filter::SqlCondition& where);

} // namespace luthien::store
