// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/metrics.h"
#include "base/result.h"
#include "store/breaker.h"
#include "store/store_health.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

namespace luthien::store {

/// Of the database or its disk, not of what was to be written: trying again may help.
[[nodiscard]] bool isTrouble(const Error& error) noexcept;

/// How the writer gets on with the database, as others see it: the state, what the database said, and whether readers
/// are to leave it alone. Thread: any; what changes it is the writer's, and its watch's while the writer is silent.
class StoreCondition
{
public:
    enum class Server : std::uint8_t {
        None,   ///< SQLite: what troubles its writer, a lock or a full disk, does not trouble its readers
        Shared, ///< one in trouble is asked by nobody
    };
    /// metrics outlives it; may be null.
    StoreCondition(Server server, Metrics* metrics);

    [[nodiscard]] StoreState state() const noexcept { return m_state.load(std::memory_order_acquire); }
    /// What the database said last, while state() is not Ok.
    [[nodiscard]] std::string trouble() const;
    /// True while readers must not ask the server.
    [[nodiscard]] std::shared_ptr<const std::atomic<bool>> readersPause() const noexcept { return m_readersPause; }

    /// Logs a change. backlogBytes = recorded and not in the database.
    void set(StoreState state, std::uint64_t backlogBytes, std::string trouble);
    /// Counts what became of the breaker, and tells readers.
    void breakerMoved(Breaker::State before, Breaker::State after);
    /// Readers may ask, whatever became of the breaker.
    void letReadersAsk() noexcept { m_readersPause->store(false, std::memory_order_relaxed); }

private:
    const Server m_server;
    Metrics* const m_metrics;
    std::atomic<StoreState> m_state{StoreState::Ok};
    const std::shared_ptr<std::atomic<bool>> m_readersPause = std::make_shared<std::atomic<bool>>(false);
    mutable std::mutex m_mutex;
    std::string m_trouble;
};

} // namespace luthien::store
