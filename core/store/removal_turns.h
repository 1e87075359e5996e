// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/abandoned_instances.h"
#include "store/journal_reader.h"
#include "store/removal.h"
#include "store/search_index.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace luthien::store {

class CallRecorder;
struct StoreConfig;

/// Rounds in which everything that is to be removed is looked for. Thread: any.
class RemovalRounds
{
public:
    explicit RemovalRounds(const Retention& retention)
        : m_retention(retention)
    {
    }

    /// What is past its time from the next round on, which is wanted at once.
    void setRetention(const Retention& retention);
    [[nodiscard]] Retention retention() const;
    /// There is something new to be found.
    void want();
    /// Returns when a round that began after this call is over. Errors: Timeout, InvalidInput if the database refuses
    /// to let something go.
    [[nodiscard]] Result<void> wait(std::chrono::milliseconds limit);

    /// What the database refuses to let go, for people; empty = nothing.
    [[nodiscard]] std::string refusals() const;

    /// The rounds that were wanted so far. Thread: the writer's, as what follows.
    [[nodiscard]] std::uint64_t wanted() const;
    [[nodiscard]] bool isWanted() const;
    void finished(std::uint64_t rounds);
    /// False = that is known.
    [[nodiscard]] bool refused(const std::string& what);
    /// Everything is asked for again.
    void forgetRefusals();

private:
    /// Under the mutex.
    [[nodiscard]] std::string refusalText() const;

    mutable std::mutex m_mutex;
    std::condition_variable m_over;
    std::uint64_t m_wanted = 1; ///< for what an earlier process left
    std::uint64_t m_done = 0;
    Retention m_retention;
    std::set<std::string> m_refusals;
};

/// Lets removal have short turns between the writer's ticks: at the start, when something was deleted, and every few
/// minutes for what time has come for. At the end of a round what was removed is in the journals no more, either.
/// Thread: the writer's, on its connection.
class RemovalTurns
{
public:
    /// All of them outlive it. tell hears of sessions whose calls were past their time.
    RemovalTurns(Database& database, EvidenceChain& evidence, CallRecorder& recorder, const StoreConfig& config,
                 RemovalRounds& rounds, std::function<void(const CommitNotice&)> tell);

    void take(SteadyPoint now, const std::vector<JournalReader*>& journals);
    /// There is more to be done soon.
    [[nodiscard]] bool isBusy() const noexcept { return m_isRunning; }
    /// What was read from the journals has to be noted in the database, even if nothing in it was new.
    [[nodiscard]] bool waitsForJournals() const noexcept { return m_waitsForJournals; }

private:
    /// A step of our own, or then of instances that nobody runs.
    [[nodiscard]] Result<Removal::Step> step();
    void report(const Error& error, const char* consequence);
    void beginRound(const std::vector<JournalReader*>& journals);
    /// Rows must not go while a journal may be read again from before them: they would come back.
    [[nodiscard]] bool havePassed(const std::vector<JournalReader*>& journals) const;
    void endRound(SteadyPoint now, const std::vector<JournalReader*>& journals);

    SystemClock m_systemClock;
    SearchIndex m_search;
    Removal m_removal;
    AbandonedInstances m_abandoned;
    CallRecorder& m_recorder;
    RemovalRounds& m_rounds;
    const std::function<void(const CommitNotice&)> m_tell;
    bool m_isRunning = false;
    bool m_isOwnDone = false; ///< in this round
    bool m_waitsForJournals = false;
    std::uint64_t m_round = 0;                 ///< how many were wanted when it began
    std::map<int, JournalPosition> m_journals; ///< when it began
    SteadyPoint m_notBefore;
    SteadyPoint m_dueAt; ///< of the next round, if nobody wants one before
};

} // namespace luthien::store
