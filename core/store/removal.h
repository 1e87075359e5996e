// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/call_removal.h"
#include "store/commit_notice.h"
#include "store/cursor.h"
#include "store/forgotten.h"
#include "store/refused_removals.h"
#include "store/remnants.h"
#include "store/retention.h"
#include "store/session_sizes.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>

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
        Waiting, ///< for an instance that records, or a reader that keeps old pages in the write-ahead log
        Done,    ///< nothing is left, neither in the tables nor in the log
    };
    struct Step
    {
        Progress progress = Progress::Busy;
        Forgotten forgotten;
        CommitNotice aged; ///< sessions of calls that were past their time, some steps together; number 0 = none
        std::optional<Error> refused; ///< by the database, which is not asked for it again
    };

    /// All of them outlive it.
    Removal(Database& database, EvidenceChain& evidence, SearchIndex& search, const Retention& retention,
            const Clock& clock);

    /// From now on everything is looked through again: something was deleted, or time has passed. \{
    void look() noexcept;
    void look(const Retention& retention) noexcept;
    /// \}
    /// Outside of a transaction. Errors: of the database; the step is undone then, and may be tried again later.
    [[nodiscard]] Result<Step> step();

private:
    /// What is done one after the other: each needs that nothing of the one before is left.
    enum class Stage : std::uint8_t { Rows, Words, Space, Log, Done };

    /// Of this round: up to where old calls were looked at, and whether old days were.
    struct Places
    {
        static constexpr Cursor kBeforeAll{std::numeric_limits<std::int64_t>::min(),
                                           std::numeric_limits<std::int64_t>::min()};
        Cursor old = kBeforeAll;
        Cursor texts = kBeforeAll;
        bool hasDroppedDays = false;
    };

    [[nodiscard]] Result<bool> inTransaction(Step& step);
    /// After a transaction that was undone.
    [[nodiscard]] Result<bool> doWithout(const Error& error, Step& step);
    /// How many calls are marked in one transaction.
    [[nodiscard]] std::size_t markedAtOnce() const;
    /// False = there is nothing to be removed.
    [[nodiscard]] Result<bool> removeSome(SteadyPoint until, Forgotten& forgotten);
    /// What was removed leaves traces in the index of words and in the log: the tables say so until these are gone, or
    /// the next process would not know.
    [[nodiscard]] Result<void> noteTraces(bool hasRemoved);
    [[nodiscard]] Result<void> forgetTraces();
    [[nodiscard]] Result<bool> markDeleted();
    [[nodiscard]] Result<bool> markOld(RemovalReason reason, Cursor& place);
    /// Gives the sessions in m_aged a commit of their own if they have waited, or nothing follows.
    [[nodiscard]] Result<CommitNotice> tellAged(bool isLast);
    [[nodiscard]] Result<bool> dropDays();
    [[nodiscard]] Result<bool> removeSession(Forgotten& forgotten);
    /// Calls that began before it are past their time; none = all are kept.
    [[nodiscard]] std::optional<TimePoint> limit(RemovalReason reason) const;

    Database& m_database;
    EvidenceChain& m_evidence;
    SearchIndex& m_search;
    Retention m_retention;
    const Clock& m_clock;
    RefusedRemovals m_refused;
    Remnants m_remnants;
    CallRemoval m_calls;
    SessionSizes m_sizes;
    Stage m_stage = Stage::Rows;
    bool m_hasRemoved = false; ///< traces are left; known once no rows are
    Places m_places;
    std::set<std::string> m_aged; ///< sessions whose calls were past their time, and nobody was told yet
    SteadyPoint m_agedToldAt;
};

} // namespace luthien::store
