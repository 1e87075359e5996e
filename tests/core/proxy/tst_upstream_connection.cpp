// SPDX-License-Identifier: Apache-2.0
#include "support/running_proxy.h"
#include "support/test_registry.h"
#include "upstream_world.h"

#include <QObject>
#include <QTcpServer>
#include <QTemporaryFile>

#include <algorithm>
#include <arpa/inet.h>
#include <fcntl.h>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::CallStatus;

namespace {
ScriptedReply json(std::string body)
{
    return {.headers = {{"Content-Type", "application/json"}}, .pieces = {std::move(body)}};
}

/// A forward proxy that takes one CONNECT, leads it to 127.0.0.1 whatever name it asks for, and remembers the request.
class ConnectProxy
{
public:
    explicit ConnectProxy(std::uint16_t target, std::string answer = "HTTP/1.1 200 Connection established\r\n\r\n")
        : m_target(target)
        , m_answer(std::move(answer))
    {
        m_listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address = loopback(0);
        socklen_t length = sizeof address;
        ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), length);
        ::listen(m_listener, 8);
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length);
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { serve(); });
    }
    ~ConnectProxy()
    {
        ::shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        ::close(m_listener);
    }
    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] std::string request() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_request;
    }

private:
    static sockaddr_in loopback(std::uint16_t port)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return address;
    }
    void serve()
    {
        const int client = ::accept(m_listener, nullptr, nullptr);
        if (client < 0)
            return;
        std::string head;
        char buffer[16 * 1024];
        while (head.find("\r\n\r\n") == std::string::npos) {
            const auto count = ::recv(client, buffer, sizeof buffer, 0);
            if (count <= 0)
                break;
            head.append(buffer, static_cast<std::size_t>(count));
        }
        {
            const std::scoped_lock lock(m_mutex);
            m_request = head;
        }
        ::send(client, m_answer.data(), m_answer.size(), MSG_NOSIGNAL);
        const int target = ::socket(AF_INET, SOCK_STREAM, 0);
        const sockaddr_in address = loopback(m_target);
        if (::connect(target, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
            splice(client, target);
        ::close(target);
        ::close(client);
    }
    static void splice(int a, int b)
    {
        char buffer[16 * 1024];
        for (;;) {
            pollfd both[2] = {{a, POLLIN, 0}, {b, POLLIN, 0}};
            ::poll(both, 2, -1);
            for (int i = 0; i < 2; ++i) {
                if (both[i].revents == 0)
                    continue;
                const auto count = ::recv(both[i].fd, buffer, sizeof buffer, 0);
                if (count <= 0)
                    return;
                ::send(both[1 - i].fd, buffer, static_cast<std::size_t>(count), MSG_NOSIGNAL);
            }
        }
    }

    std::uint16_t m_target;
    std::string m_answer;
    int m_listener = -1;
    std::uint16_t m_port = 0;
    mutable std::mutex m_mutex;
    std::string m_request;
    std::thread m_thread;
};
} // namespace

class TestUpstreamConnection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aRequestThatLeavesInPiecesIsHeardOf()
    {
        UpstreamWorld world;
        UpstreamLog user;
        const auto connection = world.open(user);
        const std::string request(32 * 1024 * 1024, 'x'); // more than any socket buffer
        connection->write(request);
        QVERIFY(connection->hasUnsent());
        std::thread reader([peer = world.peer(), left = request.size()]() mutable {
            std::vector<char> buffer(256 * 1024);
            while (left > 0) {
                const auto count = ::recv(peer, buffer.data(), buffer.size(), 0);
                if (count <= 0)
                    return;
                left -= static_cast<std::size_t>(count);
            }
        });
        const bool isSent = world.turnUntil([&] { return !connection->hasUnsent(); });
        reader.join();
        QVERIFY(isSent);
        QVERIFY(std::ranges::count(user.said, "took") > 0);
        connection->close();
    }

    void aConnectionTakenFromThePoolMayHaveEndedMeanwhile_data()
    {
        QTest::addColumn<QByteArray>("spoken");
        QTest::newRow("closed") << QByteArray();
        QTest::newRow("an unasked reply") << QByteArray("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    }
    void aConnectionTakenFromThePoolMayHaveEndedMeanwhile()
    {
        QFETCH(QByteArray, spoken);
        UpstreamWorld world;
        UpstreamLog first;
        const auto connection = world.open(first);
        connection->park([] {});
        // One turn of the loop learns of both: that a request takes the connection up, and what the peer did.
        UpstreamLog second;
        UpstreamLog other;
        const int peer = world.peer();
        const auto trigger = world.open(other);
        trigger->park([&] { connection->takeUp(second); });
        ::send(world.peer(), "!", 1, MSG_NOSIGNAL);
        ::send(peer, spoken.constData(), static_cast<std::size_t>(spoken.size()), MSG_NOSIGNAL);
        ::shutdown(peer, SHUT_RDWR);
        QVERIFY(world.turnUntil([&second] { return !second.said.empty(); }));
        QCOMPARE(second.said, std::vector<std::string>{"broken"});
        connection->close();
        trigger->close();
    }

    void aResetIsToldFromAClose_data()
    {
        QTest::addColumn<bool>("reset");
        QTest::newRow("close") << false;
        QTest::newRow("reset") << true;
    }
    void aResetIsToldFromAClose()
    {
        QFETCH(bool, reset);
        UpstreamWorld world;
        UpstreamLog user;
        const auto connection = world.open(user);
        const linger atOnce{.l_onoff = reset ? 1 : 0, .l_linger = 0};
        ::setsockopt(world.peer(), SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
        world.closePeer();
        QVERIFY(world.turnUntil([&user] { return user.said.size() > 1; }));
        QCOMPARE(user.said, (std::vector<std::string>{"opened", reset ? "broken" : "closed"}));
        connection->close();
    }

    void programsWeStartDoNotInheritConnections()
    {
        UpstreamWorld world;
        UpstreamLog user;
        const auto connection = world.open(user);
        sockaddr_in peer{};
        socklen_t length = sizeof peer;
        ::getpeername(world.peer(), reinterpret_cast<sockaddr*>(&peer), &length);
        int found = 0;
        for (int descriptor = 3; descriptor < 1024; ++descriptor) {
            sockaddr_in own{};
            length = sizeof own;
            if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &length) != 0 ||
                own.sin_family != AF_INET || own.sin_port != peer.sin_port)
                continue;
            ++found;
            QVERIFY((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
        }
        QCOMPARE(found, 1);
        connection->close();
    }

    void anUnreachableUpstreamIsAnErrorInTheClientsForm()
    {
        QTcpServer reserved; // a port that is free for sure, and refuses once this is closed
        QVERIFY(reserved.listen(QHostAddress::LocalHost));
        const auto port = reserved.serverPort();
        reserved.close();
        RunningProxy running("http://127.0.0.1:" + std::to_string(port));
        RawClient client(running.port);
        client.send(running.request("{}"));
        const auto reply = client.readReply();
        QCOMPARE(reply.status, 502);
        QVERIFY(reply.body.starts_with(R"({"type":"error")"));
        QVERIFY(running.recording.waitForEnded(1));
        const RecordedCall call = running.recording.calls().at(0);
        QCOMPARE(reply.header("x-luthien-call-id"), call.id.toString());
        QCOMPARE(call.ended->status, CallStatus::Failed);
        QVERIFY(!call.error.empty());
        client.send(running.request("{}"));
        QCOMPARE(client.readReply().status, 502);
    }

    void aSilentUpstreamIsGivenUp()
    {
        ScriptedUpstream upstream(
            [](const auto&) { return ScriptedReply{.end = ScriptedReply::End::Hang, .raw = "HTTP/1.1 200"}; });
        RunningProxy running(upstream.baseUrl(),
                             [](auto&, proxy::ProxySnapshot& snapshot) { snapshot.limits.idle = 50ms; });
        RawClient client(running.port);
        client.send(running.request("{}"));
        QCOMPARE(client.readReply().status, 504);
        QVERIFY(upstream.waitForAbort(5s).has_value());
    }

    void theProxyNeverCallsItself_data()
    {
        QTest::addColumn<QString>("host");
        for (const char* host :
             {"127.0.0.1", "localhost", "127.0.0.9", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::]"})
            QTest::newRow(host) << QString::fromLatin1(host);
    }
    void theProxyNeverCallsItself()
    {
        QFETCH(QString, host);
        RunningProxy running("http://127.0.0.1:1");
        auto looped = std::make_shared<proxy::ProxySnapshot>(*running.snapshot);
        const std::string url = "http://" + host.toStdString() + ':' + std::to_string(running.port);
        looped->upstreams[0].baseUrl = proxy::parseBaseUrl(url).value();
        running.proxy->apply(looped);
        RawClient client(running.port);
        client.send(running.request("{}"));
        const auto reply = client.readReply();
        QCOMPARE(reply.status, 502);
        QVERIFY2(reply.body.find("this proxy itself") != std::string::npos, reply.body.c_str());
        QCOMPARE(running.metrics.value(Metric::CallsStarted), std::uint64_t(1));
    }

    void theControlPortIsGuardedToo()
    {
        QTcpServer control;
        QVERIFY(control.listen(QHostAddress::LocalHost));
        RunningProxy running(
            "http://127.0.0.1:" + std::to_string(control.serverPort()),
            [&](auto&, proxy::ProxySnapshot& snapshot) { snapshot.guardedPorts = {control.serverPort()}; });
        RawClient client(running.port);
        client.send(running.request("{}"));
        QCOMPARE(client.readReply().status, 502);
    }

    void httpsGoesThroughTheForwardProxysTunnel()
    {
        const TestCertificate certificate = TestCertificate::make({"upstream.test"});
        QTemporaryFile file;
        QVERIFY(file.open() && file.write(QByteArray::fromStdString(certificate.certificatePem)) > 0 && file.flush());
        ScriptedUpstream upstream([](const auto& request) { return json(request.body); }, certificate);
        ConnectProxy hop(upstream.port());
        RunningProxy running("https://upstream.test:8443",
                             behind(hop.port(), "Basic eDp5", file.fileName().toStdString()));
        RawClient client(running.port);
        for (const char* body : {"first", "second"}) {
            client.send(running.request(body));
            QCOMPARE(client.readReply().body, std::string(body));
        }
        QCOMPARE(hop.request(), std::string("CONNECT upstream.test:8443 HTTP/1.1\r\nHost: upstream.test:8443\r\n"
                                            "Proxy-Authorization: Basic eDp5\r\n\r\n"));
        QCOMPARE(upstream.requests().at(0).header("host"), std::string("upstream.test:8443"));
        QVERIFY(upstream.requests().at(0).header("proxy-authorization").empty());
        client.close();
    }

    void aTunnelThatIsRefusedIsAnError()
    {
        ConnectProxy hop(1, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
        RunningProxy running("https://upstream.test", behind(hop.port(), {}));
        RawClient client(running.port);
        client.send(running.request("{}"));
        QCOMPARE(client.readReply().status, 502);
    }

private:
    static RunningProxy::Change behind(std::uint16_t port, const std::string& authorization,
                                       const std::string& caFile = {})
    {
        return [=](proxy::ProxyConfig& config, proxy::ProxySnapshot&) {
            config.caFile = caFile;
            config.forwardProxy.https = proxy::ForwardProxy::Hop{{false, "127.0.0.1", port}, authorization};
        };
    }
};

LUTHIEN_TEST(tst_upstream_connection, TestUpstreamConnection)
#include "tst_upstream_connection.moc"
