// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "messages_sample.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::CallStatus;
using conversation::Direction;
using conversation::WireKind;

class TestCall : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingReachesTheClientBeforeTheUpstreamsStatus()
    {
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
        QCOMPARE(world.toClient, std::string());
        world.handler->upstreamBytes("Transfer-Encoding: chunked\r\n\r\n");
        QVERIFY(world.toClient.starts_with("HTTP/1.1 200 OK\r\n"));
    }

    void anErrorOfTheUpstreamPassesAndFailsTheCall()
    {
        HandlerWorld world;
        world.ask();
        const std::string body = R"({"type":"error","error":{"type":"rate_limit_error","message":"slow down"}})";
        world.handler->upstreamBytes(jsonReply(429, body, "retry-after: 7\r\n"));
        QVERIFY(world.toClient.starts_with("HTTP/1.1 429 "));
        QCOMPARE(headerIn(world.toClient, "retry-after"), std::string("7"));
        QCOMPARE(bodyIn(world.toClient), body);
        QCOMPARE(world.call().ended->status, CallStatus::Failed);
        QCOMPARE(world.call().error, std::string("HTTP 429: slow down"));
    }

    void anErrorInTheStreamFailsTheCall()
    {
        HandlerWorld world;
        world.ask();
        const std::string event =
            "event: error\ndata: "
            "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n";
        world.handler->upstreamBytes(kStreamHead + chunk(kEvents[0]) + chunk(event) + "0\r\n\r\n");
        QCOMPARE(bodyIn(world.toClient), kEvents[0] + event);
        QCOMPARE(world.call().ended->status, CallStatus::Failed);
        QCOMPARE(world.call().error, std::string("busy"));
    }

    void aReplyWithoutItsLastEventIsTruncated()
    {
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes(kStreamHead + chunk(kEvents[0]) + "0\r\n\r\n");
        QCOMPARE(world.call().ended->status, CallStatus::Truncated);
    }

    void aCutUpstreamEndsTheStreamInTheApisErrorForm_data()
    {
        QTest::addColumn<QByteArray>("partOfEvent");
        QTest::newRow("between events") << QByteArray();
        QTest::newRow("inside an event") << QByteArray("event: content_block_d");
    }
    void aCutUpstreamEndsTheStreamInTheApisErrorForm()
    {
        QFETCH(QByteArray, partOfEvent);
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes(kStreamHead + chunk(kEvents[0] + partOfEvent.toStdString()));
        world.handler->upstreamClosed(proxy::StreamEnd::Orderly);
        const std::string body = bodyIn(world.toClient);
        QVERIFY(body.starts_with(kEvents[0] + partOfEvent.toStdString()));
        QVERIFY(body.find("\n\nevent: error\n") != std::string::npos);
        QVERIFY2(!world.toClient.ends_with("0\r\n\r\n"), "a cut reply must not look complete");
        QCOMPARE(world.log.back(), std::string("close client when sent"));
        QCOMPARE(world.call().ended->status, CallStatus::Truncated);
        QCOMPARE(world.call().wires.back().direction, Direction::Sent);
        QVERIFY(world.call().hasGaplessNumbers());
    }

    void aCutBeforeTheStatusIs502()
    {
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes("HTTP/1.1 200 O");
        world.handler->upstreamClosed(proxy::StreamEnd::Orderly);
        QVERIFY(world.toClient.starts_with("HTTP/1.1 502 "));
        QCOMPARE(headerIn(world.toClient, "x-luthien-call-id"), world.call().id.toString());
        QVERIFY(bodyIn(world.toClient).find("\"type\":\"error\"") != std::string::npos);
        QCOMPARE(world.call().ended->status, CallStatus::Failed);
        QCOMPARE(world.call().ended->httpStatus, std::uint16_t(502));
        QVERIFY2(world.log.back() != "close client when sent", "the client's connection is still good");
    }

    void aPooledConnectionThatFailedAtOnceIsTriedAgainFresh()
    {
        HandlerWorld world;
        world.handler->clientBytes(kRequest);
        world.handler->upstreamOpened(true);
        const std::string sent = world.takeToUpstream();
        world.handler->upstreamClosed(proxy::StreamEnd::Orderly);
        QCOMPARE(world.log, (std::vector<std::string>{"open up.test", "abort upstream", "open fresh up.test"}));
        QCOMPARE(world.toClient, std::string());
        world.handler->upstreamOpened(false);
        QCOMPARE(world.takeToUpstream(), sent);
        world.handler->upstreamClosed(proxy::StreamEnd::Orderly);
        QVERIFY2(world.toClient.starts_with("HTTP/1.1 502 "), "once only");
    }

    void aRequestTheUpstreamMayHaveWorkedOnIsNotSentTwice()
    {
        HandlerWorld world;
        world.handler->clientBytes(kRequest);
        world.handler->upstreamOpened(true);
        world.clock.advance(std::chrono::seconds(2));
        world.handler->upstreamClosed(proxy::StreamEnd::Orderly);
        QCOMPARE(world.log, (std::vector<std::string>{"open up.test", "abort upstream"}));
        QVERIFY(world.toClient.starts_with("HTTP/1.1 502 "));
    }

    void aPooledConnectionThatFailedBeforeItWasUsedIsReplaced()
    {
        HandlerWorld world;
        world.handler->clientBytes(kRequest);
        world.handler->upstreamClosed(proxy::StreamEnd::Broken);
        QCOMPARE(world.log, (std::vector<std::string>{"open up.test", "abort upstream", "open fresh up.test"}));
        QCOMPARE(world.toClient, std::string());
    }

    void aReplyThatEndsWithAResetIsNotWhole_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("whole");
        QTest::newRow("a body") << QByteArray("application/json") << QByteArray("{}") << false;
        QTest::newRow("a stream without its last event")
            << QByteArray("text/event-stream") << QByteArray::fromStdString(kEvents[0]) << false;
        QTest::newRow("a stream with its last event")
            << QByteArray("text/event-stream") << QByteArray::fromStdString(joined(kEvents)) << true;
    }
    void aReplyThatEndsWithAResetIsNotWhole()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(bool, whole);
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes("HTTP/1.1 200 OK\r\nContent-Type: " + type.toStdString() + "\r\n\r\n" +
                                     body.toStdString());
        world.handler->upstreamClosed(proxy::StreamEnd::Broken);
        QCOMPARE(world.call().ended->status, whole ? CallStatus::Completed : CallStatus::Truncated);
        QCOMPARE(world.toClient.ends_with("0\r\n\r\n"), whole);
    }

    void aLargeRequestOnASlowLineIsNoSilence()
    {
        HandlerWorld world;
        world.ask();
        for (int i = 0; i < 5; ++i) {
            world.pass(299s);
            world.handler->upstreamTook();
        }
        QVERIFY(!world.call().ended);
        world.pass(300s);
        QVERIFY(world.toClient.starts_with("HTTP/1.1 504 "));
    }

    void aSilentUpstreamIsGivenUp_data()
    {
        QTest::addColumn<int>("stage");
        QTest::addColumn<int>("seconds");
        QTest::newRow("connecting") << 0 << 10;
        QTest::newRow("waiting for the status") << 1 << 300;
        QTest::newRow("in the middle of the reply") << 2 << 300;
    }
    void aSilentUpstreamIsGivenUp()
    {
        QFETCH(int, stage);
        QFETCH(int, seconds);
        HandlerWorld world;
        world.handler->clientBytes(kRequest);
        if (stage > 0)
            world.handler->upstreamOpened(false);
        if (stage > 1)
            world.handler->upstreamBytes(kStreamHead + chunk(kEvents[0]));
        world.pass(std::chrono::seconds(seconds) - 1ms);
        QVERIFY(!world.call().ended);
        world.pass(2ms);
        QVERIFY(world.call().ended.has_value());
        QCOMPARE(world.call().ended->status, stage == 2 ? CallStatus::Truncated : CallStatus::Failed);
        if (stage < 2)
            QVERIFY(world.toClient.starts_with("HTTP/1.1 504 "));
    }

    void aWholeCallIsBoundedIfAsked()
    {
        HandlerWorld world;
        world.configure([](proxy::ProxySnapshot& snapshot) { snapshot.limits.total = 60s; });
        world.ask();
        world.handler->upstreamBytes(kStreamHead);
        for (int i = 0; i < 5; ++i) {
            world.pass(11s);
            world.handler->upstreamBytes(chunk(kEvents[3]));
        }
        QVERIFY(!world.call().ended);
        world.pass(6s);
        QCOMPARE(world.call().ended->status, CallStatus::Truncated);
    }

    void aSlowClientStopsTheUpstream()
    {
        HandlerWorld world;
        world.ask();
        world.log.clear();
        world.handler->upstreamBytes(kStreamHead);
        world.unsent = 256 * 1024 + 1;
        world.handler->upstreamBytes(chunk(kEvents[3]));
        world.unsent = 65 * 1024;
        world.handler->clientDrained();
        QCOMPARE(world.log, std::vector<std::string>{"pause upstream"});
        world.unsent = 64 * 1024;
        world.handler->clientDrained();
        QCOMPARE(world.log.back(), std::string("resume upstream"));
        world.unsent = 300 * 1024;
        world.handler->upstreamBytes(chunk(kEvents[3]));
        world.pass(301s);
        QCOMPARE(world.call().ended->status, CallStatus::Cancelled);
    }

    void bytesBehindAReplyEndTheUpstreamConnection()
    {
        HandlerWorld world;
        world.ask();
        world.handler->upstreamBytes(jsonReply(200, "{}") + "HTTP/1.1 200 OK\r\n");
        QCOMPARE(world.call().ended->status, CallStatus::Completed);
        QCOMPARE(world.log.back(), std::string("abort upstream"));
    }
};

LUTHIEN_TEST(tst_call, TestCall)
#include "tst_call.moc"
