// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/metrics.h"
#include "base/thread.h"
#include "conversation/event_sink.h"
#include "proxy/config.h"
#include "proxy/tls.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace luthien::proxy {

/// How many client connections are open, over all workers. Thread: any.
class ConnectionCount
{
public:
    void add() noexcept { m_open.fetch_add(1, std::memory_order_relaxed); }
    void remove();
    [[nodiscard]] std::size_t value() const noexcept { return m_open.load(std::memory_order_relaxed); }
    /// Errors: false if some are still open at the deadline.
    [[nodiscard]] bool waitForNone(std::chrono::milliseconds deadline);

private:
    std::atomic<std::size_t> m_open{0};
    std::mutex m_mutex;
    std::condition_variable m_none;
};

/// The port and addresses that are ours, known once the listener is up. Thread: any.
struct OwnAddresses
{
    std::uint16_t port = 0;
    std::vector<std::string> addresses; ///< of this machine's interfaces
};

/// One thread that serves its connections with an asio loop of its own. Thread: made and stopped by the proxy's thread.
class Worker final : public Thread
{
public:
    struct Parts
    {
        const Clock& clock;
        std::unique_ptr<conversation::EventSink> sink;
        Metrics& metrics;
        ConnectionCount& connections;
        const ForwardProxy& forwardProxy;
        std::shared_ptr<const TlsContext> tls;
        std::shared_ptr<const ProxySnapshot> snapshot;
        OwnAddresses own;
    };
    explicit Worker(Parts parts);
    ~Worker() override;

    /// Serves a connected socket; owns the descriptor from now on. Thread: any.
    void adopt(qintptr descriptor);
    /// taken is called on the worker's thread when new calls go by the snapshot. Thread: any.
    void apply(std::shared_ptr<const ProxySnapshot> snapshot, std::function<void()> taken);
    /// Thread: any.
    void beginDrain();
    /// New connections are kept again; those that were told to end still do. Thread: any.
    void endDrain();
    /// Cuts off what is left and begins to end the thread; join() follows. Thread: any.
    void stop();
    [[nodiscard]] std::size_t calls() const noexcept { return m_calls.load(std::memory_order_relaxed); }

protected:
    /// When it is over the sink is destroyed.
    void work() override;

private:
    struct Loop;
    Parts m_parts;
    std::unique_ptr<Loop> m_loop;
    std::atomic<std::size_t> m_calls{0};
};

} // namespace luthien::proxy
