// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_watch.h"

#include "base/logging.h"

#include <array>
#include <libpq-fe.h>
#include <sys/socket.h>
#include <system_error>
#include <utility>

namespace luthien::store {

using namespace std::chrono_literals;

namespace {
constexpr auto kLookEvery = 100ms;
constexpr auto kCancelWait = 2s;

struct FreeCancel
{
    void operator()(PGcancel* handle) const noexcept { PQfreeCancel(handle); }
};
} // namespace

/// Shared with the thread that asks the server, which a server that does not answer keeps for ever.
struct PostgresWatch::Cancellation
{
    std::unique_ptr<PGcancel, FreeCancel> handle;
    std::mutex mutex;
    std::condition_variable ended;
    bool isUnderWay = false;

    void ask() noexcept
    {
        std::array<char, 256> message{};
        PQcancel(handle.get(), message.data(), static_cast<int>(message.size()));
        const std::lock_guard lock(mutex);
        isUnderWay = false;
        ended.notify_all();
    }
    [[nodiscard]] bool waitForEnd() noexcept
    {
        std::unique_lock lock(mutex);
        return ended.wait_for(lock, kCancelWait, [this] { return !isUnderWay; });
    }
};

PostgresWatch::PostgresWatch(std::function<pg_conn*()> connection)
    : m_connection(std::move(connection))
    , m_cancellation(std::make_shared<Cancellation>())
{
    m_thread = std::thread([this] { look(); });
}

PostgresWatch::~PostgresWatch()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
        m_wake.notify_one();
    }
    m_thread.join();
}

void PostgresWatch::opened()
{
    m_cancellation->handle.reset(PQgetCancel(m_connection()));
}

void PostgresWatch::setLimit(std::chrono::milliseconds limit) noexcept
{
    const std::lock_guard lock(m_mutex);
    m_limit = limit;
}

void PostgresWatch::queryBegins() noexcept
{
    const std::lock_guard lock(m_mutex);
    m_isRunning = true;
    m_begun = std::chrono::steady_clock::now();
}

void PostgresWatch::queryEnds() noexcept
{
    {
        const std::lock_guard lock(m_mutex);
        m_isRunning = false;
    }
    if (m_cancellation->waitForEnd())
        return;
    const std::lock_guard lock(m_mutex);
    giveUp(); // else the request could hit a later query
}

bool PostgresWatch::hasGivenUp() const noexcept
{
    const std::lock_guard lock(m_mutex);
    return m_hasGivenUp;
}

void PostgresWatch::interrupt() noexcept
{
    const std::lock_guard lock(m_mutex);
    if (!m_isRunning)
        return;
    {
        const std::lock_guard cancelLock(m_cancellation->mutex);
        if (m_cancellation->isUnderWay)
            return;
        m_cancellation->isUnderWay = true;
    }
    try {
        std::thread([cancellation = m_cancellation] { cancellation->ask(); }).detach();
    } catch (const std::system_error&) { // no more threads: the query runs to its deadline
        const std::lock_guard cancelLock(m_cancellation->mutex);
        m_cancellation->isUnderWay = false;
    }
}

void PostgresWatch::look()
{
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, kLookEvery, [this] { return m_isEnding; })) {
        if (!m_isRunning)
            continue;
        const auto now = std::chrono::steady_clock::now();
        if (m_connection() == nullptr)
            m_begun = now; // making the connection has its own limit, and one that is refused is gone at once
        else if (m_limit > 0ms && now - m_begun > m_limit)
            giveUp();
    }
}

void PostgresWatch::giveUp() noexcept
{
    if (m_hasGivenUp)
        return;
    m_hasGivenUp = true;
    qCWarning(lcStore, "the database server does not answer; its connection is given up");
    ::shutdown(PQsocket(m_connection()), SHUT_RDWR); // whoever waits for it reads its end
}

} // namespace luthien::store
