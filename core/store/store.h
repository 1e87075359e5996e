// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/metrics.h"
#include "base/result.h"
#include "conversation/event_sink.h"
#include "store/breaker.h"
#include "store/commit_notice.h"
#include "store/cut_call.h"
#include "store/instance_bus.h"
#include "store/reader.h"
#include "store/remembered.h"
#include "store/retention.h"
#include "store/search_texts.h"
#include "store/session_marks.h"
#include "store/store_health.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace luthien::store {

struct StoreConfig
{
    std::filesystem::path directory;                ///< made if missing, 0700
    std::string database{"sqlite"};                 ///< see DatabaseLocation::url
    std::uint64_t journalQuota = 4ull << 30;        ///< bytes not yet in the database
    std::uint64_t segmentBytes = 64ull << 20;       ///< size of a journal file
    std::uint64_t ballastBytes = 16ull << 20;       ///< given up when the disk is full; 0 = none
    std::size_t cacheBytes = 16 << 20;              ///< of texts that readers were asked for; 0 = none are kept
    std::chrono::milliseconds blockInterval{250};   ///< events wait at most so long to share a block
    std::chrono::milliseconds answerLimit{20000};   ///< a server that answers nothing for so long counts as gone
    std::chrono::milliseconds recoveryWait{10000};  ///< of open() for what an earlier process left
    Remembered remembered{};                        ///< of what was written
    Breaker::Limits breaker;                        ///< around the database
    BusTimes bus;                                   ///< between the instances on a shared one
    Metrics* metrics = nullptr;                     ///< outlives the store; may be null
    std::shared_ptr<const EvidenceKey> evidenceKey; ///< null = none, or it comes later

    Retention retention{};        ///< what is removed in time
    const Clock* clock = nullptr; ///< what time is counted with, for that; null = the system's

    ReadTexts readTexts{};     ///< what can be searched; empty = nothing is made searchable
    ReadCutCall readCutCall{}; ///< what calls that got no end said; empty = only their events are known

    [[nodiscard]] DatabaseLocation location() const { return {directory, database}; }
};

/// Tells how a write ended.
using WriteDone = std::function<void(Result<void>)>;

class PolicyNotes;
class WriterThread;
struct JournalBudget;

/// Records calls and hands out readers. One process at a time opens a directory for writing; the caller sees to that.
/// Thread: any, unless stated.
class Store
{
public:
    /// Opens or makes the database and replays what an earlier process left in its journal; what takes longer than
    /// recoveryWait goes on beside what is recorded then. Errors: Unsupported if a newer program made the database,
    /// Conflict if the journal is another database's, Unavailable or Io otherwise.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(StoreConfig config);
    /// Makes the tables, or makes them those of this program, and does nothing else; SQLite's directory must be there.
    /// Errors: as open(), but nothing is asked of the journal.
    [[nodiscard]] static Result<void> bringUpToDate(const StoreConfig& config);
    /// Puts everything recorded into the database first, as close().
    ~Store();

    /// The sink of one worker; worker numbers are small and each is used once. It must die before the store closes.
    [[nodiscard]] std::unique_ptr<conversation::EventSink> makeSink(int worker);
    /// A reader for the calling thread.
    [[nodiscard]] Result<std::unique_ptr<Reader>> openReader() const;
    /// Saves the whole book, see Reader::policyBook. done is called once, on the writer's thread or before this
    /// returns, and must return quickly; books are saved in the order they come. Errors: InvalidInput for an id that is
    /// there twice, Unavailable if the store closes first, those of the database; nothing is saved then.
    void savePolicyBook(PolicyBook book, WriteDone done);
    /// Keeps what these versions are. Those already known are left as they are. Nobody is told: it is tried until the
    /// store closes, and the log says whose notes it closed without.
    void notePolicyVersions(std::vector<PolicyVersion> versions);
    /// Keeps what becomes of policies, likewise. A change that changes nothing is left out, so that all that is in
    /// force may be told at any time.
    void notePolicyChanges(std::vector<PolicyChange> changes);
    /// Reader::approvalRules; done as above. \{
    void saveApprovalRule(policy::ApprovalRule rule, WriteDone done);
    void removeApprovalRule(const CallId& id, WriteDone done);
    /// \}
    /// What signs the chain of evidence from now on, see EvidenceChain::setKey.
    void setEvidenceKey(std::shared_ptr<const EvidenceKey> key);
    /// Deletes a session with all that was recorded of it; done as above: from then on nothing shows it, whatever
    /// happens, and its rows go in the background. Errors: NotFound; Conflict while a call of it is open.
    void removeSession(std::string id, WriteDone done);
    /// See SessionMarks; done as above. Errors: NotFound, TooLarge. \{
    void markSession(std::string id, SessionMarks marks, WriteDone done);
    void setPinned(std::string id, bool pinned, WriteDone done)
    {
        markSession(std::move(id), {.pinned = pinned, .label = {}, .note = {}}, std::move(done));
    }
    /// \}
    /// What is removed in time, from now on; it begins at once.
    void setRetention(const Retention& retention);
    /// Returns when nothing is left of what was removed, or is past its time: neither in the database nor in the
    /// journals. Errors: Timeout, InvalidInput if the database refuses to let something go.
    [[nodiscard]] Result<void> finishRemovals(std::chrono::milliseconds deadline);
    /// Called after each commit of this instance, on the writer's thread, and of others on the same database, on
    /// another; must return quickly. Set it before the first sink is made.
    void onCommit(std::function<void(const CommitNotice&)> callback);

    [[nodiscard]] StoreHealth health() const;
    [[nodiscard]] StoreState state() const { return health().state; }
    /// For people; empty while all is well.
    [[nodiscard]] std::string stateText() const { return describe(health()); }
    /// Bytes recorded but not yet in the database.
    [[nodiscard]] std::uint64_t journalBacklog() const noexcept;

    /// Returns when everything appended so far is committed. Errors: Timeout; Unavailable once the store closes.
    [[nodiscard]] Result<void> flush(std::chrono::milliseconds deadline);
    /// Flushes and stops the writer; later calls do nothing. What could not be committed stays in the journal.
    void close();

private:
    Store(StoreConfig config, std::shared_ptr<JournalBudget> budget);
    void writePolicyNotes();

    StoreConfig m_config;
    std::shared_ptr<JournalBudget> m_budget;
    std::shared_ptr<TextCache> m_cache;
    std::unique_ptr<PolicyNotes> m_policyNotes;
    std::unique_ptr<InstanceBus> m_bus; ///< null = the database is not shared
    std::unique_ptr<WriterThread> m_writer;
};

} // namespace luthien::store
