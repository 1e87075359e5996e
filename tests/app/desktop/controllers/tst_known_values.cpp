// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/known_values.h"
#include "support/test_registry.h"

using namespace luthien;
using luthien::desktop::KnownValues;

class TestKnownValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void learnsFromSessionsAndFromWhatHappens()
    {
        KnownValues values;
        store::SessionRow session;
        session.client = "claude-code";
        session.models = {"claude-opus-4", "claude-haiku-4"};
        values.learn(session);
        live::Opened opened{.upstream = "anthropic", .model = "claude-sonnet-4"};
        opened.identity.user = "Ann";
        live::Decided decided;
        decided.decision.policyId = "sql";
        decided.decision.tool = "Edit";
        values.learn({.events = {opened, live::Delta{.kind = conversation::EventKind::ToolStart, .name = "Bash"},
                                 live::Delta{.kind = conversation::EventKind::Text, .name = "no tool"}, decided}});
        using Values = std::vector<std::string>;
        QCOMPARE(values.beginningWith("model", "CLAUDE-", 10),
                 (Values{"claude-haiku-4", "claude-opus-4", "claude-sonnet-4"}));
        QCOMPARE(values.beginningWith("model", "claude-", 2).size(), std::size_t{2});
        QCOMPARE(values.beginningWith("tool", "", 10), (Values{"Bash", "Edit"}));
        QCOMPARE(values.beginningWith("judged.tool", "b", 10), Values{"Bash"});
        QCOMPARE(values.beginningWith("policy", "", 10), Values{"sql"});
        QCOMPARE(values.beginningWith("user", "a", 10), Values{"Ann"});
        QCOMPARE(values.beginningWith("nothing", "", 10), Values{});
    }

    void isBounded()
    {
        KnownValues values;
        for (int i = 0; i < 10'000; ++i)
            values.add("model", "model-" + std::to_string(i));
        values.add("client", std::string(KnownValues::kMostBytes + 1, 'x'));
        values.add("client", "");
        QCOMPARE(values.beginningWith("model", "", 100'000).size(), KnownValues::kMostOfOne);
        QVERIFY(values.beginningWith("client", "", 10).empty());
    }
};

LUTHIEN_TEST(tst_known_values, TestKnownValues)
#include "tst_known_values.moc"
