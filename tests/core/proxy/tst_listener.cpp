// SPDX-License-Identifier: Apache-2.0
#include "support/descriptor_shortage.h"
#include "support/running_proxy.h"
#include "support/test_registry.h"

#include <QObject>
#include <QTcpServer>
#include <QTcpSocket>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;

namespace {
ScriptedReply json(std::string body)
{
    return {.headers = {{"Content-Type", "application/json"}}, .pieces = {std::move(body)}};
}
} // namespace

class TestListener : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tooManyConnectionsGet503()
    {
        ScriptedUpstream upstream([](const auto&) { return json("{}"); });
        RunningProxy running(upstream.baseUrl(),
                             [](auto&, proxy::ProxySnapshot& snapshot) { snapshot.limits.streams = 2; });
        RawClient first(running.port);
        first.send(running.request("{}"));
        QCOMPARE(first.readReply().status, 200);
        RawClient second(running.port);
        second.send(running.request("{}"));
        QCOMPARE(second.readReply().status, 200);
        RawClient third(running.port);
        QCOMPARE(third.readReply().status, 503);
        QVERIFY(third.isClosedByPeer());
        QCOMPARE(running.metrics.value(Metric::ConnectionsRefused), std::uint64_t(1));
        first.close();
        QTRY_COMPARE(running.proxy->stats().connections, std::size_t(1));
        RawClient fourth(running.port);
        fourth.send(running.request("{}"));
        QCOMPARE(fourth.readReply().status, 200);
    }

    void acceptingGoesOnAfterAShortageOfDescriptors()
    {
        RunningProxy running("http://127.0.0.1:1");
        const std::string request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(running.port) + "\r\n\r\n";
        RawClient earlier(running.port); // a thread that is still starting would need descriptors of its own
        earlier.send(request);
        QCOMPARE(earlier.readReply().status, 200);
        QTcpSocket client;
        QVERIFY(client.bind(QHostAddress::LocalHost)); // has its descriptor already
        {
            const DescriptorShortage shortage;
            client.connectToHost(QHostAddress::LocalHost, running.port);
            QTRY_COMPARE(client.state(), QAbstractSocket::ConnectedState);
            earlier.send(request); // who is in is served all the same
            QCOMPARE(earlier.readReply().status, 200);
        }
        client.write(QByteArray::fromStdString(request));
        QTRY_VERIFY(client.bytesAvailable() > 0);
        QVERIFY(client.readAll().startsWith("HTTP/1.1 200 "));
    }

    void aTakenPortIsSaid()
    {
        QTcpServer holder;
        QVERIFY(holder.listen(QHostAddress::LocalHost));
        Metrics metrics;
        Recording recording;
        proxy::Proxy proxy(
            {.port = holder.serverPort()}, std::make_shared<proxy::ProxySnapshot>(),
            [&](int) { return recording.makeSink(); }, metrics);
        const auto listening = proxy.start();
        QVERIFY(!listening.hasValue());
        QCOMPARE(listening.error().code, ErrorCode::Conflict);
    }

    void bothLoopbacksAreListenedOn()
    {
        Metrics metrics;
        Recording recording;
        proxy::Proxy proxy(
            {.host = "localhost", .port = 0}, std::make_shared<proxy::ProxySnapshot>(),
            [&](int) { return recording.makeSink(); }, metrics);
        const auto listening = proxy.start();
        QVERIFY(listening.hasValue());
        QCOMPARE(listening->addresses.front(), std::string("127.0.0.1"));
        QTcpServer probe;
        if (probe.listen(QHostAddress::LocalHostIPv6)) // a machine may have no IPv6
            QCOMPARE(listening->addresses, (std::vector<std::string>{"127.0.0.1", "::1"}));
    }
};

LUTHIEN_TEST(tst_listener, TestListener)
#include "tst_listener.moc"
