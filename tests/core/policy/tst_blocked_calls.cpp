// SPDX-License-Identifier: Apache-2.0
#include "policy/blocked_calls.h"
#include "support/test_registry.h"

#include <QObject>

#include <thread>

using namespace luthien;
using namespace luthien::policy;
using conversation::Decision;
using conversation::PolicyMode;
using conversation::Verdict;

namespace {
Decision blocked(const std::string& tool, const std::string& response, const std::string& conversationId = {})
{
    Decision decision;
    decision.policyId = "sql";
    decision.policyVersion = "v1";
    decision.verdict = Verdict::Block;
    decision.agentText = "blocked " + tool;
    decision.tool = "shell";
    decision.toolId = tool;
    decision.responseId = response;
    decision.conversationId = conversationId;
    return decision;
}
} // namespace

class TestBlockedCalls : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aReplyCanBeGoneOnFromMoreThanOnce()
    {
        BlockedCalls calls;
        calls.add(blocked("a", "resp_1"));
        calls.add(blocked("b", "resp_1"));
        calls.add(blocked("b", "resp_1"));
        calls.add(blocked("c", "resp_2"));
        const std::vector<BlockedCall> both = {{"a", "shell", "blocked a", "sql", "v1"},
                                               {"b", "shell", "blocked b", "sql", "v1"}};
        QCOMPARE(calls.ofResponse("resp_1"), both);
        QCOMPARE(calls.ofResponse("resp_1"), both);
        QVERIFY(calls.ofResponse("resp_3").empty());
        QVERIFY(calls.ofConversation("").empty());
    }

    void aConversationIsToldOnce()
    {
        BlockedCalls calls;
        calls.add(blocked("a", "resp_1", "conv_1"));
        calls.add(blocked("b", "", "conv_1"));
        const auto both = calls.ofConversation("conv_1");
        QCOMPARE(both.size(), std::size_t(2));
        QCOMPARE(calls.ofConversation("conv_1"), both);
        calls.answered("conv_1", std::span(both).first(1));
        QCOMPARE(calls.ofConversation("conv_1"), std::vector{both[1]});
        QVERIFY2(!calls.ofResponse("resp_1").empty(), "its reply can still be gone on from by its id");
    }

    void whatTheStoreKnowsComesToTheSame()
    {
        BlockedCalls calls;
        calls.add(blocked("a", "resp_1", "conv_1"));
        Decision told = blocked("a", "", "conv_1");
        told.verdict = Verdict::Replace;
        calls.add(told);
        QVERIFY(calls.ofConversation("conv_1").empty());
        QCOMPARE(calls.ofResponse("resp_1").size(), std::size_t(1));
    }

    void onlyACallThatWasStoppedWaitsForItsOutput_data()
    {
        QTest::addColumn<int>("mode");
        QTest::addColumn<int>("verdict");
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("response");
        const int enforce = static_cast<int>(PolicyMode::Enforce);
        const int block = static_cast<int>(Verdict::Block);
        QTest::newRow("in shadow") << static_cast<int>(PolicyMode::Shadow) << block << QByteArray("a")
                                   << QByteArray("r");
        QTest::newRow("replaced") << enforce << static_cast<int>(Verdict::Replace) << QByteArray("a")
                                  << QByteArray("r");
        QTest::newRow("a text") << enforce << block << QByteArray() << QByteArray("r");
        QTest::newRow("a reply nobody keeps") << enforce << block << QByteArray("a") << QByteArray();
    }
    void onlyACallThatWasStoppedWaitsForItsOutput()
    {
        QFETCH(int, mode);
        QFETCH(int, verdict);
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, response);
        Decision decision = blocked(tool.toStdString(), response.toStdString());
        decision.mode = static_cast<PolicyMode>(mode);
        decision.verdict = static_cast<Verdict>(verdict);
        BlockedCalls calls;
        calls.add(decision);
        QVERIFY(calls.ofResponse(response.toStdString()).empty());
    }

    void theOldestAreForgottenFirst()
    {
        BlockedCalls calls(2);
        for (const char* id : {"a", "b", "c"})
            calls.add(blocked(id, std::string("resp_") + id, "conv_1"));
        QVERIFY(calls.ofResponse("resp_a").empty());
        QCOMPARE(calls.ofResponse("resp_c").size(), std::size_t(1));
        QCOMPARE(calls.ofConversation("conv_1").size(), std::size_t(2));
    }

    void workersShareIt()
    {
        BlockedCalls calls(50);
        std::vector<std::thread> workers;
        for (int worker = 0; worker < 4; ++worker)
            workers.emplace_back([&calls, worker] {
                for (int i = 0; i < 500; ++i) {
                    const std::string id = std::to_string(worker * 1000 + i);
                    calls.add(blocked(id, "resp_" + id, "conv_" + std::to_string(i % 3)));
                    calls.answered("conv_0", calls.ofConversation("conv_0"));
                }
            });
        for (std::thread& worker : workers)
            worker.join();
        QVERIFY(calls.ofConversation("conv_0").empty());
        QVERIFY(calls.ofConversation("conv_1").size() + calls.ofConversation("conv_2").size() <= 50);
    }
};

LUTHIEN_TEST(tst_blocked_calls, TestBlockedCalls)
#include "tst_blocked_calls.moc"
