// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "messages_sample.h"
#include "scripted_gate.h"
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

    void theHeadInTheRecordTellsHowLongConnectingTook_data()
    {
        QTest::addColumn<bool>("fromPool");
        QTest::addColumn<QByteArray>("head");
        const QByteArray head = "{\"status\":200,\"headers\":[[\"Content-Length\",\"0\"]]";
        QTest::newRow("a new connection") << false << head + ",\"connect_us\":31000}";
        QTest::newRow("one that was there already") << true << head + "}";
    }
    void theHeadInTheRecordTellsHowLongConnectingTook()
    {
        QFETCH(const bool, fromPool);
        QFETCH(const QByteArray, head);
        HandlerWorld world;
        world.handler->clientBytes(kRequest);
        world.clock.advance(std::chrono::milliseconds(31));
        world.handler->upstreamOpened(fromPool);
        world.clock.advance(std::chrono::milliseconds(400));
        world.handler->upstreamBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        QCOMPARE(QByteArray::fromStdString(world.call().wires.front().bytes), head);
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

    void whatEnforcedPoliciesCouldNotJudgeDoesNotReachTheUpstream_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("inBody");
        const QByteArray messages = "/v1/messages";
        const QByteArray invalid = "\"type\":\"invalid_request_error\"";
        QTest::newRow("two codings") << messages << QByteArray("Content-Encoding: gzip, zstd\r\n") << 415 << invalid;
        QTest::newRow("two coding fields")
            << messages << QByteArray("Content-Encoding: identity\r\nContent-Encoding: gzip\r\n") << 415 << invalid;
        QTest::newRow("a coding we do not know")
            << QByteArray("/v1/chat/completions") << QByteArray("Content-Encoding: br\r\n") << 415
            << QByteArray("\"code\":\"unreadable_request\"");
        QTest::newRow("a coding it does not have")
            << messages << QByteArray("Content-Encoding: gzip\r\n") << 415 << invalid;
        QTest::newRow("of Gemini") << QByteArray("/v1beta/models/g:generateContent")
                                   << QByteArray("Content-Encoding: br\r\n") << 415
                                   << QByteArray("\"status\":\"INVALID_ARGUMENT\"");
        QTest::newRow("of Ollama") << QByteArray("/api/chat") << QByteArray("Content-Encoding: br\r\n") << 415
                                   << QByteArray("\"error\":\"Policies are enforced");
    }
    void whatEnforcedPoliciesCouldNotJudgeDoesNotReachTheUpstream()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, fields);
        QFETCH(int, status);
        QFETCH(QByteArray, inBody);
        const std::string request = "POST " + path.toStdString() + " HTTP/1.1\r\nHost: 127.0.0.1:4000\r\n" +
                                    fields.toStdString() + "Content-Length: 2\r\n\r\n{}";
        for (const bool enforces : {true, false}) {
            GateDesk desk{.enforces = enforces};
            HandlerWorld world(std::make_shared<ScriptedGates>(desk));
            world.configure([](proxy::ProxySnapshot& snapshot) {
                const proxy::BaseUrl base = snapshot.upstreams.front().baseUrl;
                snapshot.upstreams.push_back({"gemini", base, proxy::ApiFamily::Gemini, {}});
                snapshot.upstreams.push_back({"ollama", base, proxy::ApiFamily::Ollama, {}});
            });
            world.handler->clientBytes(request);
            if (!enforces) {
                QCOMPARE(world.log, std::vector<std::string>{"open up.test"});
                continue;
            }
            QVERIFY2(world.toClient.starts_with("HTTP/1.1 " + std::to_string(status) + ' '), world.toClient.c_str());
            QVERIFY2(bodyIn(world.toClient).find(inBody.toStdString()) != std::string::npos, world.toClient.c_str());
            QVERIFY2(std::ranges::none_of(world.log,
                                          [](const std::string& action) {
                                              return action.starts_with("open") || action.starts_with("close client");
                                          }),
                     "the upstream is not asked, and the client's connection is still good");
            const RecordedCall call = world.call();
            QCOMPARE(call.ended->status, CallStatus::Blocked);
            QCOMPARE(call.ended->httpStatus, static_cast<std::uint16_t>(status));
            QVERIFY(!call.error.empty());
            QCOMPARE(world.openCalls.load(), std::size_t(0));
            world.takeToClient();
            world.handler->clientBytes(request);
            QVERIFY2(world.toClient.starts_with("HTTP/1.1 " + std::to_string(status) + ' '), "the next is read too");
        }
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
