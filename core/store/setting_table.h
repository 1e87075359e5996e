// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::store {

class Database;

/// What people set in the program, of this instance; keys and values are those of the configuration. Never secrets.
using Settings = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] Result<Settings> readSettings(Database& database);
/// Sets it, or with none takes it back. Inside a transaction.
[[nodiscard]] Result<void> writeSetting(Database& database, std::string_view key,
                                        const std::optional<std::string>& value);

} // namespace luthien::store
