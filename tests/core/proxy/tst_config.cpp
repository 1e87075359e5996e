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

class TestConfig : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        for (const char* name : kVariables)
            qunsetenv(name);
    }
    void cleanupTestCase() { init(); }

    void baseUrls_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* url, const char* expected) {
            QTest::newRow(name) << QString::fromLatin1(url) << QString::fromLatin1(expected);
        };
        row("https has port 443", "https://api.anthropic.com", "tls api.anthropic.com 443 api.anthropic.com ");
        row("http has port 80", "http://host", "plain host 80 host ");
        row("a port of its own", "http://127.0.0.1:11434/", "plain 127.0.0.1 11434 127.0.0.1:11434 ");
        row("a path without its last slash", "https://h/a/v1/", "tls h 443 h /a/v1");
        row("names are lower case", "https://API.Example", "tls api.example 443 api.example ");
        row("IPv6", "http://[::1]:8080/x", "plain ::1 8080 [::1]:8080 /x");
        row("no scheme", "api.openai.com", "");
        row("another scheme", "ftp://x", "");
        row("user info", "https://u:p@h", "");
        row("a query", "https://h/?a", "");
        row("no host", "https://:443", "");
        row("port zero", "https://h:0", "");
        row("port too large", "https://h:65536", "");
        row("port with a sign", "https://h:+443", "");
        row("a space", "https://a b", "");
    }
    void baseUrls()
    {
        QFETCH(QString, url);
        QFETCH(QString, expected);
        const auto parsed = parseBaseUrl(url.toStdString());
        const std::string text = !parsed ? std::string()
                                         : (parsed->origin.tls ? "tls " : "plain ") + parsed->origin.host + ' ' +
                                               std::to_string(parsed->origin.port) + ' ' + parsed->origin.authority() +
                                               ' ' + parsed->path;
        QCOMPARE(QString::fromStdString(text), expected);
    }

    void familiesHaveTheConfigsNames()
    {
        for (const auto* name : {"anthropic-messages", "openai", "gemini", "ollama", "other"})
            QCOMPARE(apiFamilyName(apiFamilyFromName(name).value()), std::string_view(name));
        QVERIFY(!apiFamilyFromName("anthropic"));
    }

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

LUTHIEN_TEST(tst_config, TestConfig)
#include "tst_config.moc"
