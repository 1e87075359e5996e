// SPDX-License-Identifier: Apache-2.0
#include "support/running_proxy.h"
#include "support/test_registry.h"

#include <QObject>
#include <QTcpServer>

#include <future>
#include <random>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::CallStatus;
using End = ScriptedReply::End;
using Framing = ScriptedReply::Framing;

namespace {
std::string word(int number)
{
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word " + std::to_string(number) + " \"}}]}\n\n";
}

ScriptedReply stream(std::vector<std::string> pieces, End end = End::KeepAlive)
{
    return {.headers = {{"Content-Type", "text/event-stream"}},
            .pieces = std::move(pieces),
            .framing = Framing::Chunked,
            .end = end};
}

ScriptedReply json(std::string body)
{
    return {.headers = {{"Content-Type", "application/json"}}, .pieces = {std::move(body)}};
}

std::string randomBytes(std::size_t size)
{
    std::mt19937 random(7);
    std::string bytes(size, '\0');
    for (char& byte : bytes)
        byte = static_cast<char>(random());
    return bytes;
}
} // namespace

class TestProxy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aStreamAndALargeBodyPassUnchanged()
    {
        std::vector<std::string> pieces;
        std::string sent;
        for (int i = 0; i < 500; ++i)
            sent += pieces.emplace_back(word(i));
        sent += pieces.emplace_back("data: [DONE]\n\n");
        ScriptedUpstream upstream([&](const auto&) { return stream(pieces); });
        RunningProxy running(upstream.baseUrl());
        RawClient client(running.port);
        const std::string body = randomBytes(5 * 1024 * 1024);
        client.send(running.request(body, "/v1/chat/completions"));
        const auto reply = client.readReply();
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.complete);
        QCOMPARE(reply.body, sent);
        QCOMPARE(upstream.requests().at(0).body, body);
        QVERIFY(running.recording.waitForEnded(1));
        const RecordedCall call = running.recording.calls().at(0);
        QCOMPARE(call.receivedBody(), sent);
        QCOMPARE(call.ended->status, CallStatus::Completed);
        QVERIFY(call.hasGaplessNumbers());
    }

    void repliesWithoutBodyKeepTheirHeaders_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("length");
        QTest::newRow("HEAD") << QByteArray("HEAD") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n")
                              << 200 << QByteArray("12345");
        QTest::newRow("204") << QByteArray("DELETE") << QByteArray("HTTP/1.1 204 No Content\r\n\r\n") << 204
                             << QByteArray();
        QTest::newRow("304") << QByteArray("GET")
                             << QByteArray("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n") << 304
                             << QByteArray("7");
        QTest::newRow("an empty body") << QByteArray("GET")
                                       << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") << 200
                                       << QByteArray("0");
    }
    void repliesWithoutBodyKeepTheirHeaders()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, raw);
        QFETCH(int, status);
        QFETCH(QByteArray, length);
        ScriptedUpstream upstream([&](const auto&) { return ScriptedReply{.raw = raw.toStdString()}; });
        RunningProxy running(upstream.baseUrl());
        RawClient client(running.port);
        for (int i = 0; i < 2; ++i) { // twice: a wrong end of the first reply would spoil the second
            client.send(method.toStdString() +
                        " /openai/v1/x HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(running.port) + "\r\n\r\n");
            const auto reply = client.readReply(method == "HEAD");
            QCOMPARE(reply.status, status);
            QVERIFY(reply.complete);
            QCOMPARE(reply.header("Content-Length"), length.toStdString());
        }
    }

    void aReplyUntilCloseReachesTheClientWithAnEnd()
    {
        ScriptedUpstream upstream([](const auto&) {
            return ScriptedReply{.pieces = {"one ", "two"}, .framing = Framing::UntilClose, .end = End::Close};
        });
        RunningProxy running(upstream.baseUrl());
        RawClient client(running.port);
        client.send(running.request("{}"));
        const auto reply = client.readReply();
        QVERIFY(reply.complete);
        QCOMPARE(reply.body, std::string("one two"));
        QCOMPARE(reply.header("Transfer-Encoding"), std::string("chunked"));
    }

    void aCutUpstreamIsNoCompleteReply_data()
    {
        QTest::addColumn<int>("framing");
        QTest::addColumn<bool>("isStream");
        QTest::newRow("chunked stream") << int(Framing::Chunked) << true;
        QTest::newRow("announced length") << int(Framing::Length) << false;
        QTest::newRow("chunked body") << int(Framing::Chunked) << false;
    }
    void aCutUpstreamIsNoCompleteReply()
    {
        QFETCH(int, framing);
        QFETCH(bool, isStream);
        ScriptedUpstream upstream([&](const auto&) {
            ScriptedReply reply = stream({word(1)}, End::Cut);
            reply.framing = static_cast<Framing>(framing);
            if (!isStream)
                reply.headers = {{"Content-Type", "application/json"}};
            return reply;
        });
        RunningProxy running(upstream.baseUrl());
        RawClient client(running.port);
        client.send(running.request("{}", "/v1/chat/completions"));
        const auto reply = client.readReply();
        QVERIFY(!reply.complete);
        QVERIFY(client.isClosedByPeer());
        QCOMPARE(reply.body.find("\"error\"") != std::string::npos, isStream);
        QVERIFY(running.recording.waitForEnded(1));
        QCOMPARE(running.recording.calls().at(0).ended->status, CallStatus::Truncated);
    }

    void aSnapshotSwapsWithoutDroppingAStream()
    {
        std::promise<void> go;
        ScriptedReply reply = stream({word(1), word(2)});
        reply.beforePiece = [future = go.get_future().share()](std::size_t piece) {
            if (piece == 1)
                future.wait();
        };
        ScriptedUpstream first([&](const auto&) { return reply; });
        ScriptedUpstream second([](const auto&) { return json("second"); });
        RunningProxy running(first.baseUrl());
        RawClient streaming(running.port);
        streaming.send(running.request("{}", "/v1/chat/completions"));
        QVERIFY(streaming.readUntil("word 1").find("word 1") != std::string::npos);
        auto changed = std::make_shared<proxy::ProxySnapshot>(*running.snapshot);
        for (auto& upstream : changed->upstreams)
            upstream.baseUrl = proxy::parseBaseUrl(second.baseUrl()).value();
        running.proxy->apply(changed);
        RawClient other(running.port);
        other.send(running.request("{}"));
        QCOMPARE(other.readReply().body, std::string("second"));
        go.set_value();
        QCOMPARE(streaming.readReply().body, word(1) + word(2));
    }

    void drainFinishesCallsAndRefusesNewOnes()
    {
        std::promise<void> go;
        ScriptedReply reply = stream({word(1), word(2)});
        reply.beforePiece = [future = go.get_future().share()](std::size_t piece) {
            if (piece == 1)
                future.wait();
        };
        ScriptedUpstream upstream([&](const auto&) { return reply; });
        RunningProxy running(upstream.baseUrl());
        RawClient idle(running.port);
        RawClient busy(running.port);
        busy.send(running.request("{}", "/v1/chat/completions"));
        QVERIFY(busy.readUntil("word 1").find("word 1") != std::string::npos);
        QCOMPARE(running.proxy->stats().calls, std::size_t(1));
        running.proxy->beginDrain();
        QVERIFY(idle.isClosedByPeer());
        RawClient late(running.port);
        QVERIFY2(late.isClosedByPeer(), "nobody listens any more");
        go.set_value();
        const auto whole = busy.readReply();
        QVERIFY(whole.complete);
        QCOMPARE(whole.body, word(1) + word(2));
        busy.close();
        QVERIFY(running.proxy->drain(5s));
    }

    void whilePausedNobodyConnectsAndNothingIsCutOff()
    {
        std::promise<void> go;
        ScriptedReply reply = stream({word(1), word(2)});
        reply.beforePiece = [future = go.get_future().share()](std::size_t piece) {
            if (piece == 1)
                future.wait();
        };
        ScriptedUpstream upstream([&](const auto&) { return reply; });
        RunningProxy running(upstream.baseUrl());
        RawClient busy(running.port);
        busy.send(running.request("{}", "/v1/chat/completions"));
        QVERIFY(busy.readUntil("word 1").find("word 1") != std::string::npos);
        running.proxy->pause();
        QVERIFY(running.proxy->isPaused());
        RawClient early(running.port);
        QVERIFY2(early.isClosedByPeer(), "nobody listens");

        QVERIFY(running.proxy->resume());
        QVERIFY(!running.proxy->isPaused());
        go.set_value();
        const auto whole = busy.readReply();
        QVERIFY(whole.complete);
        QCOMPARE(whole.body, word(1) + word(2));
        // On the same port, and its connection is kept for a second call.
        RawClient late(running.port);
        for (int call = 0; call < 2; ++call) {
            late.send(running.request("{}", "/v1/chat/completions"));
            QCOMPARE(late.readReply().body, word(1) + word(2));
        }
    }

    void aPortThatWasTakenMeanwhileKeepsItPaused()
    {
        ScriptedUpstream upstream([](const auto&) { return stream({word(1)}); });
        RunningProxy running(upstream.baseUrl());
        running.proxy->pause();
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost, running.port));
        const auto resumed = running.proxy->resume();
        QVERIFY(!resumed);
        QCOMPARE(resumed.error().code, ErrorCode::Conflict);
        QVERIFY(running.proxy->isPaused());
        other.close();
        QVERIFY(running.proxy->resume());
    }

    void drainCutsOffAtItsDeadline()
    {
        ScriptedUpstream upstream([](const auto&) { return stream({word(1)}, End::Hang); });
        RunningProxy running(upstream.baseUrl());
        RawClient client(running.port);
        client.send(running.request("{}", "/v1/chat/completions"));
        QVERIFY(client.readUntil("word 1").find("word 1") != std::string::npos);
        QVERIFY(!running.proxy->drain(20ms));
        QVERIFY(!client.readReply().complete);
        QCOMPARE(running.recording.calls().at(0).ended->status, CallStatus::Cancelled);
    }
};

LUTHIEN_TEST(tst_proxy, TestProxy)
#include "tst_proxy.moc"
