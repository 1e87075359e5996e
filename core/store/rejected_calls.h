// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "store/journal_reader.h"

#include <string_view>
#include <unordered_set>

namespace luthien::store {

class Database;

/// Calls of which the database refuses a part whatever we do: a damaged row, a bug of ours. So that they do not keep
/// all others out, their records are stored as they stand in the journal, and nothing is lost.
/// Thread: the writer's.
class RejectedCalls
{
public:
    explicit RejectedCalls(Database& database)
        : m_database(database)
    {
    }

    /// Reads the calls rejected so far.
    [[nodiscard]] Result<void> load();
    [[nodiscard]] bool contains(CallId call) const { return m_calls.contains(call); }
    /// Inside a transaction.
    [[nodiscard]] Result<void> add(CallId call, const Error& why);
    /// Keeps a record of the call; from = its place. Inside a transaction.
    [[nodiscard]] Result<void> keep(CallId call, int producer, const JournalPosition& from, std::string_view record);

private:
    Database& m_database;
    std::unordered_set<CallId> m_calls;
};

/// Removes what is kept of calls of that session which were rejected before they had a row. Inside a transaction.
[[nodiscard]] Result<void> removeRejectedStrays(Database& database, std::string_view session);

} // namespace luthien::store
