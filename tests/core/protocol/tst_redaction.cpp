// SPDX-License-Identifier: Apache-2.0
#include "protocol/redaction.h"
#include "support/test_registry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace luthien::protocol;

namespace {

class TestRedaction : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void credentialFieldsAreKnown_data()
    {
        QTest::addColumn<bool>("isCredential");
        for (const char* name :
             {"Authorization", "proxy-authorization", "X-Api-Key", "api-key", "x-goog-api-key", "Cookie", "Set-Cookie",
              "X-Luthien-Token", "CF-Access-Client-Secret", "Ocp-Apim-Subscription-Key", "X-Amz-Security-Token",
              "X-Vertex-Access-Key", "Sec-WebSocket-Protocol", "cf-aig-authorization"})
            QTest::newRow(name) << true;
        for (const char* name :
             {"Content-Type", "User-Agent", "Idempotency-Key", "anthropic-ratelimit-tokens-limit", "x-request-id",
              "Sec-WebSocket-Key", "session-id", "WWW-Authenticate", "x-stainless-lang"})
            QTest::newRow(name) << false;
    }
    void credentialFieldsAreKnown()
    {
        QFETCH(bool, isCredential);
        QCOMPARE(isCredentialField(QTest::currentDataTag()), isCredential);
    }

    void credentialParametersAreTakenOut_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char* name, const char* target, const char* shown) {
            QTest::newRow(name) << QByteArray(target) << QByteArray(shown);
        };
        row("no query", "/v1/messages", "/v1/messages");
        row("nothing to hide", "/v1/messages?beta=true", "/v1/messages?beta=true");
        row("Gemini's key", "/v1beta/models/g:generateContent?key=AIza1&alt=sse",
            "/v1beta/models/g:generateContent?key=[redacted]&alt=sse");
        row("upper case and last", "/x?a=1&API_KEY=s", "/x?a=1&API_KEY=[redacted]");
        row("the name is percent-encoded", "/x?%6Bey=s", "/x?%6Bey=[redacted]");
        row("semicolons part, too", "/x?a=1;token=s", "/x?a=1;token=[redacted]");
        row("twice", "/x?key=a&key=b", "/x?key=[redacted]&key=[redacted]");
        row("an equals sign in the value", "/x?sig=a=b=c&v=1", "/x?sig=[redacted]&v=1");
        row("Azure's key", "/openai/x?subscription-key=s&api-version=1",
            "/openai/x?subscription-key=[redacted]&api-version=1");
        row("a place in a list", "/x?page_token=2", "/x?page_token=2");
        row("a parameter without value", "/x?key&", "/x?key&");
        row("a name that only looks like one", "/x?monkey=1&keyboard=2", "/x?monkey=1&keyboard=2");
    }
    void credentialParametersAreTakenOut()
    {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(redactTarget(target.toStdString())), shown);
    }

    void noSecretReachesARecordedHead()
    {
        RequestHead head;
        head.method = "POST";
        head.target = "/v1/x?key=hunter2&beta=true";
        head.fields.add("Authorization", "Bearer hunter2");
        head.fields.add("x-api-key", "hunter2");
        head.fields.add("Referer", "https://example.org/?access_token=hunter2");
        head.fields.add("X-Note", "caf\xE9");
        const QByteArray json = QByteArray::fromStdString(requestHeadJson(head));
        QVERIFY(!json.contains("hunter2"));
        const QJsonObject object = QJsonDocument::fromJson(json).object();
        QCOMPARE(object.value(QLatin1String("method")).toString(), QStringLiteral("POST"));
        QCOMPARE(object.value(QLatin1String("target")).toString(), QStringLiteral("/v1/x?key=[redacted]&beta=true"));
        const QJsonArray headers = object.value(QLatin1String("headers")).toArray();
        QCOMPARE(headers.size(), 4);
        QCOMPARE(headers.at(0), QJsonValue(QJsonArray{QStringLiteral("Authorization"), QStringLiteral("[redacted]")}));
        QCOMPARE(headers.at(3).toArray().at(1).toString(), QStringLiteral("caf\u00e9"));
    }

    void aReplysHeadKeepsOrderAndHidesCookies()
    {
        ResponseHead head;
        head.status = 429;
        head.fields.add("retry-after", "3");
        head.fields.add("Set-Cookie", "__cf=secret");
        QCOMPARE(responseHeadJson(head),
                 std::string(R"({"status":429,"headers":[["retry-after","3"],["Set-Cookie","[redacted]"]]})"));
    }
};

} // namespace

LUTHIEN_TEST(tst_redaction, TestRedaction)
#include "tst_redaction.moc"
