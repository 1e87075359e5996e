// SPDX-License-Identifier: Apache-2.0
#include "proxy/access.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;
using namespace luthien::proxy;

namespace {
constexpr std::uint16_t kPort = 4000;

ClientAccess access()
{
    ClientAccess made;
    made.origins = {"http://localhost:5173"};
    made.hosts = {"proxy.internal:4000"};
    made.tokens = {"lth-secret"};
    return made;
}

QString verdict(const ClientAccess& rules, const protocol::RequestHead& head)
{
    const auto refusal = checkAccess(rules, kPort, head);
    return refusal ? QString::fromStdString(refusal->code) : QStringLiteral("in");
}
} // namespace

class TestAccess : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hostAndOrigin_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("origin");
        QTest::addColumn<QString>("expected");
        const std::vector<std::pair<const char*, bool>> hosts = {
            {"127.0.0.1:4000", true},
            {"localhost:4000", true},
            {"LocalHost:4000", true},
            {"[::1]:4000", true},
            {"proxy.internal:4000", true},
            {"127.0.0.1", false},
            {"127.0.0.1:80", false},
            {"127.0.0.1:40000", false},
            {"127.0.0.2:4000", false},
            {"localhost", false},
            {"localhost.:4000", false},
            {"evil.localhost:4000", false},
            {"evil.test:4000", false},
            {"localhost:4000.evil", false},
            {"x.proxy.internal:4000", false},
            {"proxy.internal", false},
            {"[::]:4000", false},
            {"0.0.0.0:4000", false},
            {"2130706433:4000", false},
            {"", false},
        };
        const std::vector<std::pair<const char*, bool>> origins = {
            {"-", true},
            {"http://localhost:5173", true},
            {"http://localhost:4000", false},
            {"https://evil.test", false},
            {"null", false},
        };
        for (const auto& [host, hostFine] : hosts) {
            for (const auto& [origin, originFine] : origins) {
                const char* expected = !hostFine ? "host_refused" : originFine ? "in" : "origin_refused";
                QTest::addRow("Host '%s', Origin %s", host, origin)
                    << QString::fromLatin1(host) << QString::fromLatin1(origin) << QString::fromLatin1(expected);
            }
        }
    }
    void hostAndOrigin()
    {
        QFETCH(QString, host);
        QFETCH(QString, origin);
        QFETCH(QString, expected);
        protocol::RequestHead head;
        if (!host.isEmpty())
            head.fields.add("Host", host.toStdString());
        if (origin != QStringLiteral("-"))
            head.fields.add("Origin", origin.toStdString());
        QCOMPARE(verdict(access(), head), expected);
    }

    void aTokenIsFoundWhereTheApiPutsItsKey_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* title, const char* name, const char* value, const char* expected) {
            QTest::newRow(title) << QString::fromLatin1(name) << QString::fromLatin1(value)
                                 << QString::fromLatin1(expected);
        };
        row("bearer", "Authorization", "Bearer lth-secret", "in");
        row("bearer in lower case", "authorization", "bearer lth-secret", "in");
        row("x-api-key", "x-api-key", "lth-secret", "in");
        row("azure", "api-key", "lth-secret", "in");
        row("google", "x-goog-api-key", "lth-secret", "in");
        row("beside a passthrough key", "x-luthien-token", "lth-secret", "in");
        row("wrong", "x-api-key", "lth-secreT", "token_missing");
        row("a prefix", "x-api-key", "lth-secre", "token_missing");
        row("none", "x-other", "lth-secret", "token_missing");
    }
    void aTokenIsFoundWhereTheApiPutsItsKey()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        QFETCH(QString, expected);
        ClientAccess rules = access();
        rules.tokenRequired = true;
        protocol::RequestHead head;
        head.fields.add("Host", "127.0.0.1:4000");
        head.fields.add(name.toStdString(), value.toStdString());
        QCOMPARE(verdict(rules, head), expected);
    }

    void aTokenInGeminisKeyParameterLetsInAndGoesNoFurther_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<QString>("left");
        const auto row = [](const char* title, const char* target, const char* expected, const char* left) {
            QTest::newRow(title) << QString::fromLatin1(target) << QString::fromLatin1(expected)
                                 << QString::fromLatin1(left);
        };
        row("the only parameter", "/v1beta/m?key=lth-secret", "in", "/v1beta/m");
        row("between others", "/v1beta/m?alt=sse&key=lth-secret&x=%41", "in", "/v1beta/m?alt=sse&x=%41");
        row("escaped", "/v1beta/m?%6Bey=lth%2dsecret&a", "in", "/v1beta/m?a");
        row("twice", "/v1beta/m?key=lth-secret&key=lth-secret", "in", "/v1beta/m");
        row("the provider's key beside it", "/v1beta/m?key=AIza&key=lth-secret", "in", "/v1beta/m?key=AIza");
        row("another key", "/v1beta/m?key=AIza&&", "token_missing", "/v1beta/m?key=AIza&&");
        row("another parameter", "/v1beta/m?q=lth-secret", "token_missing", "/v1beta/m?q=lth-secret");
        row("in the path", "/v1beta/key=lth-secret?", "token_missing", "/v1beta/key=lth-secret?");
    }
    void aTokenInGeminisKeyParameterLetsInAndGoesNoFurther()
    {
        QFETCH(QString, target);
        QFETCH(QString, expected);
        QFETCH(QString, left);
        ClientAccess rules = access();
        rules.tokenRequired = true;
        protocol::RequestHead head;
        head.target = target.toStdString();
        head.fields.add("Host", "127.0.0.1:4000");
        QCOMPARE(verdict(rules, head), expected);
        removeClientToken(rules, head);
        QCOMPARE(QString::fromStdString(head.target), left);
    }

    void anEmptyTokenListLetsNobodyIn()
    {
        ClientAccess rules = access();
        rules.tokenRequired = true;
        rules.tokens = {""};
        protocol::RequestHead head;
        head.fields.add("Host", "127.0.0.1:4000");
        head.fields.add("x-luthien-token", "");
        QCOMPARE(verdict(rules, head), QStringLiteral("token_missing"));
    }

    void onlyOurTokenIsTakenOut()
    {
        protocol::RequestHead head;
        head.fields.add("x-luthien-token", "lth-secret");
        head.fields.add("Authorization", "Bearer sk-provider");
        head.fields.add("x-api-key", "lth-secret");
        removeClientToken(access(), head);
        QVERIFY(!head.fields.has("x-luthien-token"));
        QVERIFY(!head.fields.has("x-api-key"));
        QCOMPARE(head.fields.value("authorization"), std::string_view("Bearer sk-provider"));
    }
};

LUTHIEN_TEST(tst_access, TestAccess)
#include "tst_access.moc"
