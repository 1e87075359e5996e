// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
#include <map>

namespace luthien::store {

class Database;

/// By how much the sessions that a transaction touches grow, or shrink: session.bytes. Thread: the writer's.
class SessionSizes
{
public:
    /// bytes = as stored; session 0 = unknown, counted nowhere.
    void add(std::int64_t session, std::int64_t bytes);
    /// Into the tables; once at the end of a transaction.
    [[nodiscard]] Result<void> write(Database& database);

private:
    std::map<std::int64_t, std::int64_t> m_changes; ///< by session
};

} // namespace luthien::store
