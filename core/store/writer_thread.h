// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/thread.h"
#include "store/ballast.h"
#include "store/errands.h"
#include "store/journal_set.h"
#include "store/removal_turns.h"
#include "store/store.h"
#include "store/store_condition.h"
#include "store/writer_watch.h"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>

namespace luthien::store {

class CallRecorder;
class Database;
class EvidenceChain;
class IndexTurns;

/// Owns the only writing connection: carries what the journals hold into the database, a transaction each 25 ms at
/// most. When that fails it rolls back, waits and reads the journals again from the last commit, so nothing needs to be
/// kept in memory. Thread: work() is the writer's; the public functions may be called from any.
class WriterThread final : public Thread
{
public:
    WriterThread(StoreConfig config, std::shared_ptr<JournalBudget> budget, std::unique_ptr<JournalSet> journals);
    ~WriterThread() override;

    [[nodiscard]] std::shared_ptr<Journal> journal(int producer) { return m_journals->journal(producer); }
    void onCommit(std::function<void(const CommitNotice&)> callback);
    /// Runs work in a transaction of its own, then calls done; without the thread, done comes at once.
    void write(Errands::Work work, WriteDone done, Errands::Patience patience = Errands::Patience::None);
    /// The same for work on a session's row that gives the number of its commit; whoever listens is told of it.
    void writeSession(std::string id, std::function<Result<SessionWritten>(Database&, std::string_view)> work,
                      WriteDone done);
    [[nodiscard]] RemovalRounds& removals() noexcept { return m_rounds; }
    /// See EvidenceChain::setKey. Counts from the next transaction on.
    void setEvidenceKey(std::shared_ptr<const EvidenceKey> key);
    /// As far as the database goes; the journals have their own.
    [[nodiscard]] const StoreCondition& condition() const noexcept { return m_condition; }
    /// Errors: Timeout; Unavailable once stop() was called.
    [[nodiscard]] Result<void> flush(std::chrono::milliseconds deadline);
    /// Ends the thread, within seconds even if the server answers nothing. What is not committed stays in the journal.
    void stop();

protected:
    void work() override;

private:
    /// Not anew once the store closes.
    [[nodiscard]] bool mayConnect() const;
    [[nodiscard]] bool pause();
    /// There is something to do before the next tick. Under the mutex.
    [[nodiscard]] bool hasWishes() const noexcept { return !m_errands.isEmpty() || m_flushWanted > m_flushDone; }
    void maintain();
    void advance(SteadyPoint now);
    /// Connects, and does what there is to do.
    [[nodiscard]] Result<void> attempt(SteadyPoint now);
    [[nodiscard]] Result<void> connect();
    void disconnect();
    /// Does without the call that the database refused so often.
    [[nodiscard]] Result<void> setAside();
    [[nodiscard]] Result<void> tick(SteadyPoint now);
    /// Today's and tomorrow's.
    [[nodiscard]] Result<void> makePartitionsAhead(SteadyPoint now);
    /// In one transaction, of one kind of work.
    [[nodiscard]] std::uint64_t mostTickBytes() const;
    [[nodiscard]] bool read(JournalReader& reader);
    [[nodiscard]] Result<void> commit();
    void announce(const CommitNotice& notice);
    [[nodiscard]] Result<void> carryOut(const Errands::Work& work);
    [[nodiscard]] Result<std::map<int, JournalPosition>> savePositions();
    void failed(const Error& error);
    void countRefusal(CallId call, const Error& error);
    void succeeded(SteadyPoint began);
    void setState(StoreState state, std::string trouble);
    /// Of the writer. Thread: the watch's.
    void silent(std::chrono::milliseconds since);

    const StoreConfig m_config;
    const std::shared_ptr<JournalBudget> m_budget;
    const Ballast m_ballast;
    const std::unique_ptr<JournalSet> m_journals;
    Errands m_errands;
    StoreCondition m_condition;
    WriterWatch m_watch; ///< after what it tells

    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::condition_variable m_flushed;
    std::function<void(const CommitNotice&)> m_callback;
    std::shared_ptr<const EvidenceKey> m_evidenceKey; ///< null = none
    std::uint64_t m_flushWanted = 0;
    std::uint64_t m_flushDone = 0;
    bool m_stopping = false;
    Database* m_watched = nullptr; ///< the connection, while there is one
    RemovalRounds m_rounds{m_config.retention};

    // The thread's own.
    std::unique_ptr<Database> m_database;
    std::unique_ptr<EvidenceChain> m_evidence;
    std::unique_ptr<CallRecorder> m_recorder;
    std::unique_ptr<IndexTurns> m_index;
    std::unique_ptr<RemovalTurns> m_removals;
    std::uint64_t m_flushReached = 0; ///< what was wanted up to here is in the database
    bool m_recovered = false;         ///< what earlier processes left is in the database
    std::uint64_t m_takenIn = 0;      ///< records of earlier processes
    SteadyPoint m_begun;              ///< when the thread did
    bool m_more = false;              ///< the last tick left records unread
    CallId m_refusedCall;             ///< the last one that the database refused; nil = none
    Error m_refusal;
    int m_refusals = 0; ///< of that call in a row
    Breaker m_breaker;
    bool m_hasCommitted = false; ///< the last tick did
    bool m_wasFull = false;      ///< the disk, and nothing was committed since
    bool m_oneByOne = false;     ///< something was refused, nobody knows which call's
    SteadyPoint m_ballastAt;
    SteadyPoint m_partitionsAt;
};

} // namespace luthien::store
