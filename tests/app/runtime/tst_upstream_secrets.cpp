// SPDX-License-Identifier: Apache-2.0
#include "runtime/config.h"
#include "runtime/upstream_secrets.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>

using namespace luthien;
using namespace luthien::runtime;

/// Over files; a real keychain is asked in app/daemon/tst_verify_command.
class TestUpstreamSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasWrittenIsReadAndListed();
    void whatCannotBeASecretIsRefused_data();
    void whatCannotBeASecretIsRefused();
    void othersCannotReadAFile();
    void withoutAKeychainThereAreNone();
    void aConfigurationGetsItsOwn();

private:
    [[nodiscard]] UpstreamSecrets secrets(SecretPlace place = SecretPlace::File) const
    {
        return {place, {{"HOME", m_home.path().toStdString()}}, std::chrono::seconds(5)};
    }
    [[nodiscard]] std::filesystem::path file(const char* name) const
    {
        return std::filesystem::path(m_home.path().toStdString()) / ".config" / "luthien" / "secrets" / name;
    }

    const QTemporaryDir m_home;
};

void TestUpstreamSecrets::whatWasWrittenIsReadAndListed()
{
    const auto secrets = this->secrets();
    QVERIFY(secrets.names()->empty());
    QVERIFY(secrets.write("openai", "sk-1"));
    QVERIFY(secrets.write("anthropic", "sk-2"));
    QVERIFY(secrets.write("openai", "sk-3"));
    QCOMPARE(secrets.names().value(), (std::vector<std::string>{"anthropic", "openai"}));
    QCOMPARE(secrets.read("openai").value(), std::string("sk-3"));
    QVERIFY(secrets.remove("openai"));
    QCOMPARE(secrets.names().value(), std::vector<std::string>{"anthropic"});
    QCOMPARE(secrets.read("openai").error().code, ErrorCode::NotFound);
    QCOMPARE(secrets.remove("openai").error().code, ErrorCode::NotFound);
}

void TestUpstreamSecrets::whatCannotBeASecretIsRefused_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<std::string>("text");
    const auto row = [](const char* what, std::string name, std::string text) {
        QTest::newRow(what) << std::move(name) << std::move(text);
    };
    row("a name that leaves the directory", "../evidence-key", "sk");
    row("a name with a dot", "a.b", "sk");
    row("no name", "", "sk");
    row("a name that is too long", std::string(65, 'a'), "sk");
    row("no text", "a", "");
    row("a text that would begin another header", "a", "sk\r\nx: y");
    row("a text with a space", "a", "my secret");
    row("a text outside of ASCII", "a", "sch\xc3\xb6n");
    row("a text that is too long", "a", std::string(UpstreamSecrets::kMaxBytes + 1, 'k'));
}

void TestUpstreamSecrets::whatCannotBeASecretIsRefused()
{
    QFETCH(std::string, name);
    QFETCH(std::string, text);
    const auto written = secrets().write(name, text);
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::InvalidArgument);
    QVERIFY(text.size() < 3 || written.error().toString().find(text) == std::string::npos);
    QVERIFY(!secrets().read(name));
}

void TestUpstreamSecrets::othersCannotReadAFile()
{
    QVERIFY(secrets().write("mine", "sk-1"));
    const auto mode = std::filesystem::status(file("mine")).permissions();
    QCOMPARE(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::permissions(file("mine"), mode | std::filesystem::perms::group_read);
    QVERIFY(!secrets().read("mine"));
    std::filesystem::permissions(file("mine"), mode);
    std::ofstream(file("mine")) << "sk-1\r\nx: y";
    QVERIFY(!secrets().read("mine")); // changed by hand into what would be two headers
}

void TestUpstreamSecrets::withoutAKeychainThereAreNone()
{
    QCOMPARE(secrets(SecretPlace::Keychain).read("a").error().code, ErrorCode::Unavailable);
    QCOMPARE(secrets(SecretPlace::Keychain).write("a", "sk").error().code, ErrorCode::Unavailable);
    QCOMPARE(secrets(SecretPlace::Off).read("a").error().code, ErrorCode::Unsupported);
    QCOMPARE(secrets(SecretPlace::Off).write("a", "sk").error().code, ErrorCode::Unsupported);
}

void TestUpstreamSecrets::aConfigurationGetsItsOwn()
{
    const auto secrets = this->secrets();
    QVERIFY(secrets.write("b", "sk-b"));
    Config config = defaultConfig(Program::Daemon);
    QVERIFY(secretsOf(config, this->secrets(SecretPlace::Off))->empty()); // nobody is asked for nothing
    config.upstreams[0].credential = {.source = Credential::Source::Secret, .name = "b"};
    config.upstreams[1].credential = {.source = Credential::Source::Secret, .name = "b"};
    const std::map<std::string, std::string> expected{{"b", "sk-b"}};
    QCOMPARE(secretsOf(config, secrets).value(), expected);
    config.upstreams[2].credential = {.source = Credential::Source::Secret, .name = "missing"};
    const auto found = secretsOf(config, secrets);
    QVERIFY(!found);
    const std::string text = found.error().toString();
    QVERIFY2(text.find("upstream 'chatgpt' takes its key from the secret 'missing'") == 0, text.c_str());
    QVERIFY2(text.ends_with("; set it with: luthiend secret set missing"), text.c_str());
}

LUTHIEN_TEST(tst_upstream_secrets, TestUpstreamSecrets)
#include "tst_upstream_secrets.moc"
