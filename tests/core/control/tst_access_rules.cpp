// SPDX-License-Identifier: Apache-2.0
#include "control/access_rules.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::control;

class TestAccessRules : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matrix_data();
    void matrix();
    void repeatedFieldsAreRefused_data();
    void repeatedFieldsAreRefused();
};

namespace {
struct Choice
{
    const char* value; ///< null = the field is missing
    unsigned refused;  ///< 0 = fine
};
const Choice kHosts[] = {{"127.0.0.1:4001", 0},
                         {"localhost:4001", 0},
                         {"LOCALHOST:4001", 0},
                         {"[::1]:4001", 0},
                         {nullptr, 421},
                         {"127.0.0.1", 421},
                         {"127.0.0.1:4000", 421},
                         {"evil.example:4001", 421},
                         {"localhost.evil.example:4001", 421},
                         {"127.0.0.1.nip.io:4001", 421},
                         {"0.0.0.0:4001", 421},
                         {"me@127.0.0.1:4001", 421}};
const Choice kOrigins[] = {{nullptr, 0}, {"null", 403}, {"https://evil.example", 403}, {"http://127.0.0.1:4001", 403}};
const Choice kSites[] = {{nullptr, 0}, {"none", 0}, {"same-origin", 403}, {"cross-site", 403}};
const Choice kTokens[] = {{"Bearer secret", 0},   {"bearer secret", 0},  {nullptr, 401},          {"Bearer ", 401},
                          {"Bearer secreT", 401}, {"Basic secret", 401}, {"Bearer secret2", 401}, {"secret", 401}};
} // namespace

void TestAccessRules::matrix_data()
{
    QTest::addColumn<protocol::RequestHead>("head");
    QTest::addColumn<unsigned>("status");
    for (const Choice& host : kHosts) {
        for (const Choice& origin : kOrigins) {
            for (const Choice& site : kSites) {
                for (const Choice& token : kTokens) {
                    protocol::RequestHead head;
                    const auto set = [&head](const char* name, const Choice& choice) {
                        if (choice.value != nullptr)
                            head.fields.add(name, choice.value);
                    };
                    set("Host", host);
                    set("Origin", origin);
                    set("Sec-Fetch-Site", site);
                    set("Authorization", token);
                    const unsigned web = std::max(origin.refused, site.refused);
                    const unsigned status = host.refused != 0 ? host.refused : web != 0 ? web : token.refused;
                    QTest::addRow("host %s, origin %s, site %s, token %s", host.value, origin.value, site.value,
                                  token.value)
                        << head << status;
                }
            }
        }
    }
}

void TestAccessRules::matrix()
{
    QFETCH(protocol::RequestHead, head);
    QFETCH(unsigned, status);
    const AccessRules rules(4001, "secret");
    const auto problem = rules.check(head, Protection::Token);
    QCOMPARE(problem ? problem->status : 0U, status);
    const auto open = rules.check(head, Protection::Open);
    QCOMPARE(open ? open->status : 0U, status == 401 ? 0U : status);
}

void TestAccessRules::repeatedFieldsAreRefused_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<unsigned>("status");
    QTest::newRow("two hosts") << QByteArray("Host") << QByteArray("127.0.0.1:4001") << 421U;
    QTest::newRow("two tokens") << QByteArray("Authorization") << QByteArray("Bearer secret") << 401U;
}

void TestAccessRules::repeatedFieldsAreRefused()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    protocol::RequestHead head;
    head.fields.add("Host", "127.0.0.1:4001");
    head.fields.add("Authorization", "Bearer secret");
    QVERIFY(!AccessRules(4001, "secret").check(head, Protection::Token));
    head.fields.add(name.toStdString(), value.toStdString());
    QTEST(AccessRules(4001, "secret").check(head, Protection::Token)->status, "status");
}

LUTHIEN_TEST(tst_access_rules, TestAccessRules)
#include "tst_access_rules.moc"
