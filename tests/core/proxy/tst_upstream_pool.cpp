// SPDX-License-Identifier: Apache-2.0
#include "proxy/upstream_pool.h"
#include "support/running_proxy.h"
#include "support/test_registry.h"
#include "upstream_world.h"

#include <QObject>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;

namespace {
ScriptedReply json(std::string body)
{
    return {.headers = {{"Content-Type", "application/json"}}, .pieces = {std::move(body)}};
}
} // namespace

class TestUpstreamPool : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void connectionsAreKeptOnBothSides()
    {
        ScriptedUpstream upstream([](const auto& request) { return json(request.body); });
        RunningProxy running(upstream.baseUrl());
        RawClient client(running.port);
        for (int i = 0; i < 5; ++i) {
            client.send(running.request(std::to_string(i)));
            QCOMPARE(client.readReply().body, std::to_string(i));
        }
        QCOMPARE(upstream.connections(), 1);
        QCOMPARE(running.metrics.value(Metric::UpstreamReused), std::uint64_t(4));
        QCOMPARE(running.metrics.value(Metric::ConnectionsAccepted), std::uint64_t(1));
    }

    void aConnectionNobodyUsesIsClosedInTheEnd()
    {
        UpstreamWorld world;
        UpstreamLog user;
        UpstreamLog other;
        const auto lasting = world.open(other);
        const auto connection = world.open(user);
        proxy::UpstreamPool pool(world.io);
        pool.put(connection, 0ms);
        pool.put(lasting, 1h);
        QCOMPARE(pool.size(), std::size_t(2));
        QVERIFY(world.turnUntil([&pool] { return pool.size() == 1; }));
        char byte = 0;
        QCOMPARE(::recv(world.peer(), &byte, 1, 0), ssize_t(0));
        QCOMPARE(pool.take(lasting->origin()), lasting);
        QCOMPARE(pool.take(lasting->origin()), nullptr);
        pool.closeAll();
        lasting->close();
    }

    void aConnectionThatDiedInThePoolIsReplaced()
    {
        // The upstream promises to keep the connection and closes it: the next call must not notice.
        ScriptedUpstream upstream([](const ScriptedRequest& request) {
            return ScriptedReply{.end = ScriptedReply::End::Cut,
                                 .raw = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + request.body};
        });
        RunningProxy running(upstream.baseUrl());
        RawClient client(running.port);
        for (int i = 0; i < 5; ++i) {
            client.send(running.request(std::to_string(i)));
            QCOMPARE(client.readReply().body, std::to_string(i));
        }
    }

    void anUnaskedReplyOnAPooledConnectionIsNeverUsed()
    {
        ScriptedUpstream upstream([](const ScriptedRequest& request) {
            ScriptedReply reply = json("good");
            if (request.connection == 0)
                reply.raw =
                    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngoodHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
            return reply;
        });
        RunningProxy running(upstream.baseUrl());
        RawClient client(running.port);
        for (int i = 0; i < 3; ++i) {
            client.send(running.request("{}"));
            QCOMPARE(client.readReply().body, std::string("good"));
        }
        QCOMPARE(upstream.connections(), 2);
    }
};

LUTHIEN_TEST(tst_upstream_pool, TestUpstreamPool)
#include "tst_upstream_pool.moc"
