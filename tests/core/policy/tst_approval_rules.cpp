// SPDX-License-Identifier: Apache-2.0
#include "approval_world.h"
#include "policy/approval_rules.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;
using policy::test::question;

namespace {

CallId idOf(std::uint8_t number)
{
    return CallId({number});
}

ArgumentPattern re2(const char* pointer, const char* text)
{
    return {pointer, ArgumentPattern::Kind::Re2, text, {}};
}

ApprovalRule ruleOf(ApprovalScope scope, bool isAllowed = true)
{
    return {.id = idOf(1),
            .isAllowed = isAllowed,
            .policyId = "ask",
            .rule = "Bash",
            .scope = scope,
            .tool = "Bash",
            .arguments = R"({"command":"git status --short"})",
            .pattern = re2("/command", "^git status"),
            .session = "s1",
            .agent = "a1"};
}

/// Whether a rule that is alone answers the question.
bool answers(const ApprovalRule& rule, const ApprovalQuestion& asked)
{
    ApprovalRules rules;
    const auto arguments = RuledArguments::read(asked.arguments, asked.isFreeText);
    return rules.add(rule) && arguments &&
           rules.find(asked.policyId, asked.rule, ruledCall(asked, *arguments), TimePoint()) != nullptr;
}

ApprovalQuestion with(std::string ApprovalQuestion::* member, const char* value)
{
    ApprovalQuestion asked = question();
    asked.*member = value;
    return asked;
}

class TestApprovalRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reachesNoFurtherThanItsScope_data()
    {
        QTest::addColumn<int>("scope");
        QTest::addColumn<QByteArray>("reach"); ///< which of these may differ: arguments, tool, session, agent
        const auto row = [](const char* name, ApprovalScope scope, const char* reach) {
            QTest::newRow(name) << static_cast<int>(scope) << QByteArray(reach);
        };
        row("this call: all must be the same", ApprovalScope::Call, "");
        row("the tool: whoever calls it with what", ApprovalScope::Tool, "arguments session agent");
        row("the pattern: whoever calls it", ApprovalScope::Pattern, "session agent");
        row("the session: any tool of any agent", ApprovalScope::Session, "arguments tool agent");
        row("the agent: any tool of it", ApprovalScope::Agent, "arguments tool");
    }
    void reachesNoFurtherThanItsScope()
    {
        QFETCH(int, scope);
        QFETCH(QByteArray, reach);
        const ApprovalRule rule = ruleOf(static_cast<ApprovalScope>(scope));
        QVERIFY(answers(rule, question()));
        QCOMPARE(answers(rule, with(&ApprovalQuestion::arguments, R"({"command":"rm -rf /"})")),
                 reach.contains("arguments"));
        QCOMPARE(answers(rule, with(&ApprovalQuestion::tool, "Write")), reach.contains("tool"));
        QCOMPARE(answers(rule, with(&ApprovalQuestion::session, "s2")), reach.contains("session"));
        QCOMPARE(answers(rule, with(&ApprovalQuestion::agent, "a2")), reach.contains("agent"));
        // What another policy asks, or another rule of this one, is another question.
        QVERIFY(!answers(rule, with(&ApprovalQuestion::policyId, "other")));
        QVERIFY(!answers(rule, with(&ApprovalQuestion::rule, "Bash where /command matches rm")));
    }

    void aPatternReadsWhatIsMeant_data()
    {
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QByteArray>("glob");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<bool>("applies");
        const auto row = [](const char* name, const char* pointer, const char* glob, const char* arguments, bool is) {
            QTest::newRow(name) << QByteArray(pointer) << QByteArray(glob) << QByteArray(arguments) << is;
        };
        row("the whole value", "/command", "ls *", R"({"command":"ls -l"})", true);
        row("not a part of it", "/command", "ls *", R"({"command":"rm; ls -l"})", false);
        row("escapes hide nothing", "/command", "ls *", R"({"command":"\u006cs -l"})", true);
        row("what is no string as JSON", "/args", R"(["ls",*])", R"({"args": ["ls", "-l"]})", true);
        row("no such argument", "/command", "*", R"({"cmd":"ls"})", false);
        row("all arguments as compact JSON", "", R"({"command":"ls"})", R"({ "command" : "\u006cs" })", true);
    }
    void aPatternReadsWhatIsMeant()
    {
        QFETCH(QByteArray, pointer);
        QFETCH(QByteArray, glob);
        QFETCH(QByteArray, arguments);
        QFETCH(bool, applies);
        ApprovalRule rule = ruleOf(ApprovalScope::Pattern);
        rule.pattern = {pointer.toStdString(), ArgumentPattern::Kind::Glob, glob.toStdString(), {}};
        QCOMPARE(answers(rule, with(&ApprovalQuestion::arguments, arguments.constData())), applies);
        if (pointer.isEmpty()) {
            rule.pattern->pointer.reset();
            QCOMPARE(answers(rule, with(&ApprovalQuestion::arguments, arguments.constData())), applies);
        }
    }

    void refusesAPatternThatCannotBeUsed()
    {
        ApprovalRule rule = ruleOf(ApprovalScope::Pattern);
        rule.pattern.reset();
        QVERIFY(predicateOf(rule).error().context == "pattern");
        rule.pattern = re2("command", "x");
        QVERIFY(predicateOf(rule).error().context == "pattern.pointer");
        rule.pattern = re2("/command", "");
        QVERIFY(predicateOf(rule).error().context == "pattern.re2");
        rule.pattern = re2("/command", "(");
        QVERIFY(predicateOf(rule).error().context == "pattern.re2");
    }

    void aDenialCountsFirstThenTheNewest()
    {
        ApprovalRules rules;
        const auto add = [&](std::uint8_t number, ApprovalScope scope, bool isAllowed) {
            ApprovalRule rule = ruleOf(scope, isAllowed);
            rule.id = idOf(number);
            QVERIFY(rules.add(std::move(rule)));
        };
        const ApprovalQuestion asked = question();
        const auto arguments = *RuledArguments::read(asked.arguments, false);
        const auto found = [&] { return rules.find("ask", "Bash", ruledCall(asked, arguments), TimePoint()); };
        add(5, ApprovalScope::Tool, true);
        add(3, ApprovalScope::Session, true);
        QVERIFY(found()->id == idOf(5));
        add(2, ApprovalScope::Session, false);
        add(1, ApprovalScope::Pattern, false);
        QVERIFY(found()->id == idOf(2));
        QVERIFY(rules.remove(idOf(2)) && rules.remove(idOf(1)) && !rules.remove(idOf(1)));
        QVERIFY(found()->id == idOf(5));
        QVERIFY(rules.remove(idOf(5)) && rules.remove(idOf(3)) && !found());
        QCOMPARE(rules.size(), std::size_t(0));
    }

    void countsUntilItsTime()
    {
        ApprovalRule rule = ruleOf(ApprovalScope::Tool);
        rule.until = fromMicros(1000);
        ApprovalRules rules;
        QVERIFY(rules.add(rule) && !rules.add(rule));
        const ApprovalQuestion asked = question();
        const auto arguments = *RuledArguments::read(asked.arguments, false);
        QVERIFY(rules.find("ask", "Bash", ruledCall(asked, arguments), fromMicros(999)));
        QVERIFY(!rules.find("ask", "Bash", ruledCall(asked, arguments), fromMicros(1000)));
        QVERIFY(rules.removeExpired(fromMicros(999)).empty());
        QCOMPARE(rules.removeExpired(fromMicros(1000)).size(), std::size_t(1));
        QCOMPARE(rules.size(), std::size_t(0));
    }

    void boundsThePatternsOfATool()
    {
        ApprovalRules rules;
        for (std::size_t i = 0; i <= ApprovalRules::kMaxPatternsPerTool; ++i) {
            ApprovalRule rule = ruleOf(ApprovalScope::Pattern);
            rule.id = CallId::make(TimePoint());
            const Result<void> added = rules.add(rule);
            QCOMPARE(added.hasValue(), i < ApprovalRules::kMaxPatternsPerTool);
            if (!added)
                QVERIFY(added.error().code == ErrorCode::TooLarge);
        }
    }

    void whatCannotBeReadIsNotRuled()
    {
        QVERIFY(!RuledArguments::read(R"({"a":1,"a":2})", false));
        QVERIFY(!RuledArguments::read("\xff", true));
        QVERIFY(RuledArguments::read("", false)->text == "{}");
    }
};

} // namespace

LUTHIEN_TEST(tst_approval_rules, TestApprovalRules)
#include "tst_approval_rules.moc"
