// SPDX-License-Identifier: Apache-2.0
#include "support/running_proxy.h"
#include "support/test_registry.h"

#include <QObject>

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
} // namespace

class TestDownstreamConnection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pipelinedRequestsAreAnsweredInOrder()
    {
        ScriptedUpstream upstream([](const auto& request) { return json(request.body); });
        RunningProxy running(upstream.baseUrl());
        RawClient client(running.port);
        std::string all;
        for (int i = 0; i < 20; ++i)
            all += running.request("{\"n\":" + std::to_string(i) + "}");
        client.send(all);
        for (int i = 0; i < 20; ++i)
            QCOMPARE(client.readReply().body, "{\"n\":" + std::to_string(i) + "}");
    }

    void anHttp10ClientGetsNoChunks()
    {
        ScriptedUpstream upstream([](const auto&) { return stream({word(1), word(2)}); });
        RunningProxy running(upstream.baseUrl());
        RawClient client(running.port);
        client.send("POST /v1/chat/completions HTTP/1.0\r\nHost: 127.0.0.1:" + std::to_string(running.port) +
                    "\r\nContent-Length: 2\r\n\r\n{}");
        const auto reply = client.readReply();
        QCOMPARE(reply.body, word(1) + word(2));
        QVERIFY(client.isClosedByPeer());
    }

    void aClientThatLeavesAbortsTheUpstreamAtOnce()
    {
        ScriptedUpstream upstream([](const auto&) { return stream({word(1)}, End::Hang); });
        RunningProxy running(upstream.baseUrl());
        RawClient client(running.port);
        client.send(running.request("{}", "/v1/chat/completions"));
        QVERIFY(client.readUntil("word 1").find("word 1") != std::string::npos);
        const auto left = std::chrono::steady_clock::now();
        client.close();
        const auto aborted = upstream.waitForAbort(5s);
        QVERIFY(aborted.has_value());
        QVERIFY2(*aborted - left < 100ms, "the contract allows 100 ms");
        QVERIFY(running.recording.waitForEnded(1));
        QCOMPARE(running.recording.calls().at(0).ended->status, CallStatus::Cancelled);
    }

    void aSlowClientHoldsTheUpstreamBackInBoundedMemory()
    {
        constexpr std::size_t kPieces = 2000;
        const std::string piece = "data: " + std::string(32 * 1024, 'x') + "\n\n";
        std::atomic<std::size_t> sent{0};
        ScriptedReply reply = stream(std::vector<std::string>(kPieces, piece));
        reply.beforePiece = [&](std::size_t number) { sent = number; };
        ScriptedUpstream upstream([&](const auto&) { return reply; });
        RunningProxy running(upstream.baseUrl());
        RawClient client(running.port, 16 * 1024);
        client.send(running.request("{}", "/openai/v1/other"));
        QVERIFY(client.readUntil("data:").find("data:") != std::string::npos);
        // The upstream stops when our 256 KiB and the kernel's buffers are full; it must stay stopped.
        std::size_t before = 0;
        QTRY_VERIFY_WITH_TIMEOUT(std::exchange(before, sent.load()) == sent.load() && sent > 0, 10'000);
        QVERIFY2(sent < kPieces / 2, "the proxy took it all in");
        const auto whole = client.readReply();
        QVERIFY(whole.complete);
        QCOMPARE(whole.body.size(), kPieces * piece.size());
    }

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
};

LUTHIEN_TEST(tst_downstream_connection, TestDownstreamConnection)
#include "tst_downstream_connection.moc"
