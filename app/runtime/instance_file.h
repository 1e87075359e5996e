// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "runtime/paths.h"

#include <cstdint>
#include <optional>
#include <string>

namespace luthien::runtime {

/// How the running instance of a data directory can be reached.
struct Instance
{
    std::int64_t processId = 0;
    std::string proxy;                  ///< "http://127.0.0.1:4000"
    std::optional<std::string> control; ///< absent = off
    bool tokenRequired = false;         ///< agents must send the client token
    std::string database;               ///< where its record is, as Paths::databaseUrl; empty = not told

    bool operator==(const Instance&) const = default;
};

[[nodiscard]] Result<void> writeInstance(const Paths& paths, const Instance& instance);
/// Errors: NotFound, InvalidInput. Says nothing about whether that instance still runs.
[[nodiscard]] Result<Instance> readInstance(const Paths& paths);
void removeInstance(const Paths& paths);
/// The instance that holds the data directory's lock now. Errors: NotFound if none does.
[[nodiscard]] Result<Instance> runningInstance(const Paths& paths);

} // namespace luthien::runtime
