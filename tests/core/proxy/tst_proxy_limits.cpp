// SPDX-License-Identifier: Apache-2.0
#include "support/running_proxy.h"
#include "support/test_registry.h"

#include <QObject>
#include <QTcpServer>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::CallStatus;

namespace {
ScriptedReply json(std::string body)
{
    return {.headers = {{"Content-Type", "application/json"}}, .pieces = {std::move(body)}};
}
} // namespace

class TestProxyLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aBodyTooLargeIsRefusedAndTheAnswerArrives()
    {
        ScriptedUpstream upstream([](const auto&) { return json("{}"); });
        RunningProxy running(upstream.baseUrl(),
                             [](auto&, proxy::ProxySnapshot& snapshot) { snapshot.limits.requestBodyBytes = 100'000; });
        RawClient client(running.port);
        // All of it is sent although nobody reads it: the answer must survive that.
        client.send(running.request(std::string(1'000'000, 'x')));
        const auto reply = client.readReply();
        QCOMPARE(reply.status, 413);
        QCOMPARE(reply.header("x-should-retry"), std::string("false"));
        QVERIFY(client.isClosedByPeer());
        QVERIFY(upstream.requests().empty());
    }

    void aHeadTooLargeIsRefused()
    {
        RunningProxy running("http://127.0.0.1:1");
        RawClient client(running.port);
        client.send("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + std::string(40 * 1024, 'x'));
        QCOMPARE(client.readReply().status, 431);
    }

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

    void expectContinueIsAnswered()
    {
        ScriptedUpstream upstream([](const auto& request) { return json(request.body); });
        RunningProxy running(upstream.baseUrl());
        RawClient client(running.port);
        const std::string whole = running.request("{\"a\":1}", "/v1/messages", "Expect: 100-continue\r\n");
        client.send(whole.substr(0, whole.size() - 7));
        QCOMPARE(client.readReply().status, 100);
        client.send("{\"a\":1}");
        QCOMPARE(client.readReply().body, std::string("{\"a\":1}"));
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

LUTHIEN_TEST(tst_proxy_limits, TestProxyLimits)
#include "tst_proxy_limits.moc"
