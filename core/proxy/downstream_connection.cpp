// SPDX-License-Identifier: Apache-2.0
#include "proxy/downstream_connection.h"

#include "proxy/call_inference.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

namespace luthien::proxy {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {
/// A client that has fallen behind is told of again when less than this is unsent; see Call's low water.
constexpr std::size_t kDrained = 64 * 1024;
constexpr std::chrono::seconds kLinger{2};
/// Twice the usual bound of a request: who sends too much still reads why it was refused.
constexpr std::size_t kMaxDiscarded = 64 * 1024 * 1024;
} // namespace

void WorkerMailbox::post(std::function<void()> task)
{
    const std::scoped_lock lock(m_mutex);
    if (m_io)
        asio::post(*m_io, std::move(task));
}

void WorkerMailbox::shut()
{
    const std::scoped_lock lock(m_mutex);
    m_io = nullptr;
}

DownstreamConnection::DownstreamConnection(DownstreamEnvironment& environment, tcp::socket socket)
    : m_environment(environment)
    , m_socket(std::move(socket))
    , m_timer(environment.io)
    , m_upstream({environment.upstreams, environment.pool, environment.context}, *this)
    , m_handler(environment.context, *this)
{
}

template <typename Step>
void DownstreamConnection::run(Step step)
{
    const auto self = shared_from_this();
    step(m_handler);
    flush();
    leaveIfDone();
}

/// A connection whose socket is closed lives on as long as its handler has something open.
void DownstreamConnection::leaveIfDone()
{
    if (m_stage != Stage::Closed || m_hasLeft || m_handler.isWatching())
        return;
    m_hasLeft = true;
    m_timer.cancel();
    m_environment.onClosed(*this);
}

void DownstreamConnection::start()
{
    error_code ignored;
    m_socket.non_blocking(true, ignored);
    m_socket.set_option(tcp::no_delay(true), ignored);
    run([](CallHandler& handler) { handler.start(); });
    waitReadable();
}

void DownstreamConnection::beginDrain()
{
    if (m_stage == Stage::Open || m_handler.isWatching())
        run([](CallHandler& handler) { handler.beginDrain(); });
}

void DownstreamConnection::abort()
{
    if (m_hasLeft)
        return;
    run([](CallHandler& handler) {
        handler.clientClosed();
        handler.withdraw();
    });
}

void DownstreamConnection::writeToClient(std::string_view bytes)
{
    m_environment.staging += bytes;
}

std::size_t DownstreamConnection::unsentToClient() const
{
    return m_unsent.size() - m_sent + m_environment.staging.size();
}

/// Tries to send at once and keeps only what the socket does not take.
void DownstreamConnection::flush()
{
    std::string& staging = m_environment.staging;
    std::size_t taken = 0;
    if (m_stage == Stage::Closed) {
        staging.clear();
        return;
    }
    if (m_unsent.empty() && !staging.empty()) {
        error_code error;
        taken = m_socket.write_some(asio::buffer(staging), error);
        // A broken connection shows itself to the reader.
    }
    m_environment.context.metrics.add(Metric::BytesToClients, staging.size());
    m_unsent.append(staging, taken);
    staging.clear();
    if (staging.capacity() > 1024 * 1024)
        staging.shrink_to_fit();
    if (!m_unsent.empty())
        waitWritable();
    else if (m_stage == Stage::Closing)
        linger();
}

void DownstreamConnection::waitWritable()
{
    if (m_waitingToWrite)
        return;
    m_waitingToWrite = true;
    m_socket.async_wait(tcp::socket::wait_write, [self = shared_from_this()](const error_code&) {
        self->m_waitingToWrite = false;
        if (self->m_stage == Stage::Closed)
            return;
        error_code error;
        const std::string_view rest = std::string_view(self->m_unsent).substr(self->m_sent);
        self->m_sent += self->m_socket.write_some(asio::buffer(rest), error);
        if (error && error != asio::error::would_block && error != asio::error::try_again) {
            self->run([](CallHandler& handler) { handler.clientClosed(); });
            return;
        }
        if (self->m_sent == self->m_unsent.size()) {
            self->m_unsent = {};
            self->m_sent = 0;
        }
        if (self->m_unsent.size() - self->m_sent < kDrained)
            self->run([](CallHandler& handler) { handler.clientDrained(); });
        else
            self->waitWritable();
    });
}

void DownstreamConnection::waitReadable()
{
    if (m_waitingToRead || m_paused || m_stage == Stage::Closed)
        return;
    m_waitingToRead = true;
    m_socket.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const error_code&) {
        self->m_waitingToRead = false;
        self->readable();
    });
}

void DownstreamConnection::readable()
{
    if (m_stage == Stage::Closed || m_paused)
        return;
    if (m_stage != Stage::Open) {
        discard();
        return;
    }
    error_code error;
    const std::span<char> buffer = m_environment.readBuffer;
    const std::size_t count = m_socket.read_some(asio::buffer(buffer.data(), buffer.size()), error);
    if (!error)
        run([&](CallHandler& handler) { handler.clientBytes({buffer.data(), count}); });
    else if (error != asio::error::would_block && error != asio::error::try_again)
        run([](CallHandler& handler) { handler.clientClosed(); });
    waitReadable();
}

void DownstreamConnection::discard()
{
    error_code error;
    const std::span<char> buffer = m_environment.readBuffer;
    m_discarded += m_socket.read_some(asio::buffer(buffer.data(), buffer.size()), error);
    const bool waits = error == asio::error::would_block || error == asio::error::try_again;
    if ((error && !waits) || m_discarded > kMaxDiscarded)
        closeNow();
    else
        waitReadable();
}

void DownstreamConnection::setClientFlow(Flow flow)
{
    m_paused = flow == Flow::Pause;
    waitReadable();
}

void DownstreamConnection::closeClient(ClientClose how)
{
    if (m_stage == Stage::Closed)
        return;
    if (how == ClientClose::Now) {
        closeNow();
        return;
    }
    m_stage = Stage::Closing; // flush() goes on from here
    closeBy(m_environment.context.snapshot->limits.requestRead);
}

void DownstreamConnection::linger()
{
    m_stage = Stage::Lingering;
    error_code ignored;
    m_socket.shutdown(tcp::socket::shutdown_send, ignored);
    m_paused = false;
    waitReadable();
    closeBy(kLinger);
}

void DownstreamConnection::closeBy(std::chrono::milliseconds time)
{
    m_closeBy = m_environment.context.clock.steady() + time;
    wakeAt(m_closeBy);
}

void DownstreamConnection::closeNow()
{
    m_stage = Stage::Closed;
    closeUpstream(UpstreamClose::Abort);
    error_code ignored;
    m_socket.close(ignored);
    m_unsent = {};
    m_sent = 0;
    leaveIfDone();
}

void DownstreamConnection::upstreamOpened(bool fromPool)
{
    m_environment.context.metrics.add(fromPool ? Metric::UpstreamReused : Metric::UpstreamConnects);
    run([&](CallHandler& handler) { handler.upstreamOpened(fromPool); });
}

void DownstreamConnection::upstreamFailed(const UpstreamFailure& failure)
{
    run([&](CallHandler& handler) { handler.upstreamFailed(failure); });
}

void DownstreamConnection::upstreamBytes(std::string_view bytes)
{
    run([&](CallHandler& handler) { handler.upstreamBytes(bytes); });
}

void DownstreamConnection::upstreamTook()
{
    run([](CallHandler& handler) { handler.upstreamTook(); });
}

void DownstreamConnection::upstreamClosed(StreamEnd how)
{
    run([how](CallHandler& handler) { handler.upstreamClosed(how); });
}

/// One timer a connection, only ever moved forward: later deadlines are looked at when it fires.
void DownstreamConnection::wakeAt(SteadyPoint time)
{
    if (time >= m_wakeAt || m_hasLeft)
        return;
    m_wakeAt = time;
    armTimer();
}

void DownstreamConnection::armTimer()
{
    m_timer.expires_at(m_wakeAt);
    m_timer.async_wait([weak = weak_from_this()](const error_code& error) {
        if (const auto self = weak.lock(); self && !error)
            self->timedOut();
    });
}

void DownstreamConnection::timedOut()
{
    m_wakeAt = SteadyPoint::max();
    const bool isClosing = m_stage == Stage::Closing || m_stage == Stage::Lingering;
    if (isClosing && m_environment.context.clock.steady() >= m_closeBy)
        run([](CallHandler& handler) { handler.clientClosed(); });
    else if (isClosing)
        wakeAt(m_closeBy);
    run([](CallHandler& handler) { handler.tick(); });
}

std::unique_ptr<policy::Inference> DownstreamConnection::makeInference(const PreparedCall& call)
{
    return std::make_unique<CallInference>(m_environment, call);
}

policy::WakeFunction DownstreamConnection::makeWake(CallId call)
{
    return [mailbox = m_environment.mailbox, weak = weak_from_this(), call] {
        mailbox->post([weak, call] {
            if (const auto self = weak.lock())
                self->run([call](CallHandler& handler) { handler.resume(call); });
        });
    };
}

} // namespace luthien::proxy
