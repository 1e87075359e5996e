// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/daemon_fixture.h"
#include "app/daemon/private_keychain.h"
#include "support/test_registry.h"

#include <QDirIterator>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QtTest>

#include <csignal>

using namespace luthien;
using namespace luthien::test;
namespace json = boost::json;

namespace {
bool holds(const Outcome& outcome)
{
    return outcome.code == 0 && outcome.out.find("the record holds") != std::string::npos;
}
} // namespace

/// The record is checked as a user checks it.
class TestVerifyCommand : public DaemonFixture
{
    Q_OBJECT
private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }
    void namesWhatDoesNotHold();
    void knowsAHeadThatWasKept();
    void checksAnExportedFile();
    void signsWithTheKeychain();
    void makesNoKeyring();
    void signsWithAFile();
    void everyLinkSinceTheFirstSignatureHasOne();

private:
    /// Records a call with a decision, and ends the server.
    [[nodiscard]] bool record();
    [[nodiscard]] bool stop();
    [[nodiscard]] Outcome verify(const QStringList& options = {})
    {
        return run(QStringList{QStringLiteral("verify"), QStringLiteral("--config"),
                               QString::fromStdString(path("config.yaml"))} +
                   options);
    }
    [[nodiscard]] bool change(const char* sql) const;
    /// Whether a file below the test's directory holds these bytes.
    [[nodiscard]] bool isInAFile(const QByteArray& bytes) const;
};

bool TestVerifyCommand::stop()
{
    ::kill(static_cast<pid_t>(m_server->processId()), SIGTERM);
    return m_server->waitForFinished(20'000) && m_server->exitCode() == 0;
}

bool TestVerifyCommand::record()
{
    std::ofstream(path("config.yaml"), std::ios::app)
        << "policies:\n  - {id: no-wipe, type: tool-rules, mode: enforce, config: {rules: [{tool: wipe_disk, do: "
           "deny, reason: no}]}}\n";
    return serve() && streamACall(kToolRequest).find("blocked") != std::string::npos && stop();
}

bool TestVerifyCommand::change(const char* sql) const
{
    bool done = false;
    {
        auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("change"));
        database.setDatabaseName(QString::fromStdString(path("data/luthien.db")));
        QSqlQuery query(database.open() ? database : QSqlDatabase());
        done = query.exec(QString::fromLatin1(sql)) && query.numRowsAffected() == 1;
        if (!done)
            qCritical("%s", qPrintable(query.lastError().text()));
    }
    QSqlDatabase::removeDatabase(QStringLiteral("change"));
    return done;
}

bool TestVerifyCommand::isInAFile(const QByteArray& bytes) const
{
    QDirIterator files(m_directory->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(bytes))
            return true;
    }
    return false;
}

void TestVerifyCommand::namesWhatDoesNotHold()
{
    QCOMPARE(verify().code, 1); // nothing was recorded
    QVERIFY(record());
    const Outcome whole = verify();
    QVERIFY2(holds(whole), (whole.out + whole.error).c_str());
    QVERIFY2(whole.out.find("are not signed") != std::string::npos, whole.out.c_str());
    QVERIFY2(whole.error.find("signatures are not checked: keychain") != std::string::npos, whole.error.c_str());
    QVERIFY(change("UPDATE decision SET reason = 'fine'"));
    const Outcome changed = verify();
    QCOMPARE(changed.code, 3);
    QVERIFY2(
        changed.out.starts_with("the record does not hold: the decision that link 1 is about is not what was recorded"),
        changed.out.c_str());
    const QStringList session{QStringLiteral("--session"), QStringLiteral("e2e")};
    const Outcome alone = verify(session);
    QCOMPARE(alone.code, 3);
    QVERIFY2(alone.out.starts_with("the session does not hold: the decision that link 1 is about"), alone.out.c_str());
    QVERIFY2(alone.out.find("neither the rest of the chain nor its signatures") != std::string::npos,
             alone.out.c_str());
    QCOMPARE(verify(session + QStringList(QStringLiteral("--signed"))).code, 2);
    QCOMPARE(verify({QStringLiteral("--session"), QStringLiteral("nobody")}).code, 1);
    const Outcome asJson = verify({QStringLiteral("--json")});
    QCOMPARE(asJson.code, 3);
    const auto report = json::parse(asJson.out).as_object();
    QVERIFY(!report.at("holds").as_bool());
    QCOMPARE(report.at("first_break").at("link").as_int64(), 1);
}

void TestVerifyCommand::knowsAHeadThatWasKept()
{
    QVERIFY(record());
    const auto head = json::parse(verify({QStringLiteral("--json")}).out).at("head");
    const QString kept = QStringLiteral("%1:%2")
                             .arg(head.at("number").as_int64())
                             .arg(QString::fromUtf8(head.at("sha256").as_string().c_str()));
    QVERIFY(holds(verify({QStringLiteral("--head"), kept})));
    QVERIFY(serve());
    QVERIFY(holds(verify({QStringLiteral("--head"), kept}))); // beside a running instance
    QVERIFY(stop());
    QCOMPARE(verify({QStringLiteral("--head"), QStringLiteral("99:") + kept.section(u':', 1)}).code, 3);
    QCOMPARE(verify({QStringLiteral("--head"), kept.section(u':', 0, 0) + u':' + QString(64, u'a')}).code, 3);
    for (const char* const wrong : {"12", "0:", "1:xyz", "x:y"})
        QCOMPARE(verify({QStringLiteral("--head"), QString::fromLatin1(wrong)}).code, 2);
}

void TestVerifyCommand::checksAnExportedFile()
{
    QVERIFY(record());
    const QString name = QString::fromStdString(path("export.jsonl"));
    QCOMPARE(run({QStringLiteral("export"), QStringLiteral("--session"), QStringLiteral("e2e"),
                  QStringLiteral("--output"), name})
                 .code,
             0);
    const auto verifyFile = [&] { return verify({QStringLiteral("--file"), name}); };
    const Outcome whole = verifyFile();
    QVERIFY2(whole.code == 0, (whole.out + whole.error).c_str());
    QVERIFY2(whole.out.find("1 decisions with their links") != std::string::npos, whole.out.c_str());
    QFile file(name);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    file.close();
    const auto verdictOn = [&](const QByteArray& changed) {
        QFile to(name);
        if (!to.open(QIODevice::WriteOnly | QIODevice::Truncate))
            return std::string();
        to.write(changed);
        to.close();
        const Outcome outcome = verifyFile();
        return outcome.code == 3 ? outcome.out : "code " + std::to_string(outcome.code) + ' ' + outcome.error;
    };
    const std::string decision =
        verdictOn(QByteArray(text).replace("\"verdict\":\"block\"", "\"verdict\":\"continue\""));
    QVERIFY2(decision.find("is not what its link says") != std::string::npos, decision.c_str());
    const std::string other = verdictOn(QByteArray(text).replace("\"status\":\"completed\"", "\"status\":\"failed\""));
    QVERIFY2(other.find("are not those that were exported") != std::string::npos, other.c_str());
    const std::string cut = verdictOn(text.left(text.lastIndexOf("\n{") + 1));
    QVERIFY2(cut.find("cut off") != std::string::npos, cut.c_str());
}

void TestVerifyCommand::signsWithTheKeychain()
{
    PrivateKeychain keychain;
    QVERIFY(keychain.start());
    m_variables = keychain.variables();
    m_variables.remove(QStringLiteral("HOME"));
    QVERIFY(serve());
    QByteArray log;
    QTRY_VERIFY_WITH_TIMEOUT((log += m_server->readAllStandardError()).contains("is signed with key"), 10'000);
    const QByteArray key = keychain.secret();
    QCOMPARE(key.size(), 64);
    QVERIFY(!streamACall().empty());
    QVERIFY(stop());
    log += m_server->readAllStandardError();
    // What a crash leaves in the journal is signed, too.
    QVERIFY(serve());
    QVERIFY(!streamACall().empty());
    m_server->kill();
    QVERIFY(m_server->waitForFinished(20'000));
    log += m_server->readAllStandardError();
    QVERIFY(serve());
    QVERIFY(stop());
    log += m_server->readAllStandardError();
    const Outcome whole = verify({QStringLiteral("--signed")});
    QVERIFY2(holds(whole), (whole.out + whole.error).c_str());
    QVERIFY2(whole.out.find("links 1 to 3 are signed with key") != std::string::npos, whole.out.c_str());
    QVERIFY(whole.out.find("not at hand") == std::string::npos);
    QCOMPARE(run({QStringLiteral("export"), QStringLiteral("--session"), QStringLiteral("e2e"),
                  QStringLiteral("--output"), QString::fromStdString(path("export.jsonl"))})
                 .code,
             0);
    QVERIFY(!log.contains(key));
    QVERIFY(!isInAFile(key));
    QVERIFY(!isInAFile(QByteArray::fromHex(key)));
    // The key is lost: what it signed is still told apart, and so is what comes then.
    keychain.forget();
    const Outcome lost = verify({QStringLiteral("--signed")});
    QCOMPARE(lost.code, 3);
    QVERIFY2(lost.out.find("which is not at hand here") != std::string::npos, lost.out.c_str());
    m_variables.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
    m_variables.remove(QStringLiteral("XDG_RUNTIME_DIR"));
    QVERIFY(serve());
    QVERIFY(!streamACall().empty());
    QVERIFY(stop());
    const Outcome then = verify();
    QVERIFY2(holds(then), (then.out + then.error).c_str());
    QVERIFY2(then.out.find("links 4 to 5 are not signed") != std::string::npos, then.out.c_str());
}

/// A Secret Service would ask for the password of a new one, above whatever its user is doing.
void TestVerifyCommand::makesNoKeyring()
{
    PrivateKeychain keychain;
    QVERIFY(keychain.start(PrivateKeychain::Keyring::None));
    m_variables = keychain.variables();
    m_variables.remove(QStringLiteral("HOME"));
    QVERIFY(serve());
    QByteArray log;
    QTRY_VERIFY_WITH_TIMEOUT((log += m_server->readAllStandardError()).contains("is not signed"), 20'000);
    QVERIFY2(log.contains("has no default keyring"), log.constData());
    QVERIFY(!keychain.wasAskedToPrompt());
    QVERIFY(!streamACall().empty());
    QVERIFY(stop());
    const Outcome checked = verify();
    QVERIFY2(holds(checked), (checked.out + checked.error).c_str());
    QVERIFY2(checked.error.find("has no default keyring") != std::string::npos, checked.error.c_str());
}

void TestVerifyCommand::signsWithAFile()
{
    std::ofstream(path("config.yaml"), std::ios::app) << "secrets: file\n";
    QVERIFY(record());
    QFile key(QString::fromStdString(path(".config/luthien/evidence-key")));
    QCOMPARE(key.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
             QFile::Permissions());
    QVERIFY(key.open(QIODevice::ReadOnly));
    QCOMPARE(key.readAll().size(), 64);
    QVERIFY(holds(verify({QStringLiteral("--signed")})));
    QVERIFY(change("UPDATE evidence SET hmac = zeroblob(32) WHERE id = 2"));
    const Outcome forged = verify();
    QCOMPARE(forged.code, 3);
    QVERIFY2(forged.out.find("link 2 is not signed with the key") != std::string::npos, forged.out.c_str());
    // A file that others can read is not used.
    QVERIFY(key.setPermissions(QFile::ReadOwner | QFile::ReadOther));
    startServing();
    QVERIFY(m_server->waitForFinished(20'000));
    QVERIFY(m_server->exitCode() != 0);
}

void TestVerifyCommand::everyLinkSinceTheFirstSignatureHasOne()
{
    std::ifstream file(path("config.yaml"));
    const std::string config{std::istreambuf_iterator(file), {}};
    const auto restart = [&](const char* place) {
        std::ofstream(path("config.yaml")) << config << "secrets: " << place << '\n';
        return serve() && !streamACall().empty() && stop();
    };
    QVERIFY(restart("off"));
    QVERIFY(restart("file"));
    QVERIFY(holds(verify({QStringLiteral("--signed")})));
    // Without an instance, too.
    QCOMPARE(run({QStringLiteral("delete"), QStringLiteral("e2e"), QStringLiteral("--yes"), QStringLiteral("--config"),
                  QString::fromStdString(path("config.yaml"))})
                 .code,
             0);
    const Outcome afterDelete = verify({QStringLiteral("--signed")});
    QVERIFY2(holds(afterDelete), (afterDelete.out + afterDelete.error).c_str());
    QVERIFY2(afterDelete.out.find("removed since, as later links say: 2") != std::string::npos,
             afterDelete.out.c_str());
    // What comes after does not vouch for links that could have been signed.
    QVERIFY(restart("off"));
    QVERIFY(restart("file"));
    const Outcome gap = verify({QStringLiteral("--signed")});
    QVERIFY(gap.out.find("the record holds") != std::string::npos);
    QCOMPARE(gap.code, 3);
    // A head that was looked at and kept does.
    const auto head = json::parse(verify({QStringLiteral("--json")}).out).at("head");
    const QString kept = QStringLiteral("%1:%2")
                             .arg(head.at("number").as_int64())
                             .arg(QString::fromUtf8(head.at("sha256").as_string().c_str()));
    QCOMPARE(verify({QStringLiteral("--signed"), QStringLiteral("--head"), kept}).code, 0);
}

LUTHIEN_TEST(tst_verify_command, TestVerifyCommand)
#include "tst_verify_command.moc"
