// SPDX-License-Identifier: Apache-2.0
#include "support/running_proxy.h"
#include "support/test_registry.h"

#include <QFile>
#include <QObject>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;

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

class TestProxyTls : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_certificate = TestCertificate::make({"localhost", "upstream.test"}, {"127.0.0.1"});
        m_wrong = TestCertificate::make({"other.test"});
        m_caFile = write("ca.pem", m_certificate.certificatePem);
        m_wrongCaFile = write("wrong.pem", m_wrong.certificatePem);
    }

    void aTrustedUpstreamIsReachedAndItsConnectionKept_data()
    {
        QTest::addColumn<QString>("host");
        QTest::newRow("by name") << QStringLiteral("localhost");
        QTest::newRow("by address") << QStringLiteral("127.0.0.1");
    }
    void aTrustedUpstreamIsReachedAndItsConnectionKept()
    {
        QFETCH(QString, host);
        ScriptedUpstream upstream([](const auto& request) { return json(request.body); }, m_certificate);
        RunningProxy running(upstream.baseUrl(host.toStdString()), trusting(m_caFile));
        RawClient client(running.port);
        const std::string large(3 * 1024 * 1024, 'x');
        for (const std::string& body : {std::string("1"), large, std::string("3")}) {
            client.send(running.request(body));
            const auto reply = client.readReply();
            QVERIFY(reply.complete);
            QVERIFY(reply.body == body);
        }
        QCOMPARE(upstream.connections(), 1);
    }

    void aTlsStreamPassesAsItComes()
    {
        std::vector<std::string> pieces;
        std::string sent;
        for (int i = 0; i < 300; ++i)
            sent += pieces.emplace_back("data: {\"n\":" + std::to_string(i) + "}\n\n");
        ScriptedUpstream upstream(
            [&](const auto&) {
                return ScriptedReply{.headers = {{"Content-Type", "text/event-stream"}},
                                     .pieces = pieces,
                                     .framing = ScriptedReply::Framing::Chunked};
            },
            m_certificate);
        RunningProxy running(upstream.baseUrl("localhost"), trusting(m_caFile));
        RawClient client(running.port);
        client.send(running.request("{}", "/v1/chat/completions"));
        QCOMPARE(client.readReply().body, sent);
    }

    void aClientThatLeavesAbortsATlsUpstream()
    {
        ScriptedUpstream upstream(
            [](const auto&) {
                return ScriptedReply{.headers = {{"Content-Type", "text/event-stream"}},
                                     .pieces = {"data: 1\n\n"},
                                     .framing = ScriptedReply::Framing::Chunked,
                                     .end = ScriptedReply::End::Hang};
            },
            m_certificate);
        RunningProxy running(upstream.baseUrl("localhost"), trusting(m_caFile));
        RawClient client(running.port);
        client.send(running.request("{}", "/v1/chat/completions"));
        QVERIFY(client.readUntil("data: 1").find("data: 1") != std::string::npos);
        client.close();
        QVERIFY(upstream.waitForAbort(5s).has_value());
    }

    void anUpstreamThatCannotProveItsNameIsRefused_data()
    {
        QTest::addColumn<bool>("trusted");
        QTest::newRow("a trusted certificate for another name") << true;
        QTest::newRow("the right name, nobody vouches for it") << false;
    }
    void anUpstreamThatCannotProveItsNameIsRefused()
    {
        QFETCH(bool, trusted);
        ScriptedUpstream upstream([](const auto&) { return json("secret"); }, trusted ? m_wrong : m_certificate);
        RunningProxy running(upstream.baseUrl("localhost"), trusting(m_wrongCaFile));
        RawClient client(running.port);
        client.send(running.request("{}"));
        const auto reply = client.readReply();
        QCOMPARE(reply.status, 502);
        QVERIFY2(reply.body.find("certificate") != std::string::npos, reply.body.c_str());
        QVERIFY2(upstream.requests().empty(), "not a byte of the request may leave");
    }

    void httpsGoesThroughTheForwardProxysTunnel()
    {
        ScriptedUpstream upstream([](const auto& request) { return json(request.body); }, m_certificate);
        ConnectProxy hop(upstream.port());
        RunningProxy running("https://upstream.test:8443", [&](proxy::ProxyConfig& config, auto& snapshot) {
            trusting(m_caFile)(config, snapshot);
            config.forwardProxy.https = proxy::ForwardProxy::Hop{{false, "127.0.0.1", hop.port()}, "Basic eDp5"};
        });
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
        RunningProxy running("https://upstream.test", [&](proxy::ProxyConfig& config, auto& snapshot) {
            trusting(m_caFile)(config, snapshot);
            config.forwardProxy.https = proxy::ForwardProxy::Hop{{false, "127.0.0.1", hop.port()}, {}};
        });
        RawClient client(running.port);
        client.send(running.request("{}"));
        QCOMPARE(client.readReply().status, 502);
    }

    void anUnreadableCaFileIsSaidAtTheStart()
    {
        Metrics metrics;
        Recording recording;
        proxy::Proxy proxy(
            {.port = 0, .caFile = "/nonexistent.pem"}, std::make_shared<proxy::ProxySnapshot>(),
            [&](int) { return recording.makeSink(); }, metrics);
        const auto listening = proxy.start();
        QVERIFY(!listening.hasValue());
        QCOMPARE(listening.error().code, ErrorCode::InvalidArgument);
    }

private:
    static RunningProxy::Change trusting(const std::string& caFile)
    {
        return [caFile](proxy::ProxyConfig& config, proxy::ProxySnapshot&) { config.caFile = caFile; };
    }
    std::string write(const char* name, const std::string& pem)
    {
        QFile file(m_directory.filePath(QString::fromLatin1(name)));
        if (file.open(QIODevice::WriteOnly))
            file.write(QByteArray::fromStdString(pem));
        return file.fileName().toStdString();
    }

    QTemporaryDir m_directory;
    TestCertificate m_certificate;
    TestCertificate m_wrong;
    std::string m_caFile;
    std::string m_wrongCaFile;
};

LUTHIEN_TEST(tst_proxy_tls, TestProxyTls)
#include "tst_proxy_tls.moc"
