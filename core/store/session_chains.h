// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>

namespace luthien::store {

class Database;

/// Knows which conversations the recent calls of a session carried, so that a view can show each message once.
/// Thread: the writer's, inside a transaction.
class SessionChains
{
public:
    explicit SessionChains(Database& database)
        : m_database(database)
    {
    }

    /// How many leading messages an earlier call of the session already carried; from now on this call is one.
    /// meanings = of the conversation up to each message of the call.
    [[nodiscard]] Result<std::size_t> countKnown(std::int64_t session, std::span<const std::int64_t> meanings);

private:
    using Meanings = std::unordered_set<std::int64_t>;
    [[nodiscard]] Result<void> load(std::int64_t session, Meanings& meanings);
    [[nodiscard]] Result<void> loadChain(std::int64_t head, Meanings& meanings);

    Database& m_database;
    std::unordered_map<std::int64_t, Meanings> m_sessions;
    std::size_t m_size = 0; ///< meanings in all sessions
};

} // namespace luthien::store
