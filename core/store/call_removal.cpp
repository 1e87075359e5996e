// SPDX-License-Identifier: Apache-2.0
#include "store/call_removal.h"

#include "store/database.h"
#include "store/search_index.h"
#include "store/session_chains.h"
#include "store/session_sizes.h"

#include <algorithm>

namespace luthien::store {

namespace {
constexpr std::int64_t kCallsAtOnce = 20;
constexpr std::int64_t kBlocksAtOnce = 50;

CallRemovalState stateAfter(RemovalReason reason)
{
    return reason == RemovalReason::BodiesRetention ? CallRemovalState::TextsGoing : CallRemovalState::AllGoing;
}
} // namespace

Result<std::int64_t> CallRemoval::mark(RemovalReason reason, const std::vector<CallRef>& calls, SessionSizes& sizes)
{
    const auto gone = subjects(calls);
    auto update = m_database.statement("update_call_removal");
    auto sum = m_database.statement("sum_block_bytes");
    if (!gone || !update || !sum)
        return !gone ? gone.error() : update ? sum.error() : update.error();
    if (auto chained = m_evidence.addRemoval(reason, *gone); !chained)
        return chained.error();
    std::int64_t emptied = 0;
    for (const CallRef& call : calls) {
        const auto state = static_cast<std::int64_t>(stateAfter(reason));
        if (auto done = (*update)->bind(":removal", state).bind(":call", call.row).run(); !done)
            return done.error();
        const auto bytes = (*sum)->bind(":call", call.row).firstNumber();
        if (!bytes)
            return bytes.error();
        sizes.add(call.session, -bytes->value_or(0));
        if (reason != RemovalReason::MetadataRetention)
            continue;
        const auto isLast = leaveSession(call);
        if (!isLast)
            return isLast.error();
        emptied += *isLast ? 1 : 0;
    }
    return emptied;
}

Result<std::vector<RemovedSubject>> CallRemoval::subjects(const std::vector<CallRef>& calls)
{
    auto list = m_database.statement("list_decision_rows");
    if (!list)
        return list.error();
    std::vector<RemovedSubject> subjects;
    for (const CallRef& call : calls) {
        subjects.push_back({EvidenceKind::Call, call.row});
        const auto listed = (*list)->bind(":call", call.row).each([&](const Statement& row) {
            subjects.push_back({EvidenceKind::Decision, row.number(0)});
        });
        if (!listed)
            return listed.error();
    }
    return subjects;
}

Result<bool> CallRemoval::leaveSession(const CallRef& call)
{
    auto update = m_database.statement("update_session_without_call");
    auto mark = m_database.statement("mark_empty_session_removed");
    if (!update || !mark)
        return update ? mark.error() : update.error();
    if (auto done = (*update)->bind(":call", call.row).bind(":session", call.session).run(); !done)
        return done.error();
    const auto emptied = (*mark)->bind(":session", call.session).firstNumber();
    return emptied ? Result<bool>(emptied->has_value()) : emptied.error();
}

Result<std::vector<CallRemoval::Going>> CallRemoval::going()
{
    auto list = m_database.statement("list_going_calls");
    if (!list)
        return list.error();
    std::vector<Going> calls;
    const auto done = (*list)->bind(":limit", kCallsAtOnce + m_refused.count()).each([&](const Statement& row) {
        if (!m_refused.has(RefusedRemovals::Kind::Call, row.number(0)))
            calls.push_back({{row.number(0), row.number(1)},
                             row.id(2),
                             static_cast<CallRemovalState>(row.number(3)),
                             row.number(4)});
    });
    return done ? Result<std::vector<Going>>(std::move(calls)) : done.error();
}

Result<bool> CallRemoval::advance(SteadyPoint until, Forgotten& forgotten)
{
    const auto calls = going();
    if (!calls)
        return calls.error();
    std::map<std::int64_t, Cursor> firstBySession;
    for (const Going& call : *calls) {
        m_refused.isAbout(RefusedRemovals::Kind::Call, call.call.row);
        auto hasNoBlocks = removeBlocks(call, until);
        if (!hasNoBlocks)
            return hasNoBlocks;
        if (!*hasNoBlocks)
            break;
        if (auto done = removeRest(call); !done)
            return done.error();
        const Cursor place{call.startMicros, call.call.row};
        Cursor& first = firstBySession.try_emplace(call.call.session, place).first->second;
        first = std::min(first, place);
        if (std::chrono::steady_clock::now() >= until)
            break;
    }
    if (auto done = passOn(firstBySession, forgotten); !done)
        return done.error();
    return !calls->empty();
}

Result<void> CallRemoval::passOn(const std::map<std::int64_t, Cursor>& firstBySession, Forgotten& forgotten)
{
    SessionChains chains(m_database);
    for (const auto& [session, first] : firstBySession) {
        if (auto done = chains.recountAfter(session, first); !done)
            return done;
        forgotten.sessions.push_back(session);
    }
    return {};
}

Result<bool> CallRemoval::removeBlocks(const Going& going, SteadyPoint until)
{
    struct Block
    {
        std::int64_t seq = 0;
        std::int64_t start = 0;
    };
    auto list = m_database.statement("list_block_places");
    auto remove = m_database.statement("delete_block");
    if (!list || !remove)
        return list ? remove.error() : list.error();
    while (true) {
        std::vector<Block> blocks;
        const auto listed =
            (*list)->bind(":call", going.call.row).bind(":limit", kBlocksAtOnce).each([&](const Statement& row) {
                blocks.push_back({row.number(0), row.number(1)});
            });
        if (!listed)
            return listed.error();
        for (const Block& block : blocks) {
            (*remove)->bind(":call", going.call.row).bind(":seq", block.seq).bind(":start", block.start);
            if (auto done = (*remove)->run(); !done)
                return done.error();
            if (std::chrono::steady_clock::now() >= until)
                return false;
        }
        if (blocks.size() < kBlocksAtOnce)
            return true;
    }
}

Result<void> CallRemoval::removeRest(const Going& going)
{
    const std::int64_t row = going.call.row;
    auto done = m_remnants.addRequests(row);
    if (done)
        done = m_remnants.addTexts(row);
    if (done)
        done = run("delete_requests", row);
    for (const char* query : {"delete_rejected_records", "delete_rejected_call"}) {
        auto remove = m_database.statement(query);
        if (done)
            done = remove ? (*remove)->bindId(":uid", going.id).run() : remove.error();
    }
    if (done)
        done = m_search.forget(row);
    const bool stays = going.state == CallRemovalState::TextsGoing;
    if (done)
        done = run(stays ? "update_decisions_released" : "delete_decisions", row);
    return done ? run(stays ? "update_call_released" : "delete_call", row) : done;
}

Result<void> CallRemoval::run(const char* query, std::int64_t callRow)
{
    auto statement = m_database.statement(query);
    return statement ? (*statement)->bind(":call", callRow).run() : statement.error();
}

} // namespace luthien::store
