// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/decision.h"

#include <cstdint>

namespace luthien::store {

class ContentStore;
class Database;
class EvidenceChain;

/// Where a decision belongs.
struct DecisionOwner
{
    std::int64_t call = 0; ///< rows
    std::int64_t session = 0;
};

/// Writes decisions, takes them into the chain of evidence and counts them in the session's summary. Thread: the
/// writer's, inside a transaction.
class DecisionTable
{
public:
    DecisionTable(Database& database, ContentStore& contents, EvidenceChain& evidence)
        : m_database(database)
        , m_contents(contents)
        , m_evidence(evidence)
    {
    }

    /// Does nothing if the decision is there already.
    [[nodiscard]] Result<void> insert(const DecisionOwner& owner, const conversation::Decision& decision);

private:
    [[nodiscard]] Result<std::optional<std::int64_t>> content(std::string_view text);
    [[nodiscard]] Result<void> count(std::int64_t session, const conversation::Decision& decision);

    Database& m_database;
    ContentStore& m_contents;
    EvidenceChain& m_evidence;
};

} // namespace luthien::store
