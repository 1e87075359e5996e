// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/call_removal.h"
#include "store/cursor.h"
#include "store/forgotten.h"
#include "store/remnants.h"
#include "store/retention.h"
#include "store/session_sizes.h"

#include <cstdint>
#include <optional>

namespace luthien::store {

class Database;
class EvidenceChain;
class SearchIndex;

/// Takes out of the database what was deleted and what is past its time, beside the recording: each step is a
/// transaction of some 10 ms. All it has to know is in the tables, so that a process that dies in the middle costs
/// nothing but time. Thread: the writer's.
class Removal
{
public:
    enum class Progress : std::uint8_t {
        Busy,    ///< there is more to do
        Waiting, ///< for a reader that keeps old pages in the write-ahead log
        Done,    ///< nothing is left, neither in the tables nor in the log
    };
    struct Step
    {
        Progress progress = Progress::Busy;
        Forgotten forgotten;
    };

    /// All of them outlive it.
    Removal(Database& database, EvidenceChain& evidence, SearchIndex& search, const Retention& retention,
            const Clock& clock);

    /// From now on everything is looked through again: something was deleted, or time has passed.
    void look() noexcept;
    /// Outside of a transaction. Errors: of the database; the step is undone then, and may be tried again later.
    [[nodiscard]] Result<Step> step();

private:
    /// What is done one after the other: each needs that nothing of the one before is left.
    enum class Stage : std::uint8_t { Rows, Words, Space, Log, Done };

    [[nodiscard]] Result<bool> inTransaction(Forgotten& forgotten);
    /// False = there is nothing to be removed.
    [[nodiscard]] Result<bool> removeSome(SteadyPoint until, Forgotten& forgotten);
    [[nodiscard]] Result<bool> markDeleted();
    [[nodiscard]] Result<bool> markOld(RemovalReason reason, Cursor& place);
    [[nodiscard]] Result<bool> dropDays();
    [[nodiscard]] Result<bool> removeSession(Forgotten& forgotten);
    /// Calls that began before it are past their time; none = all are kept.
    [[nodiscard]] std::optional<TimePoint> limit(RemovalReason reason) const;

    Database& m_database;
    EvidenceChain& m_evidence;
    SearchIndex& m_search;
    const Retention m_retention;
    const Clock& m_clock;
    Remnants m_remnants;
    CallRemoval m_calls;
    SessionSizes m_sizes;
    Stage m_stage = Stage::Rows;
    bool m_hasRemoved = false; ///< since what is free was given back
    // Of this round: up to where old calls were looked at, and whether old days were.
    Cursor m_oldPlace;
    Cursor m_textsPlace;
    bool m_hasDroppedDays = false;
};

} // namespace luthien::store
