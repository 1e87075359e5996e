// SPDX-License-Identifier: Apache-2.0
#include "proxy/config.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace luthien::proxy;

class TestConfig : public QObject
{
    Q_OBJECT
private Q_SLOTS:
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
        row("user info behind another scheme", "ftp://u:p@h", "");
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
};

LUTHIEN_TEST(tst_config, TestConfig)
#include "tst_config.moc"
