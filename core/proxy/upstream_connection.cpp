// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include <fcntl.h>

namespace luthien::proxy {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {
using Endpoints = tcp::resolver::results_type;

/// The addresses that need no lookup: numbers, and localhost, which is this machine whatever a resolver says.
/// Source: RFC 6761 section 6.3.
Endpoints withoutResolver(const Origin& origin)
{
    error_code isName;
    const auto address = asio::ip::make_address(origin.host, isName);
    if (!isName)
        return Endpoints::create(tcp::endpoint(address, origin.port), origin.host, {});
    if (!protocol::equalsIgnoringCase(origin.host, "localhost"))
        return {};
    const std::array both{tcp::endpoint(asio::ip::address_v4::loopback(), origin.port),
                          tcp::endpoint(asio::ip::address_v6::loopback(), origin.port)};
    return Endpoints::create(both.begin(), both.end(), origin.host, {});
}
} // namespace

UpstreamConnection::UpstreamConnection(UpstreamEnvironment& environment, Origin origin)
    : m_environment(environment)
    , m_origin(std::move(origin))
    , m_hop(environment.forwardProxy.hopFor(m_origin))
    , m_resolver(environment.io)
    , m_socket(environment.io)
{
}

void UpstreamConnection::open(UpstreamUser& user)
{
    m_user = &user;
    const Origin& first = m_hop ? m_hop->origin : m_origin;
    if (const auto known = withoutResolver(first); !known.empty()) {
        // Posted, so that the user is never called back from within open().
        asio::post(m_environment.io, [self = shared_from_this(), known] { self->resolved({}, known); });
        return;
    }
    m_resolver.async_resolve(first.host, std::to_string(first.port), tcp::resolver::numeric_service,
                             [self = shared_from_this()](const error_code& error, Endpoints endpoints) {
                                 self->resolved(error, std::move(endpoints));
                             });
}

void UpstreamConnection::resolved(const error_code& error, Endpoints endpoints)
{
    if (m_stage != Stage::Resolving)
        return;
    if (error) {
        fail("upstream_unreachable", "The upstream's name was not found.");
        return;
    }
    m_endpoints = std::move(endpoints);
    m_endpoint = m_endpoints.cbegin();
    m_stage = Stage::Connecting;
    connectNext();
}

/// One address after the other; the user's connect deadline bounds them all.
void UpstreamConnection::connectNext()
{
    if (m_endpoint == m_endpoints.cend()) {
        fail("upstream_unreachable", "The upstream refused the connection.");
        return;
    }
    const tcp::endpoint endpoint = m_endpoint->endpoint();
    ++m_endpoint;
    if (m_environment.isSelf(endpoint)) {
        fail("upstream_is_self", "The upstream is this proxy itself.");
        return;
    }
    error_code ignored;
    m_socket.close(ignored);
    m_socket.open(endpoint.protocol(), ignored);            // if that fails, so does async_connect()
    ::fcntl(m_socket.native_handle(), F_SETFD, FD_CLOEXEC); // agents we start must not hold our connections
    m_socket.async_connect(endpoint, [self = shared_from_this()](const error_code& error) { self->connected(error); });
}

void UpstreamConnection::connected(const error_code& error)
{
    if (m_stage != Stage::Connecting)
        return;
    if (error) {
        connectNext();
        return;
    }
    error_code ignored;
    m_socket.non_blocking(true, ignored);
    m_socket.set_option(tcp::no_delay(true), ignored);
    if (m_hop && m_origin.tls)
        startTunnel();
    else if (m_origin.tls)
        startTls();
    else
        opened();
}

void UpstreamConnection::startTunnel()
{
    m_stage = Stage::Tunnelling;
    const std::string target = m_origin.host.find(':') == std::string::npos ? m_origin.host : '[' + m_origin.host + ']';
    const std::string authority = target + ':' + std::to_string(m_origin.port);
    std::string request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
    if (!m_hop->authorization.empty())
        request += "Proxy-Authorization: " + m_hop->authorization + "\r\n";
    m_tunnelReader = std::make_unique<protocol::ResponseReader>(protocol::HttpLimits{});
    m_tunnelReader->start("HEAD"); // a 2xx to CONNECT has no body either: RFC 9110 section 9.3.6
    write(request + "\r\n");
    waitReadable();
}

void UpstreamConnection::readTunnel()
{
    // Byte by byte would be safe and slow; a peer that speaks before our ClientHello is refused instead.
    const IoResult result = readSome(m_environment.readBuffer);
    if (result.state == IoState::WantRead) {
        waitReadable();
        return;
    }
    if (result.state != IoState::Done) {
        fail("upstream_unreachable", "The forward proxy closed the connection.");
        return;
    }
    std::string_view bytes(m_environment.readBuffer.data(), result.bytes);
    auto step = m_tunnelReader->read(bytes);
    bytes.remove_prefix(step.consumed);
    if (step.state == protocol::ReadState::NeedMore) {
        waitReadable();
        return;
    }
    const bool accepted = step.state == protocol::ReadState::Head && m_tunnelReader->head().status / 100 == 2;
    if (!accepted || !bytes.empty()) {
        fail("upstream_unreachable", "The forward proxy refused the connection to the upstream.");
        return;
    }
    m_tunnelReader.reset();
    startTls();
}

void UpstreamConnection::startTls()
{
    m_stage = Stage::Handshaking;
    m_tls.emplace(m_environment.tls, m_socket.native_handle(), m_origin.host);
    continueHandshake();
}

void UpstreamConnection::continueHandshake()
{
    const IoResult result = m_tls->handshake();
    switch (result.state) {
    case IoState::Done:
        opened();
        break;
    case IoState::WantRead:
        waitReadable();
        break;
    case IoState::WantWrite:
        waitWritable();
        break;
    case IoState::Closed:
    case IoState::Failed:
        fail("upstream_tls", m_tls->failure());
        break;
    }
}

void UpstreamConnection::opened()
{
    m_stage = Stage::Open;
    m_user->upstreamOpened(false);
    if (m_stage == Stage::Open && !m_paused)
        waitReadable();
}

void UpstreamConnection::fail(std::string code, std::string message)
{
    UpstreamUser* user = m_user;
    close();
    if (user)
        user->upstreamFailed({.code = std::move(code), .message = std::move(message), .status = 502});
}

void UpstreamConnection::park(std::function<void()> onSpoiled)
{
    m_user = nullptr;
    m_stage = Stage::Parked;
    m_onSpoiled = std::move(onSpoiled);
    m_paused = false;
    m_unsent = {};
    m_sent = 0;
    waitReadable();
}

void UpstreamConnection::takeUp(UpstreamUser& user)
{
    m_user = &user;
    m_stage = Stage::TakenUp;
    m_onSpoiled = nullptr;
    // Posted: nothing calls back into a handler before it has returned.
    asio::post(m_environment.io, [self = shared_from_this()] {
        if (self->m_stage != Stage::TakenUp)
            return;
        self->m_stage = Stage::Open;
        self->m_user->upstreamOpened(true);
    });
}

void UpstreamConnection::close()
{
    m_stage = Stage::Closed;
    m_user = nullptr;
    m_onSpoiled = nullptr;
    m_resolver.cancel();
    error_code ignored;
    m_socket.close(ignored);
}

void UpstreamConnection::setFlow(Flow flow)
{
    m_paused = flow == Flow::Pause;
    if (m_paused || m_stage != Stage::Open)
        return;
    // Bytes that TLS has already taken off the socket would never make it readable.
    if (m_tls && m_tls->hasPending())
        asio::post(m_environment.io, [self = shared_from_this()] { self->readable(); });
    else
        waitReadable();
}

void UpstreamConnection::waitReadable()
{
    if (m_waitingToRead || m_stage == Stage::Closed)
        return;
    m_waitingToRead = true;
    m_socket.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const error_code&) {
        self->m_waitingToRead = false;
        self->readable();
    });
}

void UpstreamConnection::readable()
{
    switch (m_stage) {
    case Stage::Tunnelling:
        readTunnel();
        break;
    case Stage::Handshaking:
        continueHandshake();
        break;
    case Stage::Open:
        deliver();
        break;
    case Stage::Parked:
        // Whatever it is, it was not asked for: the next reply on this connection could not be trusted.
        if (const auto spoiled = std::move(m_onSpoiled))
            spoiled();
        break;
    case Stage::TakenUp: {
        // The same, noticed only now: the request has not left yet.
        UpstreamUser* user = m_user;
        close();
        user->upstreamClosed(StreamEnd::Broken);
        break;
    }
    default:
        break;
    }
}

void UpstreamConnection::deliver()
{
    while (m_stage == Stage::Open && !m_paused) {
        const IoResult result = readSome(m_environment.readBuffer);
        if (result.state == IoState::WantRead || result.state == IoState::WantWrite) {
            waitReadable();
            return;
        }
        if (result.state != IoState::Done) {
            m_user->upstreamClosed(result.state == IoState::Closed ? StreamEnd::Orderly : StreamEnd::Broken);
            return;
        }
        m_user->upstreamBytes({m_environment.readBuffer.data(), result.bytes});
        if (m_stage == Stage::Open && !m_paused && !(m_tls && m_tls->hasPending())) {
            waitReadable();
            return;
        }
    }
}

void UpstreamConnection::write(std::string_view bytes)
{
    m_unsent += bytes;
    flush();
}

void UpstreamConnection::flush()
{
    if (m_waitingToWrite)
        return;
    while (hasUnsent() && m_stage != Stage::Closed) {
        const IoResult result = writeSome(std::string_view(m_unsent).substr(m_sent));
        if (result.state == IoState::Done) {
            m_sent += result.bytes;
            continue;
        }
        // A broken connection shows itself to the reader, after what the upstream may still have said.
        if (result.state == IoState::WantWrite || result.state == IoState::WantRead)
            waitWritable();
        return;
    }
    m_unsent = {};
    m_sent = 0;
}

void UpstreamConnection::waitWritable()
{
    m_waitingToWrite = true;
    m_socket.async_wait(tcp::socket::wait_write, [self = shared_from_this()](const error_code&) {
        self->m_waitingToWrite = false;
        self->writable();
    });
}

void UpstreamConnection::writable()
{
    if (m_stage == Stage::Handshaking) {
        continueHandshake();
        return;
    }
    const std::size_t before = m_unsent.size() - m_sent;
    flush();
    if (m_stage == Stage::Open && m_unsent.size() - m_sent < before)
        m_user->upstreamTook();
}

IoResult UpstreamConnection::readSome(std::span<char> into)
{
    if (m_tls)
        return m_tls->read(into);
    error_code error;
    const std::size_t count = m_socket.read_some(asio::buffer(into.data(), into.size()), error);
    if (!error)
        return {IoState::Done, count};
    if (error == asio::error::would_block || error == asio::error::try_again)
        return {IoState::WantRead};
    return {error == asio::error::eof ? IoState::Closed : IoState::Failed};
}

IoResult UpstreamConnection::writeSome(std::string_view bytes)
{
    if (m_tls)
        return m_tls->write(bytes);
    error_code error;
    const std::size_t count = m_socket.write_some(asio::buffer(bytes.data(), bytes.size()), error);
    if (!error)
        return {IoState::Done, count};
    return {error == asio::error::would_block || error == asio::error::try_again ? IoState::WantWrite
                                                                                 : IoState::Failed};
}

} // namespace luthien::proxy
