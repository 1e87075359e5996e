// SPDX-License-Identifier: Apache-2.0
#include "store/evidence_fill.h"

#include "base/logging.h"
#include "conversation/call_event.h"
#include "store/database.h"
#include "store/evidence.h"
#include "store/evidence_digest.h"

#include <optional>
#include <vector>

namespace luthien::store {

namespace {
constexpr std::int64_t kCallsPerTransaction = 500;

struct OldCall
{
    std::int64_t row = 0;
    bool isOver = false;
};

/// The rows of a call's decisions.
Result<std::vector<std::int64_t>> decisionsOf(Database& database, std::int64_t call)
{
    auto list = database.statement("list_decision_rows");
    if (!list)
        return list.error();
    std::vector<std::int64_t> rows;
    const auto done = (*list)->bind(":call", call).each([&](const Statement& row) { rows.push_back(row.number(0)); });
    return done ? Result<std::vector<std::int64_t>>(std::move(rows)) : done.error();
}

Result<std::vector<OldCall>> callsAfter(Database& database, std::int64_t row)
{
    auto list = database.statement("list_calls_from_row");
    if (!list)
        return list.error();
    std::vector<OldCall> calls;
    const auto done = (*list)->bind(":row", row).bind(":limit", kCallsPerTransaction).each([&](const Statement& found) {
        const auto status = static_cast<conversation::CallStatus>(found.number(1));
        calls.push_back({found.number(0), status != conversation::CallStatus::Open});
    });
    return done ? Result<std::vector<OldCall>>(std::move(calls)) : done.error();
}

Result<void> hashBytes(Database& database, std::int64_t call)
{
    const auto recorded = recordedDigest(database, call);
    auto save = database.statement("update_call_recorded");
    if (!recorded || !save)
        return recorded ? save.error() : recorded.error();
    return (*save)->bind(":call", call).bindBlob(":sha256", asBytes(*recorded)).run();
}

Result<void> chain(Database& database, EvidenceChain& chain, const OldCall& call)
{
    const auto decisions = decisionsOf(database, call.row);
    if (!decisions)
        return decisions.error();
    for (const std::int64_t decision : *decisions) {
        if (auto done = chain.add(EvidenceKind::Decision, decision); !done)
            return done;
    }
    if (!call.isOver)
        return {};
    auto done = hashBytes(database, call.row);
    return done ? chain.add(EvidenceKind::Call, call.row) : done;
}

Result<void> saveProgress(Database& database, std::optional<std::int64_t> row)
{
    auto save = database.statement("update_evidence_filled");
    return save ? (*save)->bind(":row", row).run() : Result<void>(save.error());
}

/// Chains some calls in one transaction; false = there are no more.
Result<bool> chainSome(Database& database, std::int64_t& filled)
{
    const auto calls = callsAfter(database, filled);
    if (!calls)
        return calls.error();
    if (auto begun = database.begin(); !begun)
        return begun.error();
    EvidenceChain links(database);
    for (const OldCall& call : *calls) {
        if (auto done = chain(database, links, call); !done)
            return done.error();
        filled = call.row;
    }
    const bool more = !calls->empty();
    auto done = saveProgress(database, more ? std::optional(filled) : std::nullopt);
    if (done)
        done = database.commit();
    return done ? Result<bool>(more) : done.error();
}
} // namespace

Result<void> fillEvidence(Database& database)
{
    auto get = database.statement("get_evidence_filled");
    const auto from = get ? (*get)->firstNumber() : Result<std::optional<std::int64_t>>(get.error());
    if (!from)
        return from.error();
    if (!*from)
        return {};
    std::int64_t filled = **from;
    while (true) {
        const auto more = chainSome(database, filled);
        if (!more) {
            database.rollback();
            return more.error();
        }
        if (!*more)
            break;
    }
    if (filled != 0)
        qCInfo(lcStore, "what was recorded before is in the chain of evidence now");
    return {};
}

} // namespace luthien::store
