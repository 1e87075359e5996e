// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "proxy/local_reply.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace luthien::proxy;
using namespace luthien::test;
using conversation::Api;

class TestLocalReply : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void errorsTakeTheFormOfTheApi_data()
    {
        QTest::addColumn<int>("api");
        QTest::addColumn<QByteArray>("beginning");
        QTest::newRow("Anthropic") << int(Api::AnthropicMessages) << QByteArray(R"({"type":"error","error":{)");
        QTest::newRow("Chat") << int(Api::OpenAiChat) << QByteArray(R"({"error":{)");
        QTest::newRow("Responses") << int(Api::OpenAiResponses) << QByteArray(R"({"error":{)");
        QTest::newRow("Gemini") << int(Api::Gemini) << QByteArray(R"({"error":{)");
        QTest::newRow("Ollama") << int(Api::Ollama) << QByteArray(R"({"error":)");
    }
    void errorsTakeTheFormOfTheApi()
    {
        QFETCH(int, api);
        QFETCH(QByteArray, beginning);
        const CallId call = CallId::make(TimePoint(std::chrono::hours(500'000)));
        const std::string wire = toWire(errorReply(static_cast<Api>(api), {502, "bad_reply", "It said \"no\"."}, call));
        QVERIFY(wire.starts_with("HTTP/1.1 502 Bad Gateway\r\n"));
        QVERIFY2(bodyIn(wire).starts_with(beginning.toStdString()), wire.c_str());
        QVERIFY(bodyIn(wire).find(R"(It said \"no\".)") != std::string::npos);
        QCOMPARE(headerIn(wire, "x-luthien-call-id"), call.toString());
        QCOMPARE(headerIn(wire, "Content-Length"), std::to_string(bodyIn(wire).size()));
    }

    void onlyWhatWeRefuseForGoodIsNotTriedAgain()
    {
        for (const unsigned status : {400U, 403U, 413U, 431U})
            QCOMPARE(headerIn(toWire({.status = status}), "x-should-retry"), std::string("false"));
        for (const unsigned status : {408U, 502U, 503U, 504U})
            QVERIFY(headerIn(toWire({.status = status}), "x-should-retry").empty());
        QCOMPARE(headerIn(toWire({.status = 503}), "retry-after"), std::string("1"));
    }

    void aReplyToHeadHasTheLengthButNotTheBody()
    {
        const std::string wire = toWire({.body = "12345", .isHead = true, .after = AfterReply::Close});
        QCOMPARE(headerIn(wire, "Content-Length"), std::string("5"));
        QCOMPARE(headerIn(wire, "Connection"), std::string("close"));
        QVERIFY(wire.ends_with("\r\n\r\n"));
    }
};

LUTHIEN_TEST(tst_local_reply, TestLocalReply)
#include "tst_local_reply.moc"
