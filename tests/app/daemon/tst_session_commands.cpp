// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/daemon_fixture.h"
#include "support/test_registry.h"

#include <filesystem>

using namespace luthien;
using namespace luthien::test;
namespace json = boost::json;

/// luthiend pin, unpin and delete.
class TestSessionCommands : public DaemonFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }
    void pinsAndDeletesASession_data();
    void pinsAndDeletesASession();
    void makesNothingWhereNothingWasRecorded();
};

void TestSessionCommands::pinsAndDeletesASession_data()
{
    QTest::addColumn<bool>("isServing");
    QTest::newRow("while nothing runs") << false;
    QTest::newRow("beside a running instance") << true;
}

void TestSessionCommands::pinsAndDeletesASession()
{
    QFETCH(bool, isServing);
    QVERIFY(serve());
    QVERIFY(streamACall().find("[DONE]") != std::string::npos);
    QTRY_VERIFY_WITH_TIMEOUT(api("/api/v1/sessions").find(R"("status":"completed")") != std::string::npos, 10'000);
    if (!isServing) {
        m_server->terminate();
        QVERIFY(m_server->waitForFinished());
    }
    const auto listed = [this] { return run({QStringLiteral("sessions"), QStringLiteral("--json")}).out; };
    const auto session = json::parse(listed()).as_object();
    QVERIFY(session.at("bytes").as_int64() > 0);
    const auto id = QString::fromUtf8(session.at("id").as_string().c_str());
    QCOMPARE(run({QStringLiteral("pin"), id}).code, 0);
    QCOMPARE(json::parse(listed()).at("pinned"), json::value(true));
    QVERIFY(run({QStringLiteral("sessions"), QStringLiteral("--filter"), QStringLiteral("-is:pinned"),
                 QStringLiteral("--json")})
                .out.empty());
    QCOMPARE(run({QStringLiteral("unpin"), id}).code, 0);
    QCOMPARE(json::parse(listed()).at("pinned"), json::value(false));
    for (const auto& words : {QStringList{QStringLiteral("pin")}, QStringList{QStringLiteral("unpin")},
                              QStringList{QStringLiteral("delete"), QStringLiteral("--yes")}}) {
        const Outcome unknown = run(words + QStringList{QStringLiteral("nobody")});
        QCOMPARE(unknown.code, 1);
        QVERIFY2(unknown.error.find("luthiend: nobody: ") != std::string::npos, unknown.error.c_str());
        const Outcome wrong = run(words + QStringList{QStringLiteral("no body")});
        QCOMPARE(wrong.code, 2);
        QVERIFY2(wrong.error.starts_with("luthiend: 'no body': "), wrong.error.c_str());
    }
    QCOMPARE(run({QStringLiteral("delete"), id}).code, 2); // nobody can be asked
    const auto elsewhere = run({QStringLiteral("delete"), id, QStringLiteral("--yes"), QStringLiteral("--database"),
                                QStringLiteral("postgresql://u@127.0.0.1:1/d")});
    QCOMPARE(elsewhere.code, 1);
    QVERIFY(!isServing || elsewhere.error.find("another database (sqlite)") != std::string::npos);
    QVERIFY(!listed().empty());
    QCOMPARE(run({QStringLiteral("delete"), id, QStringLiteral("--yes")}).code, 0);
    QVERIFY(listed().empty());
}

void TestSessionCommands::makesNothingWhereNothingWasRecorded()
{
    for (const auto& words : {QStringList{QStringLiteral("pin")}, QStringList{QStringLiteral("unpin")},
                              QStringList{QStringLiteral("delete"), QStringLiteral("--yes")}}) {
        const Outcome outcome = run(words + QStringList{QStringLiteral("some-session")});
        QCOMPARE(outcome.code, 1);
        QVERIFY2(outcome.error.find("nothing was recorded here yet") != std::string::npos, outcome.error.c_str());
        QVERIFY(!std::filesystem::exists(path("data")));
    }
}

LUTHIEN_TEST(tst_session_commands, TestSessionCommands)
#include "tst_session_commands.moc"
