// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/http_message.h"
#include "proxy/call.h"
#include "proxy/call_actions.h"
#include "proxy/config.h"
#include "proxy/tls.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace luthien::proxy {

/// Whoever a connection to an upstream works for.
class UpstreamUser
{
public:
    virtual ~UpstreamUser() = default;
    virtual void upstreamOpened(bool fromPool) = 0;
    virtual void upstreamFailed(const UpstreamFailure& failure) = 0;
    virtual void upstreamBytes(std::string_view bytes) = 0;
    /// Some of what had to wait has left: the upstream takes the request, slowly.
    virtual void upstreamTook() = 0;
    virtual void upstreamClosed(StreamEnd how) = 0;
};

/// What the connections of one worker share.
struct UpstreamEnvironment
{
    boost::asio::io_context& io;
    std::span<char> readBuffer; ///< one for the worker: a connection holds none of its own
    const TlsContext& tls;
    const ForwardProxy& forwardProxy;
    /// True for an address we listen on ourselves.
    std::function<bool(const boost::asio::ip::tcp::endpoint&)> isSelf;
};

/// One connection to an upstream, plain or TLS, direct or through a forward proxy. Thread: the worker.
class UpstreamConnection final : public std::enable_shared_from_this<UpstreamConnection>
{
public:
    UpstreamConnection(UpstreamEnvironment& environment, Origin origin);

    /// Resolves, connects and shakes hands; then tells the user. The user's deadline is the only one.
    void open(UpstreamUser& user);
    void write(std::string_view bytes);
    void setFlow(Flow flow);
    void close();

    /// Into the pool: from now on any byte or the end of the connection leads to onSpoiled.
    void park(std::function<void()> onSpoiled);
    /// Out of the pool. If the upstream closes or speaks before the user was told that it is open, it ends as closed.
    void takeUp(UpstreamUser& user);

    [[nodiscard]] const Origin& origin() const noexcept { return m_origin; }
    [[nodiscard]] bool hasUnsent() const noexcept { return m_sent < m_unsent.size(); }

private:
    enum class Stage : std::uint8_t { Resolving, Connecting, Tunnelling, Handshaking, Open, Parked, TakenUp, Closed };
    using Endpoints = boost::asio::ip::tcp::resolver::results_type;

    void resolved(const boost::system::error_code& error, Endpoints endpoints);
    void connectNext();
    void connected(const boost::system::error_code& error);
    void startTunnel();
    void readTunnel();
    void startTls();
    void continueHandshake();
    void opened();
    void fail(std::string code, std::string message);

    void waitReadable();
    void readable();
    void deliver();
    void waitWritable();
    void writable();
    void flush();
    [[nodiscard]] IoResult readSome(std::span<char> into);
    [[nodiscard]] IoResult writeSome(std::string_view bytes);

    UpstreamEnvironment& m_environment;
    Origin m_origin;
    const ForwardProxy::Hop* m_hop;
    boost::asio::ip::tcp::resolver m_resolver;
    boost::asio::ip::tcp::socket m_socket;
    Endpoints m_endpoints;
    Endpoints::const_iterator m_endpoint;
    std::optional<TlsSession> m_tls;
    std::unique_ptr<protocol::ResponseReader> m_tunnelReader;

    Stage m_stage = Stage::Resolving;
    UpstreamUser* m_user = nullptr;
    std::function<void()> m_onSpoiled;
    std::string m_unsent;
    std::size_t m_sent = 0; ///< of m_unsent
    bool m_paused = false;
    bool m_waitingToRead = false;
    bool m_waitingToWrite = false;
};

} // namespace luthien::proxy
