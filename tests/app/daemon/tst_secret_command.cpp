// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/daemon_fixture.h"
#include "app/daemon/private_keychain.h"
#include "support/test_registry.h"

#include <QDirIterator>
#include <QFile>
#include <QtTest>

#include <csignal>

using namespace luthien;
using namespace luthien::test;

/// Keys of upstreams, as a user keeps and uses them.
class TestSecretCommand : public DaemonFixture
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        begin();
        m_config = "clients: {auth: token}\nupstreams:\n  - {name: openai, base_url: " + m_upstream->baseUrl() +
                   ", api: openai, credential: secret:openai}\n";
    }
    void cleanup() { end(); }
    void theKeychainKeepsKeys();
    void filesKeepKeys();
    void whatIsMissingStopsTheStart();

private:
    void configure(const std::string& more = {}) const { std::ofstream(path("config.yaml")) << m_config << more; }
    [[nodiscard]] Outcome secret(const QStringList& words, const QByteArray& input = {})
    {
        return run(QStringList{QStringLiteral("secret")} + words +
                       QStringList{QStringLiteral("--config"), QString::fromStdString(path("config.yaml"))},
                   input);
    }
    /// Serves a call, and sees what its upstream got and what is left of the key anywhere.
    void useKey();
    [[nodiscard]] QStringList filesWith(const QByteArray& bytes) const;

    std::string m_config;
};

namespace {
constexpr const char* kKey = "sk-kept-canary-1234567890";
} // namespace

QStringList TestSecretCommand::filesWith(const QByteArray& bytes) const
{
    QStringList names;
    QDirIterator files(m_directory->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(bytes))
            names.append(file.fileName());
    }
    return names;
}

void TestSecretCommand::useKey()
{
    QVERIFY(serve());
    std::ifstream file(path("data/client-token"));
    std::string token;
    file >> token;
    const std::string proxy = m_ready.at("proxy").as_string().c_str();
    const std::string fields = "Content-Type: application/json\r\nAuthorization: Bearer " + token + "\r\n";
    const std::string reply = talk(proxy, request("POST", "/v1/chat/completions", proxy.substr(7), fields, kBody));
    QVERIFY2(reply.find("[DONE]") != std::string::npos, reply.c_str());
    const auto requests = m_upstream->requests();
    QCOMPARE(requests.size(), std::size_t{1});
    QCOMPARE(requests.front().header("authorization"), std::string("Bearer ") + kKey);
    ::kill(static_cast<pid_t>(m_server->processId()), SIGTERM);
    QVERIFY(m_server->waitForFinished(20'000));
    QVERIFY(!m_server->readAllStandardError().contains(kKey));
}

void TestSecretCommand::theKeychainKeepsKeys()
{
    PrivateKeychain keychain;
    QVERIFY(keychain.start());
    m_variables = keychain.variables();
    m_variables.remove(QStringLiteral("HOME"));
    configure();
    QCOMPARE(secret({QStringLiteral("list")}).out, std::string());
    const Outcome set = secret({QStringLiteral("set"), QStringLiteral("openai")}, QByteArray(kKey) + '\n');
    QVERIFY2(set.code == 0, set.error.c_str());
    QCOMPARE(secret({QStringLiteral("set"), QStringLiteral("other")}, "sk-other").code, 0);
    QCOMPARE(keychain.secret(QStringLiteral("upstream-secret:openai")), QByteArray(kKey));
    QCOMPARE(secret({QStringLiteral("list")}).out, std::string("openai\nother\n"));
    useKey();
    QCOMPARE(filesWith(kKey), QStringList());
    QCOMPARE(secret({QStringLiteral("remove"), QStringLiteral("openai")}).code, 0);
    QCOMPARE(keychain.secret(QStringLiteral("upstream-secret:openai")), QByteArray());
    QCOMPARE(secret({QStringLiteral("list")}).out, std::string("other\n"));
    QCOMPARE(secret({QStringLiteral("remove"), QStringLiteral("openai")}).code, 1);
}

void TestSecretCommand::filesKeepKeys()
{
    configure("secrets: file\n");
    QCOMPARE(secret({QStringLiteral("set"), QStringLiteral("openai")}, QByteArray(kKey) + "\r\n").code, 0);
    const QString file = QString::fromStdString(path(".config/luthien/secrets/openai"));
    QCOMPARE(filesWith(kKey), QStringList{file});
    QCOMPARE(QFile::permissions(file) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
             QFile::Permissions());
    useKey();
    QCOMPARE(filesWith(kKey), QStringList{file});
}

void TestSecretCommand::whatIsMissingStopsTheStart()
{
    configure("secrets: file\n");
    startServing();
    QVERIFY(m_server->waitForFinished(20'000));
    QCOMPARE(m_server->exitCode(), 2);
    const QByteArray error = m_server->readAllStandardError();
    QVERIFY2(error.contains("upstream 'openai' takes its key from the secret 'openai', which cannot be had"),
             error.constData());
    QVERIFY2(error.contains("luthiend secret set openai"), error.constData());
    QCOMPARE(secret({QStringLiteral("set"), QStringLiteral("openai")}, "two words\n").code, 2);
    QCOMPARE(secret({QStringLiteral("set"), QStringLiteral("openai")}).code, 2);
    QCOMPARE(secret({QStringLiteral("show"), QStringLiteral("openai")}).code, 2);
    QCOMPARE(secret({QStringLiteral("list")}).out, std::string());
}

LUTHIEN_TEST(tst_secret_command, TestSecretCommand)
#include "tst_secret_command.moc"
