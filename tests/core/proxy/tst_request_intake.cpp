// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "proxy/request_intake.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace luthien::proxy;
using namespace luthien::test;

namespace {
/// gzip of {"model":"packed","messages":[]}, made with Python's gzip.
QByteArray gzipped()
{
    return QByteArray::fromHex("1f8b08000000000002ffab56cacd4f49cd51b2522a484cce4e4d51d251ca4d2d2e4e4c"
                               "4f2d56b28a8ead0500278a02b120000000");
}

/// What a proxy with one upstream makes of a POST to /v1/messages with these fields.
std::string headSent(const std::vector<protocol::Field>& fields, const std::function<void(ProxySnapshot&)>& change = {})
{
    HandlerWorld world;
    if (change)
        world.configure(change);
    std::string wire = "POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:4000\r\n";
    for (const protocol::Field& field : fields)
        wire += field.name + ": " + field.value + "\r\n";
    world.handler->clientBytes(wire + "Content-Length: 2\r\n\r\n{}");
    world.handler->upstreamOpened(false);
    return world.toUpstream;
}
} // namespace

class TestRequestIntake : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyCodingsWeReadAreOffered_data()
    {
        QTest::addColumn<QString>("offered");
        QTest::addColumn<QString>("passed");
        const auto row = [](const char* name, const char* offered, const char* passed) {
            QTest::newRow(name) << QString::fromLatin1(offered) << QString::fromLatin1(passed);
        };
        row("as browsers say it", "gzip, deflate, br, zstd", "gzip, deflate, zstd");
        row("weights stay", "gzip;q=0.5,br;q=1", "gzip;q=0.5");
        row("only br", "br", "identity");
        row("anything", "*", "identity");
        row("nothing", "", "identity");
        row("identity", "identity", "identity");
        row("stray commas", ",, gzip ,", "gzip");
    }
    void onlyCodingsWeReadAreOffered()
    {
        QFETCH(QString, offered);
        QFETCH(QString, passed);
        QCOMPARE(QString::fromStdString(acceptableCodings(offered.toStdString())), passed);
    }

    void headersChangeByAClosedListOnly()
    {
        const std::string sent = headSent({{"User-Agent", "claude-cli/2.1"},
                                           {"X-Odd_Name", "kept  as is"},
                                           {"Connection", "keep-alive, X-Hop"},
                                           {"X-Hop", "1"},
                                           {"Keep-Alive", "timeout=5"},
                                           {"Proxy-Connection", "keep-alive"},
                                           {"TE", "trailers"},
                                           {"anthropic-beta", "a"},
                                           {"anthropic-beta", "b"},
                                           {"Cookie", "c=1"}});
        QCOMPARE(sent,
                 std::string("POST /v1/messages HTTP/1.1\r\nHost: up.test\r\nUser-Agent: claude-cli/2.1\r\n"
                             "X-Odd_Name: kept  as is\r\nanthropic-beta: a\r\nanthropic-beta: b\r\nCookie: c=1\r\n"
                             "Content-Length: 2\r\n\r\n{}"));
    }

    void ourTokenNeverGoesUpstream()
    {
        const std::string sent = headSent({{"x-luthien-token", "lth-1"}, {"Authorization", "Bearer lth-1"}},
                                          [](ProxySnapshot& snapshot) { snapshot.clients.tokens = {"lth-1"}; });
        QVERIFY(sent.find("lth-1") == std::string::npos);
    }

    void geminisKeyInTheQueryIsReplacedByTheConfiguredOne()
    {
        HandlerWorld world;
        world.configure([](ProxySnapshot& snapshot) {
            snapshot.upstreams.push_back(snapshot.upstreams[0]);
            snapshot.upstreams.back().name = "gemini";
            snapshot.upstreams.back().api = ApiFamily::Gemini;
            snapshot.upstreams.back().credential = "ours";
        });
        world.handler->clientBytes("POST /v1beta/models/g:streamGenerateContent?key=theirs&alt=sse HTTP/1.1\r\n"
                                   "Host: 127.0.0.1:4000\r\nContent-Length: 2\r\n\r\n{}");
        world.handler->upstreamOpened(false);
        QVERIFY(world.toUpstream.starts_with("POST /v1beta/models/g:streamGenerateContent?alt=sse HTTP/1.1\r\n"));
        QCOMPARE(headerIn(world.toUpstream, "x-goog-api-key"), std::string("ours"));
        QVERIFY(world.toUpstream.find("theirs") == std::string::npos);
        QVERIFY(world.call().path.find("theirs") == std::string::npos);
    }

    void aConfiguredKeyReplacesTheClients()
    {
        const std::string sent = headSent({{"Authorization", "Bearer theirs"}, {"x-api-key", "theirs"}},
                                          [](ProxySnapshot& snapshot) { snapshot.upstreams[0].credential = "ours"; });
        QVERIFY(sent.find("theirs") == std::string::npos);
        QCOMPARE(headerIn(sent, "x-api-key"), std::string("ours"));
    }

    void plainHttpBehindAProxyIsAskedInAbsoluteForm()
    {
        HandlerWorld world;
        world.forwardProxy.http = ForwardProxy::Hop{{false, "proxy.test", 3128}, "Basic eA=="};
        world.handler->clientBytes("GET /v1/models HTTP/1.1\r\nHost: localhost:4000\r\nx-api-key: k\r\n\r\n");
        world.handler->upstreamOpened(false);
        QVERIFY(world.toUpstream.starts_with("GET http://up.test/v1/models HTTP/1.1\r\nHost: up.test\r\n"));
        QCOMPARE(headerIn(world.toUpstream, "Proxy-Authorization"), std::string("Basic eA=="));
    }

    void aCompressedBodyIsReadAndPassedAsItCame()
    {
        const std::string packed = gzipped().toStdString();
        HandlerWorld world;
        world.handler->clientBytes("POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nContent-Encoding: gzip\r\n"
                                   "Content-Length: " +
                                   std::to_string(packed.size()) + "\r\n\r\n" + packed);
        world.handler->upstreamOpened(false);
        QVERIFY(world.toUpstream.ends_with("\r\n\r\n" + packed));
        QCOMPARE(headerIn(world.toUpstream, "Content-Encoding"), std::string("gzip"));
        world.handler->clientClosed();
        QCOMPARE(world.call().requestBody, std::string(R"({"model":"packed","messages":[]})"));
        QCOMPARE(world.call().model, std::string("packed"));
        QCOMPARE(world.call().ended->request.sha256, Sha256::of(packed));
    }

    void aBodyNobodyCanReadStillPasses()
    {
        HandlerWorld world;
        world.handler->clientBytes("POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nContent-Encoding: gzip\r\n"
                                   "Content-Length: 5\r\n\r\n{junk");
        world.handler->upstreamOpened(false);
        QVERIFY(world.toUpstream.ends_with("{junk"));
        QCOMPARE(world.call().requestBody, std::string("{junk"));
    }

    void aChunkedRequestIsPassedWithItsLength()
    {
        HandlerWorld world;
        world.handler->clientBytes(
            "POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nTransfer-Encoding: chunked\r\n\r\n"
            "1\r\n{\r\n1;x=y\r\n}\r\n0\r\nTrailer-Field: 1\r\n\r\n");
        world.handler->upstreamOpened(false);
        QCOMPARE(world.toUpstream,
                 std::string("POST /v1/messages HTTP/1.1\r\nHost: up.test\r\nContent-Length: 2\r\n\r\n{}"));
    }

    void refusalsAreInTheClientsFormAndEndTheConnection_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("inBody");
        const QByteArray host = "Host: 127.0.0.1:4000\r\n";
        QTest::newRow("another Host") << QByteArray("POST /v1/messages HTTP/1.1\r\nHost: evil.test\r\n\r\n") << 403
                                      << QByteArray("\"permission_error\"");
        QTest::newRow("an Origin") << "POST /v1/messages HTTP/1.1\r\n" + host + "Origin: http://evil.test\r\n\r\n"
                                   << 403 << QByteArray("\"permission_error\"");
        QTest::newRow("no such path") << "GET /nothing HTTP/1.1\r\n" + host + "\r\n" << 404 << QByteArray("\"error\"");
        QTest::newRow("a WebSocket") << "GET /v1/responses HTTP/1.1\r\n" + host +
                                            "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                                     << 426 << QByteArray("\"error\"");
        QTest::newRow("a body announced too large")
            << "POST /v1/messages HTTP/1.1\r\n" + host + "Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n"
            << 413 << QByteArray("\"request_too_large\"");
        QTest::newRow("a body that grows too large")
            << "POST /v1/messages HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                   QByteArray(1001, 'x')
            << 413 << QByteArray("\"request_too_large\"");
        QTest::newRow("a head too large")
            << "POST /v1/messages HTTP/1.1\r\n" + host + "X: " + QByteArray(33 * 1024, 'x') << 431
            << QByteArray("\"error\"");
        QTest::newRow("two lengths") << "POST /v1/messages HTTP/1.1\r\n" + host +
                                            "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"
                                     << 400 << QByteArray("\"error\"");
    }
    void refusalsAreInTheClientsFormAndEndTheConnection()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        QFETCH(QByteArray, inBody);
        HandlerWorld world;
        world.configure([](ProxySnapshot& snapshot) { snapshot.limits.requestBodyBytes = 1000; });
        world.handler->clientBytes(request.toStdString());
        QVERIFY2(world.toClient.starts_with("HTTP/1.1 " + std::to_string(status) + ' '), world.toClient.c_str());
        QVERIFY2(bodyIn(world.toClient).find(inBody.toStdString()) != std::string::npos, world.toClient.c_str());
        QCOMPARE(headerIn(world.toClient, "x-luthien-call-id").size(), std::size_t(36));
        QCOMPARE(headerIn(world.toClient, "x-should-retry"), std::string("false"));
        QCOMPARE(world.log, std::vector<std::string>{"close client when sent"});
        QVERIFY(world.recording.calls().empty());
        QCOMPARE(world.metrics.value(Metric::RequestsRejected), std::uint64_t(1));
    }

    void continueIsSaidOnlyToARequestThatIsWelcome()
    {
        HandlerWorld world;
        world.handler->clientBytes("POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nExpect: 100-continue\r\n"
                                   "Content-Length: 2\r\n\r\n");
        QCOMPARE(world.takeToClient(), std::string("HTTP/1.1 100 Continue\r\n\r\n"));
        world.handler->clientBytes("{}");
        world.handler->upstreamOpened(false);
        QVERIFY(headerIn(world.toUpstream, "Expect").empty());
    }
};

LUTHIEN_TEST(tst_request_intake, TestRequestIntake)
#include "tst_request_intake.moc"
