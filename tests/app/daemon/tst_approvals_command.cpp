// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/daemon_fixture.h"
#include "support/test_registry.h"

#include <QElapsedTimer>

#include <csignal>
#include <future>
#include <utility>

using namespace luthien;
using namespace luthien::test;
namespace json = boost::json;

namespace {
constexpr const char* kNextToolRequest =
    R"({"model":"m","stream":true,"messages":[{"role":"user","content":"Wipe the disk again"}]})";
}

/// People answer calls that wait, and do not.
class TestApprovalsCommand : public DaemonFixture
{
    Q_OBJECT
private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }
    void answersFromATerminal();
    void endsWithoutWaitingForAPerson();
};

void TestApprovalsCommand::answersFromATerminal()
{
    const auto approvals = [this](const QString& words) {
        return run(QStringList{QStringLiteral("approvals")} + words.split(u' '));
    };
    QCOMPARE(approvals(QStringLiteral("list")).code, 1); // nobody is there
    std::ofstream(path("config.yaml"), std::ios::app) << "policies:\n  - {id: ask, type: approval, mode: enforce}\n";
    QVERIFY(serve());
    const auto askForACall = [&](const char* body) {
        auto reply = std::async(std::launch::async, [this, body] { return streamACall(body); });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(!approvals(QStringLiteral("list --json")).out.empty(), 10'000); }();
        const auto waiting = json::parse(approvals(QStringLiteral("list --json")).out);
        return std::pair(std::move(reply), QString::fromUtf8(waiting.at("id").as_string().c_str()));
    };
    auto [first, firstId] = askForACall(kToolRequest);
    const std::string listed = approvals(QStringLiteral("list")).out;
    QVERIFY2(listed.find("wipe_disk") != std::string::npos && listed.find("arguments: {}") != std::string::npos,
             listed.c_str());
    QCOMPARE(approvals(QStringLiteral("preview ") + firstId).code, 2);
    QVERIFY(approvals(QStringLiteral("preview %1 --scope tool").arg(firstId)).out.find("matched 0 of 0") !=
            std::string::npos);
    QCOMPARE(approvals(QStringLiteral("answer %1 perhaps").arg(firstId)).code, 1);
    const Outcome allowed = approvals(QStringLiteral("answer %1 allow").arg(firstId));
    QVERIFY2(allowed.code == 0, allowed.error.c_str());
    QVERIFY(first.get().find("call_canary") != std::string::npos);
    QCOMPARE(approvals(QStringLiteral("answer %1 deny --scope tool --for always").arg(firstId)).code, 1); // over

    // Another request: who repeats the same one gets the same answer.
    auto [second, secondId] = askForACall(kNextToolRequest);
    QTRY_VERIFY(approvals(QStringLiteral("preview %1 --scope tool").arg(secondId)).out.find("matched 1 of 1") !=
                std::string::npos);
    QCOMPARE(approvals(QStringLiteral("answer %1 deny --scope tool --for 1h --message No").arg(secondId)).code, 0);
    QVERIFY(second.get().find("was denied by a person: No") != std::string::npos);
    const auto rule = json::parse(approvals(QStringLiteral("rules --json")).out);
    const QString ruleId = QString::fromUtf8(rule.at("id").as_string().c_str());
    const std::string preview = approvals(QStringLiteral("preview-rule ") + ruleId).out;
    QVERIFY2(preview.find("wipe_disk") != std::string::npos && preview.find("(ask, person)") != std::string::npos,
             preview.c_str());
    QVERIFY(approvals(QStringLiteral("rules")).out.find("deny wipe_disk") != std::string::npos);
    QCOMPARE(approvals(QStringLiteral("revoke ") + ruleId).code, 0);
    QCOMPARE(approvals(QStringLiteral("revoke ") + ruleId).code, 1);
    QVERIFY(approvals(QStringLiteral("rules")).out.empty());
}

void TestApprovalsCommand::endsWithoutWaitingForAPerson()
{
    std::ofstream(path("config.yaml"), std::ios::app)
        << "policies:\n  - {id: ask, type: approval, mode: enforce, config: {timeout: 1h}}\n";
    QVERIFY(serve());
    auto reply = std::async(std::launch::async, [this] { return streamACall(kToolRequest); });
    QTRY_VERIFY_WITH_TIMEOUT(api("/api/v1/approvals").find("wipe_disk") != std::string::npos, 10'000);

    ::kill(static_cast<pid_t>(m_server->processId()), SIGTERM);
    QElapsedTimer time;
    time.start();
    QVERIFY(m_server->waitForFinished(20'000));
    QVERIFY2(time.elapsed() < 5000, qPrintable(QString::number(time.elapsed())));
    QCOMPARE(m_server->exitCode(), 0);

    const std::string got = reply.get();
    QVERIFY2(got.find("[Tool call `wipe_disk` was blocked by policy]") != std::string::npos, got.c_str());
    QVERIFY2(got.find("data: [DONE]") != std::string::npos && got.ends_with("0\r\n\r\n"), got.c_str());
    QVERIFY2(got.find("call_canary") == std::string::npos, got.c_str());
    QVERIFY(serve());
    const auto decisions = json::parse(api("/api/v1/decisions")).at("items").as_array();
    QCOMPARE(decisions.size(), 1U);
    QCOMPARE(decisions.at(0).at("verdict").as_string(), "block");
    QCOMPARE(decisions.at(0).at("answered_by").as_string(), "timeout");
    QVERIFY(decisions.at(0).at("reason").as_string().starts_with("The program ended before anybody answered"));
    QVERIFY(json::parse(api("/api/v1/approval-rules")).at("items").as_array().empty());
    QVERIFY(api("/api/v1/sessions").find(R"("status":"completed")") != std::string::npos);
}

LUTHIEN_TEST(tst_approvals_command, TestApprovalsCommand)
#include "tst_approvals_command.moc"
