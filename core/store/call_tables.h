// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/call_event.h"
#include "store/block.h"
#include "store/block_table.h"
#include "store/compression.h"
#include "store/content_store.h"
#include "store/cut_call.h"
#include "store/decision_table.h"
#include "store/evidence.h"
#include "store/evidence_digest.h"
#include "store/remembered.h"
#include "store/session_chains.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace luthien::store {

class Database;

/// What the writer must know of a call in the tables.
struct StoredCall
{
    std::int64_t row = 0;
    std::int64_t sessionRow = 0;
    std::string session;
    TimePoint startedAt;
    conversation::CallStatus status = conversation::CallStatus::Open;
    std::uint32_t storedSeq = 0; ///< events before it are in the database
    std::int64_t blocks = 0;     ///< in the database
    std::int64_t blockBytes = 0; ///< that they take there
    bool beginsSession = false;  ///< it is the first of a session
    bool isOurs = false;         ///< made for a policy, see conversation::CallOpened
    /// What it holds so far, if this program recorded all of its requests; else it is read again when the call ends.
    std::optional<std::vector<RequestDigest>> requestDigests;
    std::vector<Digest> blockDigests; ///< of its final blocks; empty = read them again
};

/// Writes calls, their requests and their blocks, and keeps the session's summary in step.
/// Thread: the writer's, inside a transaction.
class CallTables
{
public:
    enum class BlockUse : std::uint8_t {
        Passing, ///< of a call that runs: packed fast, and rewritten when it is over
        Final,
    };

    CallTables(Database& database, EvidenceChain& evidence, const Remembered& remembered);

    [[nodiscard]] Result<std::optional<StoredCall>> find(CallId id);
    /// None = it is there already.
    [[nodiscard]] Result<std::optional<StoredCall>> insert(const conversation::CallOpened& event);
    /// Does nothing if the request is there already. Gives the other calls whose rows it changed: where they are fresh
    /// from.
    [[nodiscard]] Result<std::vector<CallId>> insertRequest(StoredCall& call,
                                                            const conversation::RequestRecorded& event);
    /// Does nothing if the decision is there already.
    [[nodiscard]] Result<void> insertDecision(const StoredCall& call, const conversation::Decision& decision)
    {
        m_contents.setOwner(call.sessionRow);
        return m_decisions.insert({.call = call.row, .session = call.sessionRow}, decision);
    }
    [[nodiscard]] Result<CutCallAsked> asked(const StoredCall& call);
    /// Goes over what is in the tables, up to the first part that is damaged or missing. Gives the time of the last
    /// event, or of the call's begin.
    [[nodiscard]] Result<TimePoint> eachEvent(const StoredCall& call,
                                              const std::function<void(const conversation::WireEvent&)>& take);
    [[nodiscard]] Result<void> insertBlock(StoredCall& call, const BlockBuilder& block, BlockUse use);
    /// Rewrites a finished call's blocks as few large ones.
    [[nodiscard]] Result<void> merge(StoredCall& call);
    /// Takes the call into the chain of evidence, too: its blocks are all in the database.
    [[nodiscard]] Result<void> updateEnded(const StoredCall& call, const conversation::CallEnded& event);
    [[nodiscard]] Result<void> updateSessionEnded(const StoredCall& call, const conversation::CallEnded& event);
    /// Blocks may wait here until flush().
    [[nodiscard]] BlockTable& blocks() noexcept { return m_blocks; }
    /// Brings what waits into the tables: the end of a transaction.
    [[nodiscard]] Result<void> finish();
    /// These rows are gone.
    void forget(const Forgotten& forgotten);
    /// Any rows may be gone.
    void forgetAll();

private:
    [[nodiscard]] Result<Digest> recorded(const StoredCall& call);
    [[nodiscard]] Result<std::optional<std::uint32_t>> mergeSome(StoredCall& call, std::uint32_t seq,
                                                                 BlockBuilder& open);
    /// The row that holds a reply; none = there is none.
    [[nodiscard]] Result<std::optional<std::int64_t>> putReply(std::string_view reply);
    [[nodiscard]] Result<void> insertModel(const StoredCall& call, std::string_view model);
    /// A model or an agent of a session, if it is not in its list.
    [[nodiscard]] Result<void> insertName(const char* queryName, std::int64_t sessionRow, std::string_view whole);

    Database& m_database;
    const std::size_t m_mostNames;
    ContentStore m_contents;
    EvidenceChain& m_evidence;
    DecisionTable m_decisions;
    SessionChains m_chains;
    BlockTable m_blocks;
    Compression m_compression;
    std::set<std::tuple<std::string_view, std::int64_t, std::string>> m_names; ///< by query; they are in the tables
};

} // namespace luthien::store
