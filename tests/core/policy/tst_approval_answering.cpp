// SPDX-License-Identifier: Apache-2.0
#include "approval_world.h"
#include "policy/approval_answering.h"
#include "policy/approval_desk.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;
using policy::test::question;

namespace {

RuledArguments argumentsOf(const ApprovalQuestion& asked)
{
    return *RuledArguments::read(asked.arguments, asked.isFreeText);
}

class TestApprovalAnswering : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhichMemberWillNotDo_data()
    {
        QTest::addColumn<ApprovalAnswer>("answer");
        QTest::addColumn<QByteArray>("where");
        const auto row = [](const char* name, const ApprovalAnswer& answer, const char* where) {
            QTest::newRow(name) << answer << QByteArray(where);
        };
        using enum ApprovalVerb;
        row("allow", {.verb = Allow}, "");
        row("deny with a message", {.verb = Deny, .message = "No."}, "");
        row("edit", {.verb = Edit, .arguments = R"({"command":"ls"})"}, "");
        row("allow, but with arguments", {.verb = Allow, .arguments = "{}"}, "arguments");
        row("allow, but with a message", {.verb = Allow, .message = "No."}, "message");
        row("a very long message", {.verb = Deny, .message = std::string(3000, 'x')}, "message");
        row("an edit that is not JSON", {.verb = Edit, .arguments = "ls"}, "arguments");
        row("an edit that is a list", {.verb = Edit, .arguments = "[1]"}, "arguments");
        row("an edit that can be read in two ways", {.verb = Edit, .arguments = R"({"a":1,"a":2})"}, "arguments");
        row("an edit that nobody could see whole",
            {.verb = Edit, .arguments = "{\"a\":\"" + std::string(ApprovalDesk::kMaxArgumentBytes, 'x') + "\"}"},
            "arguments");
        row("an edit for longer", {.verb = Edit, .arguments = "{}", .duration = ApprovalDuration::Minutes5}, "for");
        row("a pattern for another scope", {.verb = Allow, .pattern = ArgumentPattern{.text = "x"}}, "pattern");
    }
    void saysWhichMemberWillNotDo()
    {
        QFETCH(ApprovalAnswer, answer);
        QFETCH(QByteArray, where);
        const Result<void> checked = checkAnswer(answer, question());
        QCOMPARE(checked.hasValue(), where.isEmpty());
        if (!checked)
            QCOMPARE(QByteArray::fromStdString(checked.error().context), where);
    }

    void anEditMustFitTheTool()
    {
        ApprovalQuestion asked = question();
        asked.toolSchema = R"({"type":"object","properties":{"command":{"type":"string"}},"required":["command"]})";
        QVERIFY(checkAnswer({.verb = ApprovalVerb::Edit, .arguments = R"({"command":"ls"})"}, asked));
        const auto wrong = checkAnswer({.verb = ApprovalVerb::Edit, .arguments = R"({"command":7})"}, asked);
        QVERIFY(!wrong && wrong.error().code == ErrorCode::InvalidInput && wrong.error().context == "arguments");
        QVERIFY2(wrong.error().message.ends_with(" at /command"), wrong.error().message.c_str());
        QVERIFY(!checkAnswer({.verb = ApprovalVerb::Edit, .arguments = "{}"}, asked));
        asked.toolSchema = "no schema";
        QVERIFY2(!checkAnswer({.verb = ApprovalVerb::Edit, .arguments = R"({"command":"ls"})"}, asked),
                 "the chain would block what cannot be held against its schema");
    }

    void freeTextIsEditedAsText()
    {
        ApprovalQuestion asked = question();
        asked.isFreeText = true;
        QVERIFY(checkAnswer({.verb = ApprovalVerb::Edit, .arguments = "*** Begin Patch"}, asked));
        QVERIFY(!checkAnswer({.verb = ApprovalVerb::Edit, .arguments = "\xff"}, asked));
    }

    void aRuleIsNoWiderThanItsScope()
    {
        const Approval approval{.question = question()};
        const auto make = [&](ApprovalScope scope, ApprovalDuration duration) {
            return *ruleOf({.verb = ApprovalVerb::Allow, .scope = scope, .duration = duration}, approval,
                           argumentsOf(approval.question), fromMicros(1));
        };
        const ApprovalRule call = make(ApprovalScope::Call, ApprovalDuration::Seconds30);
        QVERIFY(call.tool == "Bash" && call.session == "s1" && call.agent == "a1" && !call.arguments.empty());
        QVERIFY(call.until == fromMicros(30'000'001) && !call.endsWithProgram);
        const ApprovalRule tool = make(ApprovalScope::Tool, ApprovalDuration::Restart);
        QVERIFY(tool.tool == "Bash" && tool.session.empty() && !tool.until && tool.endsWithProgram);
        const ApprovalRule session = make(ApprovalScope::Session, ApprovalDuration::Always);
        QVERIFY(session.tool.empty() && session.session == "s1" && !session.until && !session.endsWithProgram);
        const ApprovalRule agent = make(ApprovalScope::Agent, ApprovalDuration::Hours12);
        QVERIFY(agent.session == "s1" && agent.agent == "a1" && agent.until == fromMicros(43'200'000'001));
        for (const ApprovalRule& rule : {call, tool, session, agent})
            QVERIFY(rule.policyId == "ask" && rule.rule == "Bash" && rule.isAllowed);
    }

    void aPatternMustMatchTheCallThatWasSeen()
    {
        Approval approval{.question = question(),
                          .suggestions = {{"/command", ArgumentPattern::Kind::Glob, "git *", "git"}}};
        const RuledArguments arguments = argumentsOf(approval.question);
        ApprovalAnswer answer{
            .verb = ApprovalVerb::Allow, .scope = ApprovalScope::Pattern, .duration = ApprovalDuration::Always};
        QVERIFY(ruleOf(answer, approval, arguments, TimePoint())->pattern == approval.suggestions.front());
        answer.pattern = ArgumentPattern{"/command", ArgumentPattern::Kind::Glob, "rm *", {}};
        QVERIFY(ruleOf(answer, approval, arguments, TimePoint()).error().context == "pattern");
        answer.pattern.reset();
        approval.suggestions.clear();
        QVERIFY(ruleOf(answer, approval, arguments, TimePoint()).error().context == "pattern");
    }

    void onceMakesNoRule()
    {
        const Approval approval{.question = question()};
        QVERIFY(ruleOf({.verb = ApprovalVerb::Allow, .scope = ApprovalScope::Tool}, approval,
                       argumentsOf(approval.question), TimePoint())
                    .error()
                    .context == "for");
    }
};

} // namespace

LUTHIEN_TEST(tst_approval_answering, TestApprovalAnswering)
#include "tst_approval_answering.moc"
