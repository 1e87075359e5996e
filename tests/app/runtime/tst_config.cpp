// SPDX-License-Identifier: Apache-2.0
#include "runtime/config.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

#include <fstream>

using namespace luthien;
using namespace luthien::runtime;

class TestConfig : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void defaultsAreTheContracts();
    void laterSourcesWin();
    void environmentMistakesAreErrors_data();
    void environmentMistakesAreErrors();
    void namedFileMustExist();
    void refusesToStart_data();
    void refusesToStart();
    void saysWhatHasNoEffect();
};

namespace {
std::filesystem::path writeConfig(const QTemporaryDir& directory, const std::string& text)
{
    const std::filesystem::path file = directory.filePath(QStringLiteral("config.yaml")).toStdString();
    std::ofstream(file) << text;
    return file;
}
} // namespace

void TestConfig::defaultsAreTheContracts()
{
    const auto config = loadConfig({});
    QVERIFY(config.hasValue());
    QCOMPARE(config->listen.toString(), "127.0.0.1:4000");
    QCOMPARE(config->control->toString(), "127.0.0.1:4001");
    QCOMPARE(config->limits.requestBodyBytes, 32U * 1024 * 1024);
    QCOMPARE(config->limits.idle, std::chrono::seconds(300));
    QCOMPARE(config->journalQuotaBytes, 4ULL << 30U);
    QVERIFY(checkConfig(*config).hasValue());
    QVERIFY(!loadConfig({.program = Program::Desktop})->control);
}

void TestConfig::laterSourcesWin()
{
    const QTemporaryDir directory;
    ConfigSources sources{.file = writeConfig(directory, "limits: {idle: 1s, connect: 1s, heartbeat: 1s}\n")};
    sources.environment = {{"LUTHIEN_LIMITS__CONNECT", "2s"}, {"LUTHIEN_LIMITS__HEARTBEAT", "2s"}, {"OTHER", "x"}};
    sources.commandLine = {{"limits.heartbeat", "3s"}};
    const auto config = loadConfig(sources);
    QVERIFY2(config.hasValue(), config ? "" : config.error().toString().c_str());
    QCOMPARE(config->limits.idle, std::chrono::seconds(1));
    QCOMPARE(config->limits.connect, std::chrono::seconds(2));
    QCOMPARE(config->limits.heartbeat, std::chrono::seconds(3));
    QCOMPARE(config->originOf("limits.idle"), ValueOrigin::File);
    QCOMPARE(config->originOf("limits.connect"), ValueOrigin::Environment);
    QCOMPARE(config->originOf("limits.heartbeat"), ValueOrigin::CommandLine);
    QCOMPARE(config->originOf("listen"), ValueOrigin::Default);
    QCOMPARE(valueOriginName(config->originOf("limits.connect")), "environment");
}

void TestConfig::environmentMistakesAreErrors_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<std::string>("value");
    QTest::addColumn<std::string>("message");
    QTest::newRow("a misspelt setting") << std::string("LUTHIEN_LIMITS__ILDE") << std::string("1s")
                                        << std::string("LUTHIEN_LIMITS__ILDE: no setting has this name");
    QTest::newRow("a value that does not fit")
        << std::string("LUTHIEN_LISTEN") << std::string("4000")
        << std::string("LUTHIEN_LISTEN: '4000' is not an address; write host:port, such as 127.0.0.1:4000");
    QTest::newRow("a variable of ours that is no setting")
        << std::string("LUTHIEN_HOME") << std::string("x") << std::string();
}

void TestConfig::environmentMistakesAreErrors()
{
    QFETCH(std::string, name);
    QFETCH(std::string, value);
    QFETCH(std::string, message);
    ConfigSources sources;
    sources.environment[name] = value;
    const auto config = loadConfig(sources);
    QCOMPARE(config ? std::string() : config.error().toString(), message);
}

void TestConfig::namedFileMustExist()
{
    const std::filesystem::path missing = "/nonexistent/config.yaml";
    QVERIFY(loadConfig({.file = missing}).hasValue());
    QCOMPARE(loadConfig({.file = missing, .fileMustExist = true}).error().code, ErrorCode::InvalidArgument);
}

void TestConfig::refusesToStart_data()
{
    QTest::addColumn<std::string>("yaml");
    QTest::addColumn<std::string>("message"); // empty = starts
    const auto row = [](const char* name, const char* yaml, const char* message) {
        QTest::newRow(name) << std::string(yaml) << std::string(message);
    };
    row("anonymous access on loopback starts", "listen: '[::1]:4000'\n", "");
    row("a noop policy starts", "policies: [{id: a, type: noop}]\n", "");
    row("a token makes other addresses possible", "listen: 0.0.0.0:4000\nclients: {auth: token}\n", "");
    row("a token makes our own key possible",
        "clients: {auth: token}\nupstreams: [{name: a, base_url: http://a, api: other, credential: env:KEY}]\n", "");
    row("anonymous access from outside", "listen: 0.0.0.0:4000\n", "clients.auth none is for loopback only");
    row("anonymous access from every IPv6 address", "listen: '[::]:4000'\n", "clients.auth none is for loopback only");
    row("anonymous access to our own key",
        "upstreams: [{name: a, base_url: http://a, api: other, credential: env:KEY}]\n",
        "clients.auth none would let anybody use the key of upstream 'a'");
    row("a key that is not there",
        "clients: {auth: token}\nupstreams: [{name: a, base_url: http://a, api: other, credential: env:NO_SUCH}]\n",
        "upstream 'a' takes its key from the variable NO_SUCH, which is not set");
    row("a key that would begin another header",
        "clients: {auth: token}\nupstreams: [{name: a, base_url: http://a, api: other, credential: env:TORN}]\n",
        "the key in the variable TORN holds a space, a line end or another byte that no key has");
    row("a secret of the keychain",
        "clients: {auth: token}\nupstreams: [{name: a, base_url: http://a, api: other, credential: secret:b}]\n", "");
    row("a secret where there are none",
        "secrets: off\nclients: {auth: token}\n"
        "upstreams: [{name: a, base_url: http://a, api: other, credential: secret:b}]\n",
        "upstream 'a' names secret:b, but secrets are off; set secrets to keychain or file");
    row("a control port for everybody", "control: 0.0.0.0:4001\n", "control listens on loopback only");
    row("a rate nobody enforces", "limits: {rate_per_client: 60/m}\n", "limits.rate_per_client is not enforced");
    row("a collector nobody feeds", "telemetry: {otlp: 'http://localhost:4318'}\n", "telemetry.otlp is not sent");
}

void TestConfig::refusesToStart()
{
    QFETCH(std::string, yaml);
    QFETCH(std::string, message);
    const QTemporaryDir directory;
    ConfigSources sources{.file = writeConfig(directory, yaml)};
    sources.environment["KEY"] = "sk-test";
    sources.environment["TORN"] = "sk-test\r\nx-other: 1";
    const auto config = loadConfig(sources);
    const auto checked = config ? checkConfig(*config) : Result<void>(config.error());
    QCOMPARE(checked.hasValue(), message.empty());
    if (!checked)
        QVERIFY2(checked.error().message.starts_with(message), checked.error().toString().c_str());
}

void TestConfig::saysWhatHasNoEffect()
{
    QVERIFY(ineffectiveSettings(*loadConfig({})).empty());
    ConfigSources sources;
    sources.environment = {{"LUTHIEN_RETENTION__BODIES", "7d"}, {"LUTHIEN_BREAKER__FAILURES", "7"}};
    const auto sentences = ineffectiveSettings(*loadConfig(sources));
    QCOMPARE(sentences.size(), 1U);
    QCOMPARE(sentences[0], "breaker is set but has no effect in this version");
}

LUTHIEN_TEST(tst_config, TestConfig)
#include "tst_config.moc"
