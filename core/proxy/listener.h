// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/metrics.h"
#include "base/result.h"
#include "base/thread.h"
#include "proxy/proxy.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <string>

namespace luthien::proxy {

class ConnectionCount;

/// Accepts connections on a thread of its own and hands their descriptors on. Thread: made, started and stopped by the
/// proxy's thread.
class Listener final : public Thread
{
public:
    struct Parts
    {
        std::string host;
        std::uint16_t port = 0;
        Metrics& metrics;
        ConnectionCount& connections; ///< counted up for each descriptor handed on
        /// Called on the listener's thread.
        std::function<void(qintptr descriptor)> onConnection;
    };
    explicit Listener(Parts parts);
    ~Listener() override;

    /// Starts the thread and tells what it listens on. Errors: Conflict, InvalidArgument, Io.
    [[nodiscard]] Result<Listening> listen();
    /// Beyond this many connections a client gets 503. Thread: any.
    void setMaxConnections(std::size_t count) noexcept { m_maxConnections.store(count, std::memory_order_release); }
    /// Closes the listening sockets and ends the thread.
    void stop();

protected:
    void work() override;

private:
    class Server;
    void accepted(qintptr descriptor);

    Parts m_parts;
    std::atomic<std::size_t> m_maxConnections{0};
    std::promise<Result<Listening>> m_started;
};

} // namespace luthien::proxy
