// SPDX-License-Identifier: Apache-2.0
#include "store/session_chains.h"

#include "store/database.h"

#include <ranges>

namespace luthien::store {

namespace {
constexpr std::int64_t kRecentCalls = 16; // looked at when a session comes back after a restart
constexpr std::int64_t kNextCalls = 16;   // looked at when those before them lose their texts

bool carriesEarlier(const std::unordered_map<std::int64_t, Cursor>& carriers, std::int64_t meaning, const Cursor& call)
{
    const auto first = carriers.find(meaning);
    return first != carriers.end() && first->second < call;
}
} // namespace

Result<Freshness> SessionChains::add(std::int64_t session, const Cursor& call, std::span<const std::int64_t> meanings)
{
    const auto found = carriersOf(session);
    if (!found)
        return found.error();
    FirstCarriers& carriers = **found;
    Freshness freshness{meanings.size(), {}};
    while (freshness.known > 0 && !carriesEarlier(carriers, meanings[freshness.known - 1], call))
        --freshness.known;
    bool isLate = false;
    for (const std::int64_t meaning : meanings.subspan(freshness.known)) {
        const auto [first, isNew] = carriers.try_emplace(meaning, call);
        m_size += isNew ? 1 : 0;
        if (call < first->second) {
            first->second = call;
            isLate = true;
        }
    }
    if (isLate) {
        auto corrected = correctLater(session, call, carriers);
        if (!corrected)
            return corrected.error();
        freshness.corrected = std::move(*corrected);
    }
    return freshness;
}

Result<void> SessionChains::recountAfter(std::int64_t session, const Cursor& call)
{
    auto list = m_database.statement("list_next_heads");
    if (!list)
        return list.error();
    (*list)->bind(":session", session).bind(":micros", call.micros).bind(":row", call.row).bind(":limit", kNextCalls);
    const auto next = readHeads(**list);
    if (!next)
        return next.error();
    FirstCarriers carriers;
    for (const Head& head : *next) {
        const auto known = countKnown(head, carriers);
        if (!known)
            return known.error();
        auto done = *known < head.freshFrom ? setFreshFrom(head, *known) : Result<void>();
        if (done)
            done = loadChain(head, carriers);
        if (!done)
            return done;
    }
    return {};
}

void SessionChains::forget(std::int64_t session)
{
    const auto found = m_sessions.find(session);
    if (found == m_sessions.end())
        return;
    m_size -= found->second.size();
    m_sessions.erase(found);
}

void SessionChains::forgetAll()
{
    m_sessions.clear();
    m_size = 0;
}

Result<SessionChains::FirstCarriers*> SessionChains::carriersOf(std::int64_t session)
{
    if (m_size + m_sessions.size() > m_most) // some have no conversation
        forgetAll();
    if (const auto found = m_sessions.find(session); found != m_sessions.end())
        return &found->second;
    auto loaded = load(session);
    if (!loaded)
        return loaded.error();
    m_size += loaded->size();
    return &m_sessions.emplace(session, std::move(*loaded)).first->second;
}

Result<SessionChains::FirstCarriers> SessionChains::load(std::int64_t session)
{
    auto list = m_database.statement("list_recent_heads");
    if (!list)
        return list.error();
    std::vector<Head> heads;
    const auto listed = (*list)->bind(":session", session).bind(":limit", kRecentCalls).each([&](const Statement& row) {
        if (!row.isNull(2))
            heads.push_back({{row.number(1), row.number(0)}, row.number(2), {}});
    });
    if (!listed)
        return listed.error();
    FirstCarriers carriers;
    for (const Head& head : heads | std::views::reverse) { // the earliest first: it is the one to keep
        if (auto done = loadChain(head, carriers); !done)
            return done.error();
    }
    return carriers;
}

Result<void> SessionChains::loadChain(const Head& head, FirstCarriers& carriers)
{
    auto list = m_database.statement("list_chain_meanings");
    if (!list)
        return list.error();
    if (auto done = (*list)->bind(":head", head.node).exec(); !done)
        return done;
    // From the newest message back: once one is known, so are all before it.
    auto row = (*list)->next();
    while (row && *row && carriers.try_emplace((*list)->number(0), head.call).second)
        row = (*list)->next();
    (*list)->finish();
    return row ? Result<void>() : Result<void>(row.error());
}

Result<std::vector<SessionChains::Head>> SessionChains::readHeads(Statement& list)
{
    std::vector<Head> heads;
    const auto done = list.each([&](const Statement& row) {
        if (!row.isNull(2))
            heads.push_back({{row.number(1), row.number(0)}, row.number(2), row.id(3), row.number(4), row.number(5)});
    });
    return done ? Result<std::vector<Head>>(std::move(heads)) : done.error();
}

Result<void> SessionChains::setFreshFrom(const Head& head, std::int64_t known)
{
    auto update = m_database.statement("update_call_freshness");
    return update ? (*update)->bind(":fresh_from", known).bind(":call", head.call.row).post() : update.error();
}

Result<std::vector<CallId>> SessionChains::correctLater(std::int64_t session, const Cursor& call,
                                                        const FirstCarriers& carriers)
{
    auto list = m_database.statement("list_later_heads");
    if (!list)
        return list.error();
    (*list)->bind(":session", session).bind(":micros", call.micros).bind(":row", call.row);
    const auto later = readHeads(**list);
    if (!later)
        return later.error();
    std::vector<CallId> corrected;
    for (const Head& head : *later) {
        const auto known = countKnown(head, carriers);
        if (!known)
            return known.error();
        if (*known <= head.freshFrom)
            continue; // one more earlier call never makes it less; after a restart we do not know all of them
        if (auto done = setFreshFrom(head, *known); !done)
            return done.error();
        corrected.push_back(head.id);
    }
    return corrected;
}

Result<std::int64_t> SessionChains::countKnown(const Head& head, const FirstCarriers& carriers)
{
    auto list = m_database.statement("list_chain_meanings");
    if (!list)
        return list.error();
    if (auto done = (*list)->bind(":head", head.node).exec(); !done)
        return done.error();
    std::int64_t count = head.messages;
    auto row = (*list)->next();
    for (; row && *row && !carriesEarlier(carriers, (*list)->number(0), head.call); row = (*list)->next())
        --count;
    (*list)->finish();
    return row ? Result<std::int64_t>(count) : row.error();
}

} // namespace luthien::store
