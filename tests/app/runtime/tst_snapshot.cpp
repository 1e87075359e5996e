// SPDX-License-Identifier: Apache-2.0
#include "runtime/snapshot.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::runtime;

class TestSnapshot : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void carriesTheConfiguration();
    void anonymousAccessHasNoToken();
};

void TestSnapshot::carriesTheConfiguration()
{
    Config config = defaultConfig(Program::Daemon);
    config.auth = ClientAuth::Token;
    config.origins = {"http://localhost:3000"};
    config.hosts = {"luthien.lan:4000"};
    config.limits.idle = std::chrono::seconds(7);
    config.upstreams[1].credential = {.source = Credential::Source::Environment, .name = "KEY"};
    config.upstreams[2].credential = {.source = Credential::Source::Secret, .name = "KEY"};
    const auto snapshot = makeSnapshot(config, {{"KEY", "sk-test"}}, {{"KEY", "sk-kept"}}, "token", {4001});
    QCOMPARE(snapshot->upstreams.size(), 5U);
    QCOMPARE(snapshot->upstreams[0].baseUrl.origin.host, "api.anthropic.com");
    QVERIFY(!snapshot->upstreams[0].credential);
    QCOMPARE(snapshot->upstreams[1].credential.value(), "sk-test");
    QCOMPARE(snapshot->upstreams[2].credential.value(), "sk-kept");
    QVERIFY(snapshot->clients.tokenRequired);
    QCOMPARE(snapshot->clients.tokens, std::vector<std::string>{"token"});
    QCOMPARE(snapshot->clients.origins, config.origins);
    QCOMPARE(snapshot->clients.hosts, config.hosts);
    QCOMPARE(snapshot->limits.idle, std::chrono::seconds(7));
    QCOMPARE(snapshot->guardedPorts, std::vector<std::uint16_t>{4001});
}

void TestSnapshot::anonymousAccessHasNoToken()
{
    const auto snapshot = makeSnapshot(defaultConfig(Program::Desktop), {}, {}, "token", {});
    QVERIFY(!snapshot->clients.tokenRequired);
    QVERIFY(snapshot->clients.tokens.empty());
}

LUTHIEN_TEST(tst_snapshot, TestSnapshot)
#include "tst_snapshot.moc"
