// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proxy/upstream_connection.h"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace luthien::test {

/// Writes down what a connection tells.
class UpstreamLog final : public proxy::UpstreamUser
{
public:
    void upstreamOpened(bool fromPool) override { said.emplace_back(fromPool ? "pooled" : "opened"); }
    void upstreamFailed(const proxy::UpstreamFailure& failure) override { said.push_back("failed " + failure.code); }
    void upstreamBytes(std::string_view bytes) override { said.push_back("bytes " + std::string(bytes)); }
    void upstreamTook() override { said.emplace_back("took"); }
    void upstreamClosed(proxy::StreamEnd how) override
    {
        said.emplace_back(how == proxy::StreamEnd::Orderly ? "closed" : "broken");
    }

    std::vector<std::string> said;
};

/// Connections of one worker without the worker, and a listening socket they lead to: the test turns the loop itself.
class UpstreamWorld
{
public:
    UpstreamWorld()
    {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), length);
        ::listen(m_listener, 8);
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length);
        m_port = ntohs(address.sin_port);
    }
    ~UpstreamWorld()
    {
        for (const int peer : m_peers)
            ::close(peer);
        ::close(m_listener);
    }
    UpstreamWorld(const UpstreamWorld&) = delete;
    UpstreamWorld& operator=(const UpstreamWorld&) = delete;

    /// A connection that the peer has accepted; user heard "opened".
    std::shared_ptr<proxy::UpstreamConnection> open(UpstreamLog& user)
    {
        auto connection =
            std::make_shared<proxy::UpstreamConnection>(environment, proxy::Origin{false, "127.0.0.1", m_port});
        connection->open(user);
        turnUntil([&user] { return !user.said.empty(); });
        m_peers.push_back(::accept(m_listener, nullptr, nullptr));
        return connection;
    }
    /// The other end of the connection opened last.
    [[nodiscard]] int peer() const { return m_peers.back(); }
    void closePeer()
    {
        ::close(m_peers.back());
        m_peers.pop_back();
    }

    /// Runs handlers until it holds; false if nothing happens for long.
    template <typename Condition>
    bool turnUntil(Condition holds)
    {
        while (!holds()) {
            io.restart();
            if (io.run_one_for(std::chrono::seconds(10)) == 0)
                return false;
        }
        return true;
    }

    boost::asio::io_context io{1};
    proxy::ForwardProxy forwardProxy;
    std::shared_ptr<const proxy::TlsContext> tls = proxy::TlsContext::make({}).value();
    std::array<char, 16 * 1024> buffer{};
    proxy::UpstreamEnvironment environment{
        .io = io, .readBuffer = buffer, .tls = *tls, .forwardProxy = forwardProxy, .isSelf = [](const auto&) {
            return false;
        }};

private:
    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::vector<int> m_peers;
};

} // namespace luthien::test
