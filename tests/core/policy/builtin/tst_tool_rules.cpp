// SPDX-License-Identifier: Apache-2.0
#include "judged.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;
using builtin::test::judge;
using builtin::test::judgeText;
using builtin::test::make;
using builtin::test::view;

namespace {

class TestToolRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstRuleThatFitsDecides_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<bool>("blocked");
        const auto row = [](const char* name, const char* config, const char* tool, const char* arguments,
                            bool blocked) {
            QTest::newRow(name) << QByteArray(config) << QByteArray(tool) << QByteArray(arguments) << blocked;
        };
        row("no rule: allowed", "{}", "Bash", "{}", false);
        row("no rule, and nothing is allowed", R"({"default":"deny"})", "Bash", "{}", true);
        const char* ordered = R"({"rules":[{"tool":"Bash","pointer":"/command","glob":"git *","do":"allow"},
                                           {"tool":"Bash","do":"deny"}]})";
        row("allowed before it is denied", ordered, "Bash", R"({"command":"git status"})", false);
        row("denied by the next", ordered, "Bash", R"({"command":"rm -rf /"})", true);
        row("a tool no rule names", ordered, "Read", R"({"command":"rm -rf /"})", false);
        row("names are case-sensitive", ordered, "bash", R"({"command":"rm -rf /"})", false);

        const char* removes = R"({"rules":[{"pointer":"/command","re2":"\\brm\\b","do":"deny"}]})";
        row("found anywhere in the value", removes, "x", R"({"command":"cd / && rm -rf ."})", true);
        row("not found", removes, "x", R"({"command":"alarm"})", false);
        row("not where the pointer leads", removes, "x", R"({"other":"rm"})", false);
        row("escapes hide nothing", removes, "x", R"({"command":"\u0072m x"})", true);
        row("a list is matched as its JSON", removes, "x", R"({"command":["rm","-rf"]})", true);
        const char* whole = R"({"rules":[{"re2":"rm -rf","do":"deny"}]})";
        row("no pointer: all arguments", whole, "x", R"({"a":{"b":["rm -rf"]}})", true);
        row("and there too escapes hide nothing", whole, "x", R"({"a":"r\u006d -rf"})", true);
        row("an empty pointer is the same", R"({"rules":[{"pointer":"","re2":"rm -rf","do":"deny"}]})", "x",
            R"({"a":"rm -rf"})", true);
        const char* number = R"({"rules":[{"pointer":"/a~1b/1","glob":"7","do":"deny"}]})";
        row("a number deep inside", number, "x", R"({"a/b":[0,7]})", true);
        row("another number", number, "x", R"({"a/b":[0,77]})", false);
        row("a pointer alone: there is such an argument", R"({"rules":[{"pointer":"/force","do":"deny"}]})", "x",
            R"({"force":false})", true);
        row("and there is none", R"({"rules":[{"pointer":"/force","do":"deny"}]})", "x", "{}", false);
        row("empty fields of a form count as absent", R"({"rules":[{"tool":"x","glob":"","re2":"","do":"deny"}]})", "x",
            R"({"a":1})", true);
    }
    void theFirstRuleThatFitsDecides()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, arguments);
        QFETCH(bool, blocked);
        const auto policy = make("tool-rules", view(config));
        QVERIFY(policy.hasValue());
        QCOMPARE(judge(**policy, view(tool), view(arguments)).isBlocked(), blocked);
    }

    void freeTextIsMatchedAsItIs()
    {
        const auto policy = *make("tool-rules", R"({"rules":[{"re2":"rm","do":"deny"},{"pointer":"/x","do":"deny"}]})");
        QVERIFY(judgeText(*policy, "exec", "a rm b").isBlocked());
        QVERIFY(!judgeText(*policy, "exec", R"({"x":1})").isBlocked());
    }

    void saysWhy()
    {
        const auto policy = *make("tool-rules", R"({"default":"deny","rules":[
            {"tool":"a","pointer":"/c","re2":"b+","do":"deny","reason":"No bees."},{"tool":"x*","do":"deny"}]})");
        const PolicyVerdict given = judge(*policy, "a", R"({"c":"abbc"})");
        QCOMPARE(given.reason, std::string("No bees."));
        QVERIFY((given.matched == std::vector<conversation::Match>{{"/c", 1, 3}}));
        QCOMPARE(judge(*policy, "xy", "{}").reason, std::string("Rule 2 denies x*."));
        QCOMPARE(judge(*policy, "other", "{}").reason, std::string("No rule allows this call."));
    }

    void asksAPersonWhereARuleSaysSo()
    {
        const SystemClock clock;
        ApprovalDesk desk(clock);
        const auto config = parseStrictJson(R"({"rules":[{"tool":"Bash","pointer":"/command","glob":"rm *","do":"ask",
            "reason":"It removes."},{"tool":"Read","do":"allow"}],"default":"deny"})");
        const auto policy =
            findType(builtin::registry(), "tool-rules")->make(config->get_object(), {.approvals = &desk});
        QVERIFY(policy.hasValue());
        QVERIFY((*policy)->interests().remembersVerdicts && (*policy)->interests().changesArguments);
        const CallFacts facts;
        const PolicyContext context{.facts = facts, .clock = clock, .wake = [] {}, .policyId = "rules"};
        const auto call = (*policy)->open(context);
        const auto arguments = parseStrictJson(R"({"command":"rm x"})");
        const JudgedCall judged{{.id = "t", .name = "Bash", .arguments = R"({"command":"rm x"})"}, &*arguments};
        QCOMPARE(call->toolCall(judged)->verdict, conversation::Verdict::Hold);
        QCOMPARE(desk.pending().size(), std::size_t(1));
        QCOMPARE(desk.pending()[0].question.reason, std::string("It removes."));
        QVERIFY(desk.answer(desk.pending()[0].id, {.verb = ApprovalVerb::Allow}).hasValue());
        QCOMPARE(call->toolCall(judged)->verdict, conversation::Verdict::Continue);
        QVERIFY(!findType(builtin::registry(), "tool-rules")->make(config->get_object(), {}));
    }

    void refusesAWrongConfig_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("where");
        const auto row = [](const char* name, const char* config, const char* where) {
            QTest::newRow(name) << QByteArray(config) << QByteArray(where);
        };
        row("nothing to do", R"({"rules":[{"do":"deny"},{"tool":"x"}]})", "rules[1].do");
        row("something else to do", R"({"rules":[{"do":"kill"}]})", "rules[0].do");
        row("two patterns", R"({"rules":[{"do":"deny","glob":"x","re2":"y"}]})", "rules[0].re2");
        row("no expression", R"({"rules":[{"do":"deny","re2":"a{2,1}"}]})", "rules[0].re2");
        row("no pointer", R"({"rules":[{"do":"deny","pointer":"command"}]})", "rules[0].pointer");
        row("a pointer with a wrong escape", R"({"rules":[{"do":"deny","pointer":"/a~2"}]})", "rules[0].pointer");
        row("a misspelt member", R"({"rules":[{"do":"deny","tools":"x"}]})", "rules[0].tools");
        row("a default that kills", R"({"default":"kill"})", "default");
        row("rules that are no list", R"({"rules":{}})", "rules");
    }
    void refusesAWrongConfig()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, where);
        const auto policy = make("tool-rules", view(config));
        QVERIFY(!policy);
        QCOMPARE(policy.error().code, ErrorCode::InvalidInput);
        QCOMPARE(QByteArray::fromStdString(policy.error().context), where);
    }
};

} // namespace

LUTHIEN_TEST(tst_tool_rules, TestToolRules)
#include "tst_tool_rules.moc"
