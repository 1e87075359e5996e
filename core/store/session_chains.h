// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "store/cursor.h"
#include "store/remembered.h"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace luthien::store {

class Database;
class Statement;

/// What of a call's conversation is new in its session.
struct Freshness
{
    std::size_t known = 0;         ///< so many leading messages an earlier call of the session carried
    std::vector<CallId> corrected; ///< later calls that were recorded before it, and now count more as known
};

/// Knows which conversations the recent calls of a session carried, so that a view can show each message once.
/// "Earlier" is by start, not by recording: calls of one session may reach us through several workers' journals.
/// Thread: the writer's, inside a transaction.
class SessionChains
{
public:
    explicit SessionChains(Database& database, const Remembered& remembered = {})
        : m_database(database)
        , m_most(remembered.meanings)
    {
    }

    /// Takes in a call and corrects the rows of later ones. call = its start and row; meanings = of the conversation
    /// up to each of its messages.
    [[nodiscard]] Result<Freshness> add(std::int64_t session, const Cursor& call,
                                        std::span<const std::int64_t> meanings);

    /// A call has lost its texts, and all before it: what only they carried is new in those that come next. Whoever
    /// remembers the session has to forget it.
    [[nodiscard]] Result<void> recountAfter(std::int64_t session, const Cursor& call);

    /// Its row is gone, and may come again for another session.
    void forget(std::int64_t session);
    void forgetAll();

private:
    using FirstCarriers = std::unordered_map<std::int64_t, Cursor>; ///< by meaning
    struct Head
    {
        Cursor call;
        std::int64_t node = 0;
        CallId id;
        std::int64_t messages = 0;
        std::int64_t freshFrom = 0;
    };

    [[nodiscard]] Result<FirstCarriers*> carriersOf(std::int64_t session);
    [[nodiscard]] Result<FirstCarriers> load(std::int64_t session);
    [[nodiscard]] Result<void> loadChain(const Head& head, FirstCarriers& carriers);
    /// The rows that list gives, without those that have no conversation.
    [[nodiscard]] static Result<std::vector<Head>> readHeads(Statement& list);
    [[nodiscard]] Result<void> setFreshFrom(const Head& head, std::int64_t known);
    [[nodiscard]] Result<std::vector<CallId>> correctLater(std::int64_t session, const Cursor& call,
                                                           const FirstCarriers& carriers);
    [[nodiscard]] Result<std::int64_t> countKnown(const Head& head, const FirstCarriers& carriers);

    Database& m_database;
    const std::size_t m_most;
    std::unordered_map<std::int64_t, FirstCarriers> m_sessions;
    std::size_t m_size = 0; ///< meanings in all sessions
};

} // namespace luthien::store
