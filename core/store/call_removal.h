// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "store/cursor.h"
#include "store/evidence.h"
#include "store/forgotten.h"
#include "store/refused_removals.h"
#include "store/remnants.h"

#include <cstdint>
#include <map>
#include <vector>

namespace luthien::store {

class Database;
class SearchIndex;
class SessionSizes;

/// How far the removal of a call has come; the number in call.removal.
enum class CallRemovalState : std::uint8_t {
    Whole = 0,
    TextsGoing = 1,
    TextsGone = 2,
    AllGoing = 3, ///< nothing shows it any more
};

/// A call, by its rows.
struct CallRef
{
    std::int64_t row = 0;
    std::int64_t session = 0;
};

/// Takes calls out of the tables: first they are marked, all at once, then their rows go piece by piece.
/// Thread: the writer's, inside a transaction.
class CallRemoval
{
public:
    CallRemoval(Database& database, EvidenceChain& evidence, SearchIndex& search, Remnants& remnants,
                RefusedRemovals& refused)
        : m_database(database)
        , m_evidence(evidence)
        , m_search(search)
        , m_remnants(remnants)
        , m_refused(refused)
    {
    }

    /// Marks calls that are over, and says so in the chain of evidence. With MetadataRetention they leave their
    /// session's summary, too, and gives how many sessions have no call left. Their events no longer count in sizes.
    [[nodiscard]] Result<std::int64_t> mark(RemovalReason reason, const std::vector<CallRef>& calls,
                                            SessionSizes& sizes);

    /// Takes away rows of marked calls until the time is over; one at least. False = none is marked any more, but for
    /// those that the database refuses.
    [[nodiscard]] Result<bool> advance(SteadyPoint until, Forgotten& forgotten);

private:
    struct Going
    {
        CallRef call;
        CallId id;
        CallRemovalState state = CallRemovalState::TextsGoing;
        std::int64_t startMicros = 0;
    };

    [[nodiscard]] Result<std::vector<RemovedSubject>> subjects(const std::vector<CallRef>& calls);
    /// Whether its session has no other call.
    [[nodiscard]] Result<bool> leaveSession(const CallRef& call);
    [[nodiscard]] Result<std::vector<Going>> going();
    /// False = the time was over before all of them were gone.
    [[nodiscard]] Result<bool> removeBlocks(const Going& going, SteadyPoint until);
    [[nodiscard]] Result<void> removeRest(const Going& going);
    /// What only they carried is new in the calls that come after them.
    [[nodiscard]] Result<void> passOn(const std::map<std::int64_t, Cursor>& firstBySession, Forgotten& forgotten);
    [[nodiscard]] Result<void> run(const char* query, std::int64_t callRow);

    Database& m_database;
    EvidenceChain& m_evidence;
    SearchIndex& m_search;
    Remnants& m_remnants;
    RefusedRemovals& m_refused;
};

} // namespace luthien::store
