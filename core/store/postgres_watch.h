// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

struct pg_conn; // libpq's PGconn

namespace luthien::store {

/// Looks after one connection to a PostgreSQL server from outside its thread, which is blocked while a query runs: a
/// server that is stopped or paused keeps its sockets open and lets it wait for ever, and no time limit of the server's
/// own helps then. Thread: that of the connection, except setLimit() and interrupt().
class PostgresWatch
{
public:
    /// connection gives the connection as soon as its server has let it in, null before; it and what it gives outlive
    /// this. Thread of connection: another, too.
    explicit PostgresWatch(std::function<pg_conn*()> connection);
    ~PostgresWatch();
    PostgresWatch(const PostgresWatch&) = delete;
    PostgresWatch& operator=(const PostgresWatch&) = delete;

    /// The connection can be used: from now on its queries can be interrupted.
    void opened();
    /// How long a query may go unanswered before its socket is shut down; 0 = for ever. Thread: any.
    void setLimit(std::chrono::milliseconds limit) noexcept;
    void queryBegins() noexcept;
    /// Waits for an interruption that is under way, so that it cannot hit the next query.
    void queryEnds() noexcept;
    /// True once the socket was shut down: nothing will be answered any more.
    [[nodiscard]] bool hasGivenUp() const noexcept;
    /// Asks the server to end the query that is running, if there is one. Never blocks. Thread: any.
    void interrupt() noexcept;

private:
    struct Cancellation;

    void look();
    void giveUp() noexcept;

    const std::function<pg_conn*()> m_connection;
    const std::shared_ptr<Cancellation> m_cancellation;
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::chrono::steady_clock::time_point m_begun;
    std::chrono::milliseconds m_limit{0};
    bool m_isRunning = false;
    bool m_hasGivenUp = false;
    bool m_isEnding = false;
    std::thread m_thread;
};

} // namespace luthien::store
