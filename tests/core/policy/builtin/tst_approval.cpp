// SPDX-License-Identifier: Apache-2.0
#include "scripted_inference.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;
using namespace std::chrono_literals;
using builtin::test::PolicyWorld;
using conversation::Verdict;

namespace {

class TestApproval : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksAboutTheToolsItIsFor()
    {
        PolicyWorld world("approval", R"({"tools":["Bash","mcp__*"],"timeout":"30s"})");
        QVERIFY(world.call(1, "Read", "{}")->verdict == Verdict::Continue);
        QVERIFY(world.call(2, "bash", "{}")->verdict == Verdict::Continue);
        const auto held = world.call(3, "Bash", R"({"command":"ls"})");
        QVERIFY(held->verdict == Verdict::Hold && held->holdUntil == world.clock.steady() + 30s);
        QVERIFY(world.call(4, "mcp__x", "{}")->verdict == Verdict::Hold);
        const std::vector<Approval> pending = world.desk.pending();
        QCOMPARE(pending.size(), std::size_t(2));
        QVERIFY(pending[0].question.reason == "Calls of Bash need a person's permission.");
        QVERIFY(world.desk.answer(pending[0].id, {.verb = ApprovalVerb::Allow}));
        QVERIFY(world.call(3, "Bash", R"({"command":"ls"})")->verdict == Verdict::Continue);
        QVERIFY(world.call(4, "mcp__x", "{}")->verdict == Verdict::Hold);
        world.policyCall.reset();
        QVERIFY(world.desk.pending().empty());
    }

    void showsWhatThePersonSaid()
    {
        PolicyWorld world("approval", "{}");
        const std::vector<conversation::RequestPart> parts{
            {.kind = conversation::PartKind::UserText, .text = "List my files."}};
        QVERIFY(world.policyCall->request(parts)->verdict == Verdict::Continue);
        const auto held = world.call(1, "Bash", "{}");
        QVERIFY(held->holdUntil == world.clock.steady() + 120s); // the desk's
        QVERIFY(world.desk.pending().at(0).question.lastUserText == "List my files.");
    }

    void needsTheInterestsOfOneWhoEdits()
    {
        const PolicyWorld world("approval", "{}");
        const Interests interests = world.policy().interests();
        QVERIFY(interests.toolCalls && interests.request && interests.changesArguments && interests.remembersVerdicts);
        QVERIFY(!interests.text);
    }

    void refusesAWrongConfig_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("no tools") << QByteArray(R"({"tools":[]})") << QByteArray("tools");
        QTest::newRow("no time") << QByteArray(R"({"timeout":"0s"})") << QByteArray("timeout");
        QTest::newRow("no duration") << QByteArray(R"({"timeout":"soon"})") << QByteArray("timeout");
        QTest::newRow("another member") << QByteArray(R"({"tool":"x"})") << QByteArray();
    }
    void refusesAWrongConfig()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, where);
        const SystemClock clock;
        ApprovalDesk desk(clock);
        const auto parsed = parseStrictJson(config.toStdString());
        const auto made = findType(builtin::registry(), "approval")->make(parsed->get_object(), {.approvals = &desk});
        QVERIFY(!made);
        QVERIFY(where.isEmpty() || made.error().context == where.toStdString());
        QVERIFY(findType(builtin::registry(), "approval")->make({}, {}).error().code == ErrorCode::Unavailable);
    }
};

} // namespace

LUTHIEN_TEST(tst_approval, TestApproval)
#include "tst_approval.moc"
