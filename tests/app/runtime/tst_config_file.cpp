// SPDX-License-Identifier: Apache-2.0
#include "runtime/config_file.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

#include <fstream>

using namespace luthien;
using namespace luthien::runtime;

class TestConfigFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsTheWholeContract();
    void emptyFileChangesNothing();
    void refuses_data();
    void refuses();
    void neverRepeatsAKey();
    void refusesAFileThatIsTooLarge();
};

namespace {
constexpr const char* kContract = R"(listen: 127.0.0.1:4100
control: off
workers: auto
database: sqlite
clients: {auth: token, origins: ["http://localhost:3000"], hosts: [luthien.lan]}
upstreams:
  - {name: anthropic, base_url: https://api.anthropic.com, api: anthropic-messages, credential: passthrough}
  - {name: openai, base_url: https://api.openai.com, api: openai, credential: env:OPENAI_KEY}
  - {name: ollama, base_url: http://127.0.0.1:11434, api: ollama}
policies:
  - {id: sql, type: destructive-sql, mode: shadow, config: {classes: [drop]}, on_error: pass}
limits: {header: 16KiB, request_body: 8MiB, held_call: 4MiB, streams: 100, connect: 5s, idle: 60s, approval: 30s, heartbeat: 3s, rate_per_client: 60/m}
retry: {attempts: 3, base: 250ms, cap: 4s}
breaker: {failures: 7, open_for: 20s}
store: {journal_quota: 1GiB, when_full: stop}
retention: {bodies: 7d, metadata: 90d}
telemetry: {otlp: off, logs: debug}
)";
}

void TestConfigFile::readsTheWholeContract()
{
    Config config = defaultConfig(Program::Daemon);
    const auto applied = applyYaml(config, kContract, "config.yaml");
    QVERIFY2(applied.hasValue(), applied ? "" : applied.error().toString().c_str());
    QCOMPARE(config.listen.toString(), "127.0.0.1:4100");
    QVERIFY(!config.control);
    QCOMPARE(config.auth, ClientAuth::Token);
    QCOMPARE(config.origins, std::vector<std::string>{"http://localhost:3000"});
    QCOMPARE(config.hosts, std::vector<std::string>{"luthien.lan"});
    QCOMPARE(config.upstreams.size(), 3U);
    QCOMPARE(config.upstreams[1].credential.toString(), "env:OPENAI_KEY");
    QCOMPARE(config.upstreams[2].credential.toString(), "passthrough");
    QCOMPARE(config.policies.size(), 1U);
    const policy::Definition& policy = config.policies[0].definition;
    QCOMPARE(policy.id, "sql");
    QCOMPARE(policy.type, "destructive-sql");
    QCOMPARE(policy.mode, policy::PolicyMode::Shadow);
    QCOMPARE(policy.config, R"({"classes":["drop"]})");
    QCOMPARE(policy.onError, policy::OnError::Pass);
    QCOMPARE(config.policies[0].place, "config.yaml:11");
    QCOMPARE(config.limits.headerBytes, 16U * 1024);
    QCOMPARE(config.limits.idle, std::chrono::seconds(60));
    QCOMPARE(config.ratePerClient, "60/m");
    QCOMPARE(config.breakerOpenFor, std::chrono::seconds(20));
    QCOMPARE(config.journalQuotaBytes, 1ULL << 30U);
    QCOMPARE(config.retainBodies, std::chrono::days(7));
    QCOMPARE(config.logs, "debug");
    QCOMPARE(config.originOf("limits.idle"), ValueOrigin::File);
    QCOMPARE(config.originOf("limits.total"), ValueOrigin::Default);
}

void TestConfigFile::emptyFileChangesNothing()
{
    for (const char* text : {"", "# only a remark\n", "---\n"}) {
        Config config = defaultConfig(Program::Daemon);
        QVERIFY(applyYaml(config, text, "config.yaml").hasValue());
        QVERIFY(config.valueSources.empty());
        QCOMPARE(config.upstreams.size(), 5U);
    }
}

void TestConfigFile::refuses_data()
{
    QTest::addColumn<std::string>("yaml");
    QTest::addColumn<std::string>("message");
    const auto row = [](const char* name, const char* yaml, const char* message) {
        QTest::newRow(name) << std::string(yaml) << std::string(message);
    };
    row("an unknown setting", "listen: 127.0.0.1:1\nlimts: {idle: 1s}\n",
        "c.yaml:2: unknown setting 'limts'; docs/configuration.md lists all of them");
    row("a setting in the wrong place", "\n\nidle: 1s\n",
        "c.yaml:3: unknown setting 'idle'; did you mean 'limits.idle'?");
    row("an unknown limit", "limits:\n  idle: 1s\n  ilde: 2s\n",
        "c.yaml:3: unknown setting 'limits.ilde'; docs/configuration.md lists all of them");
    row("the same setting twice", "listen: 127.0.0.1:1\nlisten: 127.0.0.1:2\n", "c.yaml:2: 'listen' is set twice");
    row("a duration without unit", "limits:\n  idle: 10\n",
        "c.yaml:2: 'limits.idle': '10' is not a duration; write a whole number with its unit, such as 10s");
    row("a size out of range", "limits: {header: 1GiB}\n",
        "c.yaml:1: 'limits.header': '1GiB' is out of range; 1KiB to 1MiB is possible");
    row("a list where one value belongs", "listen: [127.0.0.1:1]\n", "c.yaml:1: 'listen' takes one value");
    row("a value where a section belongs", "limits: 5\n", "c.yaml:1: 'limits' holds settings of its own");
    row("a file that is a list", "- listen\n", "c.yaml:1: the file must be a list of settings, 'name: value'");
    row("broken YAML", "listen: 127.0.0.1:1\nlimits: {idle: 1s\n", "c.yaml:3: not valid YAML: ");
    row("an unknown api", "upstreams:\n  - {name: a, base_url: http://a, api: openapi}\n",
        "c.yaml:2: 'openapi' is no api; write anthropic-messages, openai, gemini, ollama or other");
    row("an upstream named like a path", "upstreams:\n  - {name: v1, base_url: http://a, api: other}\n",
        "c.yaml:2: 'v1' cannot name an upstream");
    row("an upstream without address", "upstreams:\n  - {name: a, api: other}\n",
        "c.yaml:2: an upstream needs name, base_url and api");
    row("two upstreams of one name",
        "upstreams:\n  - {name: a, base_url: http://a, api: other}\n  - {name: a, base_url: http://b, api: other}\n",
        "c.yaml:3: there are two upstreams called 'a'");
    row("an unknown upstream setting", "upstreams:\n  - name: a\n    url: http://a\n",
        "c.yaml:3: unknown setting 'url'");
    row("an origin wildcard", "clients:\n  origins: ['*']\n",
        "c.yaml:2: 'clients.origins' lists exact values; there are no wildcards");
    row("a policy without type", "policies:\n  - {id: sql}\n", "c.yaml:2: policy 'sql': type: ");
    row("a policy with an unsafe id", "policies:\n  - id: 'a b'\n    type: noop\n", "c.yaml:2: policy 'a b': id: ");
    row("a policy with an unknown mode", "policies:\n  - id: sql\n    type: noop\n    mode: on\n",
        "c.yaml:4: policy 'sql': mode: ");
    row("a policy with a misspelt member", "policies:\n  - id: sql\n    type: noop\n    on_eror: pass\n",
        "c.yaml:4: policy 'sql': on_eror: ");
    row("a policy limited by what nobody knows", "policies:\n  - {id: sql, type: noop, scope: {planets: [a]}}\n",
        "c.yaml:2: policy 'sql': scope.planets: ");
    row("settings of a policy that are a text", "policies:\n  - {id: sql, type: noop, config: drop}\n",
        "c.yaml:2: policy 'sql': config: ");
    row("two policies with one id", "policies:\n  - {id: a, type: noop}\n  - {id: a, type: noop}\n",
        "c.yaml:3: there are two policies with the id 'a'");
}

void TestConfigFile::refuses()
{
    QFETCH(std::string, yaml);
    QFETCH(std::string, message);
    Config config = defaultConfig(Program::Daemon);
    const auto applied = applyYaml(config, yaml, "c.yaml");
    QVERIFY(!applied);
    const std::string text = applied.error().toString();
    QVERIFY2(text.starts_with(message), text.c_str());
    QCOMPARE(applied.error().code, ErrorCode::InvalidInput);
}

void TestConfigFile::neverRepeatsAKey()
{
    Config config = defaultConfig(Program::Daemon);
    const auto applied = applyYaml(
        config, "upstreams:\n  - {name: a, base_url: http://a, api: other, credential: sk-live-secret}\n", "c.yaml");
    QVERIFY(!applied);
    QVERIFY(applied.error().toString().find("sk-live-secret") == std::string::npos);
}

void TestConfigFile::refusesAFileThatIsTooLarge()
{
    const QTemporaryDir directory;
    const std::filesystem::path file = directory.filePath(QStringLiteral("config.yaml")).toStdString();
    std::ofstream(file) << std::string(1024 * 1024 + 1, '#');
    Config config;
    QCOMPARE(applyFile(config, file).error().code, ErrorCode::TooLarge);
    QCOMPARE(applyFile(config, file.string() + ".missing").error().code, ErrorCode::NotFound);
}

LUTHIEN_TEST(tst_config_file, TestConfigFile)
#include "tst_config_file.moc"
