// SPDX-License-Identifier: Apache-2.0
#include "proxy/proxy.h"

#include "base/logging.h"
#include "proxy/listener.h"
#include "proxy/tls.h"
#include "proxy/worker.h"

#include <QNetworkInterface>

#include <algorithm>
#include <atomic>
#include <sys/resource.h>

namespace luthien::proxy {

namespace {
/// Descriptors kept for the store, the control port and the like.
constexpr rlim_t kReservedDescriptors = 512;

/// Raises the soft limit to the hard one and tells how many streams fit: two descriptors each.
std::size_t raiseDescriptorLimit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        limit.rlim_cur = before;
    if (limit.rlim_cur == RLIM_INFINITY)
        return std::numeric_limits<std::size_t>::max();
    return static_cast<std::size_t>(limit.rlim_cur > kReservedDescriptors ? (limit.rlim_cur - kReservedDescriptors) / 2
                                                                          : 16);
}

std::vector<std::string> interfaceAddresses()
{
    std::vector<std::string> addresses;
    for (QHostAddress address : QNetworkInterface::allAddresses()) {
        address.setScopeId({});
        addresses.push_back(address.toString().toStdString());
    }
    return addresses;
}
} // namespace

struct Proxy::Running
{
    SystemClock clock;
    ConnectionCount connections;
    std::size_t maxStreams = 0;
    std::vector<std::unique_ptr<Worker>> workers;
    std::unique_ptr<Listener> listener; ///< null while paused
    std::uint16_t port = 0;
    std::size_t next = 0; ///< listener's thread: the worker whose turn it is
};

Proxy::Proxy(ProxyConfig config, std::shared_ptr<const ProxySnapshot> snapshot, SinkFactory makeSink, Metrics& metrics)
    : m_config(std::move(config))
    , m_snapshot(std::move(snapshot))
    , m_makeSink(std::move(makeSink))
    , m_metrics(metrics)
{
}

Proxy::~Proxy()
{
    drain(std::chrono::milliseconds(0));
}

Result<Listening> Proxy::start()
{
    auto tls = TlsContext::make(m_config.caFile);
    if (!tls)
        return tls.error();
    auto running = std::make_unique<Running>();
    running->maxStreams = raiseDescriptorLimit();
    auto listening = listen(*running, m_config.port);
    if (!listening)
        return listening.error();
    const int count = m_config.workers > 0 ? m_config.workers : std::max(1, QThread::idealThreadCount());
    const OwnAddresses own{.port = listening->port, .addresses = interfaceAddresses()};
    for (int i = 0; i < count; ++i) {
        running->workers.push_back(std::make_unique<Worker>(Worker::Parts{.clock = running->clock,
                                                                          .sink = m_makeSink(i),
                                                                          .metrics = m_metrics,
                                                                          .connections = running->connections,
                                                                          .forwardProxy = m_config.forwardProxy,
                                                                          .tls = *tls,
                                                                          .snapshot = m_snapshot,
                                                                          .own = own}));
        running->workers.back()->start();
    }
    running->listener->setMaxConnections(std::min(m_snapshot->limits.streams, running->maxStreams));
    m_running = std::move(running);
    return *listening;
}

Result<Listening> Proxy::listen(Running& running, std::uint16_t port)
{
    auto listener = std::make_unique<Listener>(Listener::Parts{.host = m_config.host,
                                                               .port = port,
                                                               .metrics = m_metrics,
                                                               .connections = running.connections,
                                                               .onConnection = [state = &running](qintptr descriptor) {
                                                                   state->workers[state->next]->adopt(descriptor);
                                                                   state->next =
                                                                       (state->next + 1) % state->workers.size();
                                                               }});
    // Without a worker nobody is let in yet.
    if (!running.workers.empty())
        listener->setMaxConnections(std::min(m_snapshot->limits.streams, running.maxStreams));
    auto listening = listener->listen();
    if (!listening)
        return listening;
    running.listener = std::move(listener);
    running.port = listening->port;
    return listening;
}

void Proxy::pause()
{
    if (!m_running || isPaused())
        return;
    m_running->listener.reset();
    for (const auto& worker : m_running->workers)
        worker->beginDrain();
}

Result<void> Proxy::resume()
{
    if (!m_running || !isPaused())
        return {};
    // Before the port opens: a connection that a worker takes while it drains would be closed after its first call.
    for (const auto& worker : m_running->workers)
        worker->endDrain();
    if (auto listening = listen(*m_running, m_running->port); !listening)
        return listening.error();
    return {};
}

bool Proxy::isPaused() const
{
    return m_running && m_running->listener == nullptr;
}

void Proxy::apply(std::shared_ptr<const ProxySnapshot> snapshot, std::function<void()> inForce)
{
    m_snapshot = std::move(snapshot);
    if (!m_running)
        return;
    if (m_running->listener)
        m_running->listener->setMaxConnections(std::min(m_snapshot->limits.streams, m_running->maxStreams));
    const auto missing = std::make_shared<std::atomic<std::size_t>>(m_running->workers.size());
    const auto taken = [missing, inForce = std::move(inForce)] {
        if (missing->fetch_sub(1, std::memory_order_acq_rel) == 1 && inForce)
            inForce();
    };
    for (const auto& worker : m_running->workers)
        worker->apply(m_snapshot, taken);
}

void Proxy::beginDrain()
{
    if (!m_running)
        return;
    if (m_running->listener)
        m_running->listener->stop();
    for (const auto& worker : m_running->workers)
        worker->beginDrain();
}

bool Proxy::drain(std::chrono::milliseconds deadline)
{
    if (!m_running)
        return true;
    beginDrain();
    const bool clean = m_running->connections.waitForNone(deadline);
    for (const auto& worker : m_running->workers)
        worker->stop();
    for (const auto& worker : m_running->workers)
        worker->join();
    m_running.reset();
    return clean;
}

ProxyStats Proxy::stats() const
{
    ProxyStats stats;
    if (!m_running)
        return stats;
    stats.connections = m_running->connections.value();
    for (const auto& worker : m_running->workers)
        stats.calls += worker->calls();
    return stats;
}

} // namespace luthien::proxy
