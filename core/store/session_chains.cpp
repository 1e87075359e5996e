// SPDX-License-Identifier: Apache-2.0
#include "store/session_chains.h"

#include "store/database.h"

#include <vector>

namespace luthien::store {

namespace {
constexpr std::size_t kMaxMeanings = 500'000; // in memory; about 20 MB
constexpr std::int64_t kRecentCalls = 16;     // looked at when a session comes back after a restart
} // namespace

Result<std::size_t> SessionChains::countKnown(std::int64_t session, std::span<const std::int64_t> meanings)
{
    if (m_size > kMaxMeanings) {
        m_sessions.clear();
        m_size = 0;
    }
    const auto [found, isNew] = m_sessions.try_emplace(session);
    Meanings& known = found->second;
    if (isNew) {
        if (auto done = load(session, known); !done)
            return done.error();
        m_size += known.size();
    }
    std::size_t count = meanings.size();
    while (count > 0 && !known.contains(meanings[count - 1]))
        --count;
    const std::size_t before = known.size();
    known.insert(meanings.begin() + static_cast<std::ptrdiff_t>(count), meanings.end());
    m_size += known.size() - before;
    return count;
}

Result<void> SessionChains::load(std::int64_t session, Meanings& meanings)
{
    auto list = m_database.statement("list_recent_heads");
    if (!list)
        return list.error();
    if (auto done = (*list)->bind(":session", session).bind(":limit", kRecentCalls).exec(); !done)
        return done;
    std::vector<std::int64_t> heads;
    for (auto row = (*list)->next(); row && *row; row = (*list)->next()) {
        if (!(*list)->isNull(0))
            heads.push_back((*list)->number(0));
    }
    (*list)->finish();
    for (const std::int64_t head : heads) {
        if (auto done = loadChain(head, meanings); !done)
            return done;
    }
    return {};
}

Result<void> SessionChains::loadChain(std::int64_t head, Meanings& meanings)
{
    auto list = m_database.statement("list_chain_meanings");
    if (!list)
        return list.error();
    if (auto done = (*list)->bind(":head", head).exec(); !done)
        return done;
    // From the newest message back: once one is known, so are all before it.
    auto row = (*list)->next();
    while (row && *row && meanings.insert((*list)->number(0)).second)
        row = (*list)->next();
    (*list)->finish();
    return row ? Result<void>() : Result<void>(row.error());
}

} // namespace luthien::store
