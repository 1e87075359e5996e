// SPDX-License-Identifier: Apache-2.0
#include "proxy/worker.h"

#include "proxy/downstream_connection.h"

#include <boost/asio/executor_work_guard.hpp>

#include <algorithm>
#include <csignal>
#include <unistd.h>
#include <unordered_set>

namespace luthien::proxy {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {
constexpr std::size_t kReadBufferBytes = 64 * 1024;

/// OpenSSL writes without MSG_NOSIGNAL; a closed peer must be an error to this thread, not the end of the process.
void blockSigpipe()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}
} // namespace

void ConnectionCount::remove()
{
    if (m_open.fetch_sub(1, std::memory_order_acq_rel) != 1)
        return;
    const std::scoped_lock lock(m_mutex);
    m_none.notify_all();
}

bool ConnectionCount::waitForNone(std::chrono::milliseconds deadline)
{
    std::unique_lock lock(m_mutex);
    return m_none.wait_for(lock, deadline, [this] { return m_open.load(std::memory_order_acquire) == 0; });
}

struct Worker::Loop
{
    explicit Loop(Worker& owner);

    void adopt(qintptr descriptor);
    void closed(DownstreamConnection& connection);
    [[nodiscard]] bool isSelf(const tcp::endpoint& endpoint) const;
    void beginDrain();
    void stop();

    Worker& worker;
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    std::vector<char> readBuffer = std::vector<char>(kReadBufferBytes);
    std::shared_ptr<WorkerMailbox> mailbox = std::make_shared<WorkerMailbox>(io);
    WorkerContext context;
    UpstreamEnvironment upstreams;
    UpstreamPool pool{io};
    DownstreamEnvironment clients;
    std::unordered_set<std::shared_ptr<DownstreamConnection>> connections;
    bool draining = false;
};

Worker::Loop::Loop(Worker& owner)
    : worker(owner)
    , context{.clock = owner.m_parts.clock,
              .sink = *owner.m_parts.sink,
              .metrics = owner.m_parts.metrics,
              .forwardProxy = owner.m_parts.forwardProxy,
              .openCalls = owner.m_calls,
              .ownPort = owner.m_parts.own.port,
              .snapshot = owner.m_parts.snapshot}
    , upstreams{.io = io,
                .readBuffer = readBuffer,
                .tls = *owner.m_parts.tls,
                .forwardProxy = owner.m_parts.forwardProxy,
                .isSelf = [this](const tcp::endpoint& endpoint) { return isSelf(endpoint); }}
    , clients{.io = io,
              .readBuffer = readBuffer,
              .staging = {},
              .context = context,
              .upstreams = upstreams,
              .pool = pool,
              .mailbox = mailbox,
              .onClosed = [this](DownstreamConnection& connection) { closed(connection); }}
{
}

void Worker::Loop::adopt(qintptr descriptor)
{
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    const int native = static_cast<int>(descriptor);
    const bool known = getsockname(native, reinterpret_cast<sockaddr*>(&address), &length) == 0;
    tcp::socket socket(io);
    boost::system::error_code error;
    if (known)
        socket.assign(address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), native, error);
    if (!known || error) {
        ::close(native);
        worker.m_parts.connections.remove();
        return;
    }
    const auto connection = std::make_shared<DownstreamConnection>(clients, std::move(socket));
    connections.insert(connection);
    connection->start();
    if (draining)
        connection->beginDrain();
}

void Worker::Loop::closed(DownstreamConnection& connection)
{
    if (connections.erase(connection.shared_from_this()) == 1)
        worker.m_parts.connections.remove();
}

/// Loopback names many addresses, so every one of them counts as ours.
bool Worker::Loop::isSelf(const tcp::endpoint& endpoint) const
{
    const auto& guarded = context.snapshot->guardedPorts;
    if (endpoint.port() != context.ownPort && std::ranges::find(guarded, endpoint.port()) == guarded.end())
        return false;
    auto address = endpoint.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    if (address.is_loopback() || address.is_unspecified())
        return true;
    const auto& own = worker.m_parts.own.addresses;
    return std::ranges::find(own, address.to_string()) != own.end();
}

void Worker::Loop::beginDrain()
{
    draining = true;
    const std::vector<std::shared_ptr<DownstreamConnection>> all(connections.begin(), connections.end());
    for (const auto& connection : all)
        connection->beginDrain();
}

void Worker::Loop::stop()
{
    const std::vector<std::shared_ptr<DownstreamConnection>> all(connections.begin(), connections.end());
    for (const auto& connection : all)
        connection->abort();
    pool.closeAll();
    mailbox->shut();
    work.reset();
    io.stop();
}

Worker::Worker(Parts parts)
    : m_parts(std::move(parts))
    , m_loop(std::make_unique<Loop>(*this))
{
    setObjectName(QStringLiteral("proxy-worker"));
}

Worker::~Worker() = default;

void Worker::work()
{
    blockSigpipe();
    m_loop->io.run();
    m_loop.reset();
    m_parts.sink.reset();
}

void Worker::adopt(qintptr descriptor)
{
    m_loop->mailbox->post([loop = m_loop.get(), descriptor] { loop->adopt(descriptor); });
}

void Worker::apply(std::shared_ptr<const ProxySnapshot> snapshot, std::function<void()> taken)
{
    m_loop->mailbox->post([loop = m_loop.get(), snapshot = std::move(snapshot), taken = std::move(taken)] {
        loop->context.snapshot = snapshot;
        taken();
    });
}

void Worker::beginDrain()
{
    m_loop->mailbox->post([loop = m_loop.get()] { loop->beginDrain(); });
}

void Worker::endDrain()
{
    m_loop->mailbox->post([loop = m_loop.get()] { loop->draining = false; });
}

void Worker::stop()
{
    m_loop->mailbox->post([loop = m_loop.get()] { loop->stop(); });
}

} // namespace luthien::proxy
