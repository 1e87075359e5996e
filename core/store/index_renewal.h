// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>

namespace luthien::store {

class Database;

/// Makes SQLite's search index anew, for when nobody can say any more what words a text had in it: they cannot be taken
/// out one by one then. All calls wait to be taken in again, and are looked through as long as they do; once all wait,
/// what the index says of them goes. Each step is a short transaction of its own, and goes on where the last one ended,
/// be it in another process. Nothing is to be taken in meanwhile. Thread: the writer's, on its connection.
class IndexRenewal
{
public:
    /// database outlives it.
    explicit IndexRenewal(Database& database)
        : m_database(database)
    {
    }

    /// From now on the index is made anew. Inside a transaction.
    [[nodiscard]] Result<void> start();
    /// False = the index is not being made anew.
    [[nodiscard]] Result<bool> advance();

private:
    /// While it is made anew: the row up to which calls wait again.
    [[nodiscard]] Result<std::optional<std::int64_t>> renewedUpTo();
    [[nodiscard]] Result<void> step(std::int64_t from);
    /// False = all calls wait.
    [[nodiscard]] Result<bool> letSomeWait(std::int64_t from);
    [[nodiscard]] Result<void> setWordsAside();
    /// from = where the renewal stands, which is over once they are gone.
    [[nodiscard]] Result<void> removeOldWords(std::int64_t from);

    Database& m_database;
};

} // namespace luthien::store
