// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/metrics.h"
#include "base/result.h"
#include "conversation/event_sink.h"
#include "proxy/config.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace luthien::proxy {

/// Makes the sink of one worker. Called on the thread that calls Proxy::start(), once for each worker, from 0; the sink
/// is then used and destroyed by that worker's thread only.
using SinkFactory = std::function<std::unique_ptr<conversation::EventSink>(int worker)>;

struct Listening
{
    std::uint16_t port = 0;
    std::vector<std::string> addresses; ///< "127.0.0.1", "::1"
};

struct ProxyStats
{
    std::size_t connections = 0; ///< open client connections
    std::size_t calls = 0;       ///< of these with a call under way
};

/// The data plane: takes agents' calls, passes them to their upstreams and the replies back, byte for byte, and tells a
/// sink what happened. Thread: made, used and destroyed by one thread; never blocks except in drain().
class Proxy
{
public:
    /// metrics must outlive the proxy.
    Proxy(ProxyConfig config, std::shared_ptr<const ProxySnapshot> snapshot, SinkFactory makeSink, Metrics& metrics);
    /// Aborts what drain() has not ended.
    ~Proxy();
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

    /// Listens and starts the workers. Errors: Conflict (the port is taken), InvalidArgument (host, CA file), Io.
    [[nodiscard]] Result<Listening> start();
    /// New calls see this snapshot; calls under way keep theirs. Returns at once; inForce is called, on some worker's
    /// thread, when the last worker has taken it over: not if there is none, or it ends before that.
    void apply(std::shared_ptr<const ProxySnapshot> snapshot, std::function<void()> inForce = {});

    /// Closes the port: who connects is refused by the system. Idle connections close now, the others after the call
    /// they carry. Returns at once; does nothing while it is paused.
    void pause();
    /// Listens again on the port it had. Does nothing unless it is paused. Errors: those of start(); it stays paused.
    [[nodiscard]] Result<void> resume();
    [[nodiscard]] bool isPaused() const;

    /// Stops accepting; idle connections close now, the others after the call they carry. Returns at once.
    void beginDrain();
    /// beginDrain(), then waits for the calls under way; those still there at the deadline are cut off. All threads
    /// have ended and all sinks are destroyed when it returns. True = nothing had to be cut off.
    bool drain(std::chrono::milliseconds deadline);

    [[nodiscard]] ProxyStats stats() const;

private:
    struct Running;
    [[nodiscard]] Result<Listening> listen(Running& running, std::uint16_t port);
    ProxyConfig m_config;
    std::shared_ptr<const ProxySnapshot> m_snapshot;
    SinkFactory m_makeSink;
    Metrics& m_metrics;
    std::unique_ptr<Running> m_running;
};

} // namespace luthien::proxy
