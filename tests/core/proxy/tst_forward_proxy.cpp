// SPDX-License-Identifier: Apache-2.0
#include "proxy/config.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace luthien::proxy;

namespace {
constexpr const char* kVariables[] = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",   "all_proxy",
                                      "ALL_PROXY",  "no_proxy",   "NO_PROXY",    "REQUEST_METHOD"};

Origin origin(const char* url)
{
    return parseBaseUrl(url).value().origin;
}
} // namespace

class TestForwardProxy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        for (const char* name : kVariables)
            qunsetenv(name);
    }

    void cleanupTestCase() { init(); }

    void theEnvironmentsProxyIsUsedButForItsExceptions_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("direct");
        QTest::newRow("a foreign host") << QStringLiteral("https://api.openai.com") << false;
        QTest::newRow("plain HTTP has no proxy here") << QStringLiteral("http://api.openai.com") << true;
        QTest::newRow("loopback is always direct") << QStringLiteral("https://127.0.0.1:9") << true;
        QTest::newRow("localhost is always direct") << QStringLiteral("https://localhost:9") << true;
        QTest::newRow("the exception itself") << QStringLiteral("https://corp.test") << true;
        QTest::newRow("below the exception") << QStringLiteral("https://llm.corp.test") << true;
        QTest::newRow("only ends like it") << QStringLiteral("https://evilcorp.test") << false;
        QTest::newRow("below a dotted exception") << QStringLiteral("https://a.dotted.test") << true;
        QTest::newRow("a dotted exception itself") << QStringLiteral("https://dotted.test") << false;
        QTest::newRow("the port matches") << QStringLiteral("https://ported.test:8443") << true;
        QTest::newRow("the port does not match") << QStringLiteral("https://ported.test") << false;
    }
    void theEnvironmentsProxyIsUsedButForItsExceptions()
    {
        QFETCH(QString, url);
        QFETCH(bool, direct);
        qputenv("HTTPS_PROXY", "http://us%20er:pw@proxy.test:3128");
        qputenv("no_proxy", "Corp.test, .dotted.test ,ported.test:8443");
        const auto proxy = forwardProxyFromEnvironment();
        QVERIFY(proxy.hasValue());
        const auto* hop = proxy->hopFor(origin(url.toLatin1().constData()));
        QCOMPARE(hop == nullptr, direct);
        if (hop) {
            QCOMPARE(hop->origin.authority(), std::string("proxy.test:3128"));
            QCOMPARE(hop->authorization, "Basic " + QByteArray("us er:pw").toBase64().toStdString());
        }
    }

    void aBadProxyIsNamedWithoutItsValue()
    {
        qputenv("https_proxy", "http://user:hunter2@:x");
        const auto proxy = forwardProxyFromEnvironment();
        QVERIFY(!proxy.hasValue());
        QVERIFY(proxy.error().toString().find("hunter2") == std::string::npos);
        QCOMPARE(proxy.error().context, std::string("HTTPS_PROXY"));
    }

    void aProxyHeaderUnderCgiIsNoProxy()
    {
        qputenv("HTTP_PROXY", "http://evil.test:1");
        qputenv("REQUEST_METHOD", "GET");
        QVERIFY(forwardProxyFromEnvironment()->hopFor(origin("http://x.test")) == nullptr);
        qunsetenv("REQUEST_METHOD");
        QVERIFY(forwardProxyFromEnvironment()->hopFor(origin("http://x.test")) != nullptr);
    }
};

LUTHIEN_TEST(tst_forward_proxy, TestForwardProxy)
#include "tst_forward_proxy.moc"
