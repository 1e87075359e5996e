// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/thread.h"
#include "store/ballast.h"
#include "store/journal_reader.h"
#include "store/store.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace luthien::store {

class CallRecorder;
class Database;
class EvidenceChain;

/// Owns the only writing connection: carries what the journals hold into the database, a transaction each 25 ms at
/// most. When that fails it rolls back, waits and reads the journals again from the last commit, so nothing needs to be
/// kept in memory. Thread: work() is the writer's; the public functions may be called from any.
class WriterThread final : public Thread
{
public:
    /// start = positions of the journals in the database, by producer.
    WriterThread(StoreConfig config, std::shared_ptr<JournalBudget> budget, std::map<int, JournalPosition> start);
    ~WriterThread() override;

    [[nodiscard]] std::shared_ptr<Journal> journal(int producer);
    void onCommit(std::function<void(const CommitNotice&)> callback);
    /// Runs work in a transaction of its own, then calls done; without the thread, done comes at once.
    void write(std::function<Result<void>(Database&)> work, WriteDone done);
    /// The same for work that adds to the chain of evidence.
    void writeChained(std::function<Result<void>(Database&, EvidenceChain&)> work, WriteDone done);
    /// See EvidenceChain::setKey. Counts from the next transaction on.
    void setEvidenceKey(std::shared_ptr<const EvidenceKey> key);
    [[nodiscard]] StoreState state() const noexcept { return m_state.load(std::memory_order_relaxed); }
    [[nodiscard]] std::string stateText() const;
    /// Errors: Timeout.
    [[nodiscard]] Result<void> flush(std::chrono::milliseconds deadline);
    /// Ends the thread. What is not committed stays in the journal.
    void stop();

protected:
    void work() override;

private:
    /// What is to be written besides the journals.
    struct Errand
    {
        std::function<Result<void>(Database&, EvidenceChain&)> work;
        WriteDone done;
    };

    void findJournals(std::map<int, JournalPosition> start);
    [[nodiscard]] bool pause();
    void maintain();
    void advance(SteadyPoint now);
    [[nodiscard]] Result<void> connect();
    void disconnect();
    /// Does without the call that the database refused so often.
    [[nodiscard]] Result<void> setAside();
    [[nodiscard]] Result<void> tick(SteadyPoint now);
    /// Today's and tomorrow's.
    [[nodiscard]] Result<void> makePartitionsAhead(SteadyPoint now);
    [[nodiscard]] bool read(JournalReader& reader);
    [[nodiscard]] Result<void> commit();
    void runErrands();
    [[nodiscard]] Result<void> carryOut(const Errand& errand);
    void release(const std::map<int, JournalPosition>& positions);
    [[nodiscard]] Result<std::map<int, JournalPosition>> savePositions();
    void failed(const Error& error);
    void countRefusal(CallId call, const Error& error);
    void succeeded();
    void setState(StoreState state, std::string text);
    [[nodiscard]] std::vector<JournalReader*> readers();
    void removeDrained();

    const StoreConfig m_config;
    const std::filesystem::path m_directory; ///< of the journals
    const std::shared_ptr<JournalBudget> m_budget;
    const Ballast m_ballast;

    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::condition_variable m_flushed;
    std::map<int, std::unique_ptr<JournalReader>> m_readers; ///< never shrinks
    std::map<int, std::uint64_t> m_firstNumbers;             ///< for journals not begun yet
    std::function<void(const CommitNotice&)> m_callback;
    std::deque<Errand> m_errands;
    std::shared_ptr<const EvidenceKey> m_evidenceKey; ///< null = none
    std::uint64_t m_flushWanted = 0;
    std::uint64_t m_flushDone = 0;
    bool m_stopping = false;
    std::string m_stateText;
    std::atomic<StoreState> m_state{StoreState::Ok};

    // The thread's own.
    std::unique_ptr<Database> m_database;
    std::unique_ptr<EvidenceChain> m_evidence;
    std::unique_ptr<CallRecorder> m_recorder;
    bool m_recovered = false; ///< what earlier processes left is in the database
    bool m_more = false;      ///< the last tick left records unread
    CallId m_refusedCall;     ///< the last one that the database refused; nil = none
    Error m_refusal;
    int m_refusals = 0; ///< of that call in a row
    SteadyPoint m_retryAt;
    std::chrono::milliseconds m_backoff{0};
    bool m_oneByOne = false; ///< something was refused, nobody knows which call's
    SteadyPoint m_ballastAt;
    SteadyPoint m_partitionsAt;
};

} // namespace luthien::store
