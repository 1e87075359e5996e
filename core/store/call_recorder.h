// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/event_sink.h"
#include "store/block.h"
#include "store/call_tables.h"
#include "store/cut_call.h"
#include "store/journal_reader.h"
#include "store/rejected_calls.h"
#include "store/store.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace luthien::store {

class Database;

/// Turns journal records into rows. What an earlier, half-committed run already wrote is recognised by its sequence
/// numbers and left out. Begins a transaction by itself when it must write; the caller commits.
/// The first error stops it: every later event is ignored, and the caller rolls back, drops it and reads the journals
/// again with a new one. Thread: the writer's.
class CallRecorder final : public conversation::EventSink
{
public:
    /// readCutCall may be empty: then of calls that got no end only their events are known.
    CallRecorder(Database& database, EvidenceChain& evidence, const Remembered& remembered, ReadCutCall readCutCall);

    /// Must come first.
    [[nodiscard]] Result<void> loadRejected() { return m_rejected.load(); }
    /// From now on an error is about failedCall(); without it, several calls may share a statement.
    void writeOneByOne() noexcept;
    /// Takes in one journal record. Its place is kept with what has to wait, see oldestWaiting().
    void apply(std::string_view record, int producer, const JournalPosition& position);

    void opened(const conversation::CallOpened& event) override;
    void request(const conversation::RequestRecorded& event) override;
    void wire(const conversation::WireEvent& event) override;
    void decided(const conversation::Decision& decision) override;
    void ended(const conversation::CallEnded& event) override;
    [[nodiscard]] bool hasRoom() const override { return true; }

    /// Writes the blocks of events that wait since before, or are large.
    void flush(SteadyPoint before);
    /// From now on the call's records are kept as they are, see RejectedCalls; its row, if there is one, is closed.
    void reject(CallId id, const Error& why);
    /// Closes calls the database still shows as open, their process is gone; stops once so many bytes of them were
    /// read. True = there are none left.
    [[nodiscard]] bool endAbandoned(std::uint64_t mostBytes);
    [[nodiscard]] Result<void> begin();
    /// These rows are gone.
    void forget(const Forgotten& forgotten) { m_tables.forget(forgotten); }
    /// Commits, if anything was written. none = nothing was.
    [[nodiscard]] Result<std::optional<CommitNotice>> commit();
    [[nodiscard]] const Result<void>& status() const noexcept { return m_status; }
    /// The call that was being written when status() turned into an error; nil = none, or unknown.
    [[nodiscard]] CallId failedCall() const noexcept { return m_failedCall; }
    [[nodiscard]] bool hasWritten() const noexcept { return m_inTransaction; }
    /// The first record of the producer's journal that is not wholly in the transaction.
    [[nodiscard]] std::optional<JournalPosition> oldestWaiting(int producer) const;

private:
    /// An event whose rest is to come, or one with a higher number that came meanwhile.
    struct Held
    {
        TimePoint at;
        conversation::Direction direction = conversation::Direction::Received;
        conversation::WireKind kind = conversation::WireKind::Head;
        std::string bytes;
        JournalPosition from;
        bool whole = false;
    };
    struct Call : StoredCall
    {
        Call() = default;
        Call(StoredCall stored, int from)
            : StoredCall(std::move(stored))
            , producer(from)
        {
        }

        int producer = -1;
        BlockBuilder waiting;
        SteadyPoint waitingSince;
        JournalPosition waitingFrom;
        std::map<std::uint32_t, Held> held; ///< by seq; the first is not whole
    };

    /// Where several instances record, one of them may remove what this one remembers.
    [[nodiscard]] Result<void> beginShared();
    /// Remembers the first error.
    bool failed(const Result<void>& done);
    [[nodiscard]] static std::uint32_t nextSeq(const Call& call) noexcept;
    [[nodiscard]] Call* find(CallId id);
    void touch(CallId id, const StoredCall& call);
    void touch(CallId id);
    void take(CallId id, Call& call, const BlockEvent& event, bool partial);
    void releaseFirst(CallId id, Call& call);
    void releaseAll(CallId id, Call& call);
    void add(CallId id, Call& call, const BlockEvent& event);
    [[nodiscard]] Result<void> flush(CallId id, Call& call, CallTables::BlockUse use);
    [[nodiscard]] Result<void> end(CallId id, Call& call, const conversation::CallEnded& event);
    void listAbandoned();
    /// Gives how many bytes it read.
    std::uint64_t endAbandonedCall(CallId id);
    /// The end of a call that got none; read is given its events.
    [[nodiscard]] Result<conversation::CallEnded>
    cutShort(CallId id, const StoredCall& call, std::string_view why,
             const std::function<void(const conversation::WireEvent&)>& read);

    Database& m_database;
    EvidenceChain& m_evidence;
    const ReadCutCall m_readCutCall;
    CallTables m_tables;
    RejectedCalls m_rejected;
    std::unordered_map<CallId, Call> m_calls;
    std::map<CallId, TouchedCall> m_touched;        ///< by the transaction
    std::optional<std::vector<CallId>> m_abandoned; ///< the newest first; none = not asked yet
    std::int64_t m_newSessions = 0;
    Result<void> m_status;
    CallId m_writing; ///< the call an error would be about
    CallId m_failedCall;
    bool m_inTransaction = false;
    std::int64_t m_otherRemovals = -1; ///< of other instances, up to now; -1 = not asked yet
    int m_producer = -1;
    JournalPosition m_position;
    Call m_over; ///< what find() gives for calls that have ended
};

} // namespace luthien::store
