// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <set>
#include <string>

namespace luthien::store {

class Compression;
class Database;

/// Names of tools that models called, and that policies spoke about, as far as the newest calls and decisions tell:
/// what somebody may look for. Costs the reading of some hundred replies. Errors: those of the database.
[[nodiscard]] Result<std::set<std::string>> readToolNames(Database& database, Compression& compression);

} // namespace luthien::store
