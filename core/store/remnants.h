// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/compression.h"
#include "store/forgotten.h"
#include "store/refused_removals.h"

#include <cstdint>

namespace luthien::store {

class Database;
class SearchIndex;
class SessionSizes;

/// What a row of the table remnant stands for; the number in it.
enum class RemnantKind : std::uint8_t {
    Content = 1, ///< that row of content may be used by nothing any more
    Node = 2,    ///< that row of node
    Traces = 3,  ///< of what was removed there may be traces outside of the tables
    Renewal = 4, ///< the search index is made anew; the calls up to that row wait again
};

/// Messages and texts are stored once, whoever uses them. What something removed has used waits in the table remnant;
/// what nothing else uses goes. Thread: the writer's, inside a transaction.
class Remnants
{
public:
    Remnants(Database& database, SearchIndex& search, RefusedRemovals& refused)
        : m_database(database)
        , m_search(search)
        , m_refused(refused)
    {
    }

    /// What the requests of a call use, from now on waits; they are about to be deleted. callRow = the row of the call.
    [[nodiscard]] Result<void> addRequests(std::int64_t callRow) { return add("insert_request_remnants", callRow); }
    /// The same of its replies, and of what policies judged.
    [[nodiscard]] Result<void> addTexts(std::int64_t callRow) { return add("insert_call_remnants", callRow); }

    /// Looks at some that wait, until the time is over; one at least. False = none waits any more, but for those that
    /// the database refuses.
    [[nodiscard]] Result<bool> sweep(SteadyPoint until, SessionSizes& sizes, Forgotten& forgotten);

private:
    [[nodiscard]] Result<void> add(const char* query, std::int64_t callRow);
    [[nodiscard]] Result<void> add(std::int64_t kind, std::int64_t row);
    [[nodiscard]] Result<void> sweepNode(std::int64_t row, Forgotten& forgotten);
    [[nodiscard]] Result<void> sweepContent(std::int64_t row, SessionSizes& sizes, Forgotten& forgotten);
    [[nodiscard]] Result<void> remove(const char* query, const char* name, std::int64_t row);

    Database& m_database;
    SearchIndex& m_search;
    RefusedRemovals& m_refused;
    Compression m_compression;
};

} // namespace luthien::store
