// SPDX-License-Identifier: Apache-2.0
#include "desktop/resend_request.h"
#include "fake_call_details.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::desktop;

namespace {
CallDetail recorded(const std::string& target, const std::string& headers)
{
    CallDetail detail = test::changedCall();
    detail.requestHead = "{\"method\":\"POST\",\"target\":\"" + target + "\",\"headers\":[" + headers + "]}";
    return detail;
}
} // namespace

class TestResendRequest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sendsWhatWasSent()
    {
        const CallDetail detail =
            recorded("/v1/messages?beta=true",
                     "[\"Host\",\"old\"],[\"anthropic-version\",\"2023-06-01\"],[\"X-Api-Key\",\"[redacted]\"],"
                     "[\"Content-Length\",\"99\"],[\"Content-Encoding\",\"zstd\"],[\"Accept-Encoding\",\"br\"],"
                     "[\"x-claude-code-session-id\",\"s\"],[\"Cookie\",\"[redacted]\"]");
        QVERIFY(needsCredential(detail));
        const auto wire =
            resendRequest(detail, "{\"a\":1}",
                          {.credential = "the key", .authority = "127.0.0.1:4000", .clientToken = {}, .trial = {}});
        QVERIFY(wire.hasValue());
        QCOMPARE(QByteArray::fromStdString(*wire),
                 QByteArray("POST /v1/messages?beta=true HTTP/1.1\r\nHost: 127.0.0.1:4000\r\n"
                            "anthropic-version: 2023-06-01\r\nX-Api-Key: the key\r\nx-session-id: resent-" +
                            QByteArray::fromStdString(detail.call.id.toString()) +
                            "\r\nConnection: close\r\nContent-Length: 7\r\n\r\n{\"a\":1}"));
    }

    void theKeyGoesWhereItWas_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("line"); // empty = nowhere
        QTest::newRow("a bearer token") << QByteArray("/x") << QByteArray("authorization")
                                        << QByteArray("authorization: Bearer KEY\r\n");
        QTest::newRow("a key of Gemini") << QByteArray("/x") << QByteArray("x-goog-api-key")
                                         << QByteArray("x-goog-api-key: KEY\r\n");
        QTest::newRow("in the address") << QByteArray("/x?key=[redacted]&alt=sse") << QByteArray("x-none")
                                        << QByteArray("POST /x?key=KEY&alt=sse HTTP/1.1\r\n");
        QTest::newRow("never in a cookie") << QByteArray("/x") << QByteArray("cookie") << QByteArray();
    }
    void theKeyGoesWhereItWas()
    {
        QFETCH(const QByteArray, target);
        QFETCH(const QByteArray, header);
        QFETCH(const QByteArray, line);
        const CallDetail detail = recorded(target.toStdString(), "[\"" + header.toStdString() + "\",\"[redacted]\"]");
        QCOMPARE(needsCredential(detail), !line.isEmpty());
        const auto wire =
            resendRequest(detail, {}, {.credential = "KEY", .authority = "h", .clientToken = {}, .trial = {}});
        QVERIFY(wire.hasValue());
        QVERIFY(line.isEmpty() ? wire->find("KEY") == std::string::npos
                               : wire->find(line.toStdString()) != std::string::npos);
        QVERIFY(wire->find("redacted") == std::string::npos || header == "x-none");
    }

    void nothingOfItBecomesASecondRequest_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("a line break in the key") << QByteArray("/x") << QByteArray() << QByteArray("a\r\nHost: b");
        QTest::newRow("in a header") << QByteArray("/x") << QByteArray("[\"a\",\"b\\r\\nc: d\"]") << QByteArray();
        QTest::newRow("in a name") << QByteArray("/x") << QByteArray("[\"a: b\\r\\nc\",\"d\"]") << QByteArray();
        QTest::newRow("in the address") << QByteArray("/x\\r\\nHost: b") << QByteArray() << QByteArray();
        QTest::newRow("a blank in the address") << QByteArray("/x HTTP/1.1") << QByteArray() << QByteArray();
        QTest::newRow("no path") << QByteArray("http://e/x") << QByteArray() << QByteArray();
    }
    void nothingOfItBecomesASecondRequest()
    {
        QFETCH(const QByteArray, target);
        QFETCH(const QByteArray, headers);
        QFETCH(const QByteArray, key);
        const std::string credential = key.toStdString();
        const auto wire = resendRequest(recorded(target.toStdString(), headers.toStdString()), {},
                                        {.credential = credential, .authority = "h", .clientToken = {}, .trial = {}});
        QVERIFY(!wire && wire.error().code == ErrorCode::InvalidInput);
    }

    // A name stands in the record where the token was: sent again it would be refused.
    void aTrialIsOfOneRequestOnly()
    {
        const CallDetail detail = recorded("/x", "[\"X-Luthien-Trial\",\"draft of sql\"]");
        QCOMPARE(trialOf(detail), std::string("draft of sql"));
        const auto plain =
            resendRequest(detail, {}, {.credential = {}, .authority = "h", .clientToken = {}, .trial = {}});
        QVERIFY(plain && plain->find("rial") == std::string::npos);
        const auto again =
            resendRequest(detail, {}, {.credential = {}, .authority = "h", .clientToken = {}, .trial = "abc"});
        QVERIFY(again && again->find("x-luthien-trial: abc\r\n") != std::string::npos);
        QVERIFY(again->find("draft") == std::string::npos);
        QVERIFY(trialOf(recorded("/x", {})).empty());
    }

    void aSessionNamesItsOriginal()
    {
        const CallId call = test::changedCall().call.id;
        QCOMPARE(originalOf(resentSession(call)), call);
        QVERIFY(originalOf("resent-").isNil() && originalOf("resent-x").isNil());
        QVERIFY(originalOf(call.toString()).isNil());
    }

    void withoutAHeadNothingIsSent()
    {
        CallDetail detail = test::changedCall();
        detail.requestHead.clear();
        QVERIFY(!needsCredential(detail));
        QVERIFY(!resendRequest(detail, {}, {.credential = {}, .authority = "h", .clientToken = {}, .trial = {}}));
    }
};

LUTHIEN_TEST(tst_resend_request, TestResendRequest)
#include "tst_resend_request.moc"
