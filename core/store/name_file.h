// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

/// Files of the data directory that hold one name, which is a CallId's text.
namespace luthien::store {

/// Empty = there is none.
[[nodiscard]] std::string readNameFile(const std::filesystem::path& file);
/// A line for people that stands below the name; empty = there is none.
[[nodiscard]] std::string readNameNote(const std::filesystem::path& file);
/// Returns once it is on the disk; a crash before leaves what was there. Errors: Io.
[[nodiscard]] Result<void> writeNameFile(const std::filesystem::path& file, std::string_view name,
                                         std::string_view note = {});

} // namespace luthien::store
