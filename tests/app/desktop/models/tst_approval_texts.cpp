// SPDX-License-Identifier: Apache-2.0
#include "core/policy/approval_world.h"
#include "desktop/models/approval_texts.h"
#include "policy/approval_answering.h"
#include "support/test_registry.h"

#include <QLocale>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using policy::ApprovalRule;
using policy::ApprovalScope;
using policy::ArgumentPattern;
using policy::test::question;

class TestApprovalTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsAllThatARuleAnswers_data()
    {
        QTest::addColumn<int>("scope");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QString>("told");
        const auto glob = int(ArgumentPattern::Kind::Glob);
        const auto re2 = int(ArgumentPattern::Kind::Re2);
        QTest::newRow("the very call") << int(ApprovalScope::Call) << glob << QByteArray()
                                       << u"Allows calls of Bash with exactly these arguments, in session s1 by its "
                                          u"sub-agent a1: \u201c{\"command\":\"ls\"}\u201d"_s;
        QTest::newRow("a tool") << int(ApprovalScope::Tool) << glob << QByteArray()
                                << u"Allows every call of Bash, whoever makes it"_s;
        QTest::newRow("one value") << int(ApprovalScope::Pattern) << glob << QByteArray("git status")
                                   << u"Allows calls of Bash where command is exactly \u201cgit status\u201d"_s;
        QTest::newRow("a glob says what its star means")
            << int(ApprovalScope::Pattern) << glob << QByteArray("git *")
            << u"Allows calls of Bash where command is like \u201cgit *\u201d (* stands for anything)"_s;
        QTest::newRow("an expression is told as it is, not only by its title")
            << int(ApprovalScope::Pattern) << re2 << QByteArray(".*")
            << u"Allows calls of Bash where command fits: Only harmless ones (expression \u201c.*\u201d)"_s;
        QTest::newRow("a session") << int(ApprovalScope::Session) << glob << QByteArray()
                                   << u"Allows every call of any tool in session s1"_s;
        QTest::newRow("an agent") << int(ApprovalScope::Agent) << glob << QByteArray()
                                  << u"Allows every call of any tool in session s1 by its sub-agent a1"_s;
    }
    void tellsAllThatARuleAnswers()
    {
        QFETCH(int, scope);
        QFETCH(int, kind);
        QFETCH(QByteArray, pattern);
        QFETCH(QString, told);
        ApprovalRule rule{.isAllowed = true, .scope = static_cast<ApprovalScope>(scope), .tool = "Bash"};
        rule.arguments = "{\"command\":\"ls\"}";
        rule.session = "s1";
        rule.agent = "a1";
        if (rule.scope == ApprovalScope::Pattern)
            rule.pattern = ArgumentPattern{"/command", static_cast<ArgumentPattern::Kind>(kind), pattern.toStdString(),
                                           kind == int(ArgumentPattern::Kind::Re2) ? "Only harmless ones" : ""};
        QCOMPARE(ruleText(rule), told);
        rule.isAllowed = false;
        QVERIFY(ruleText(rule).startsWith(u"Denies "_s));
    }

    void hidesNothingOfARule()
    {
        ApprovalRule rule{.scope = ApprovalScope::Tool, .tool = "Ba\xe2\x80\x8bsh"};
        QVERIFY(ruleText(rule).contains(u"Ba\u2039U+200B\u203ash"_s));
        rule = {.scope = ApprovalScope::Call, .tool = "Write", .arguments = std::string(5000, 'x')};
        QVERIFY2(ruleText(rule).contains(u"(%1 characters in all)"_s.arg(QLocale().toString(5000))),
                 "what is cut says so");
        rule = {.scope = ApprovalScope::Call, .tool = "Bash", .arguments = "ls\n\n\n\n; rm"};
        QVERIFY2(ruleText(rule).endsWith(u"\u201cls\u23ce\u23ce\u20392 more line breaks\u203a; rm\u201d"_s),
                 qPrintable(ruleText(rule)));
        rule.pattern = ArgumentPattern{"/a/b", ArgumentPattern::Kind::Glob, "c", {}};
        rule.scope = ApprovalScope::Pattern;
        QVERIFY(ruleText(rule).contains(u"where /a/b is"_s));
        rule.pattern->pointer.reset();
        QVERIFY(ruleText(rule).contains(u"where the whole of the arguments is"_s));
    }

    void tellsHowLongARuleCounts()
    {
        const TimePoint now = fromMicros(1'700'000'000'000'000);
        QCOMPARE(ruleEndText({}, now), u"always"_s);
        QCOMPARE(ruleEndText({.endsWithProgram = true}, now), u"until the program ends"_s);
        QCOMPARE(ruleEndText({.until = now + 30s}, now), u"30 s left"_s);
        QCOMPARE(ruleEndText({.until = now + 5min}, now), u"5 min left"_s);
        QCOMPARE(ruleEndText({.until = now + 12h}, now), u"12 h 0 min left"_s);
        QCOMPARE(ruleEndText({.until = now}, now), u"over"_s);
    }

    void tellsWhatCameOfAQuestion()
    {
        using conversation::AnsweredBy;
        policy::Approval approval{.question = question()};
        QVERIFY(stateOf(approval) == asked::State::Waiting && outcomeText(approval).isEmpty());
        approval.isWithdrawn = true;
        QVERIFY(stateOf(approval) == asked::State::Withdrawn);
        approval.isWithdrawn = false;
        approval.outcome = policy::ApprovalOutcome{.answeredBy = AnsweredBy::Timeout};
        QVERIFY(stateOf(approval) == asked::State::Late);
        QCOMPARE(outcomeText(approval), u"Denied: nobody answered in time"_s);
        approval.outcome->isAtTheEnd = true;
        QCOMPARE(outcomeText(approval), u"Denied: the program ended"_s);
        approval.outcome =
            policy::ApprovalOutcome{.verb = policy::ApprovalVerb::Allow, .answeredBy = AnsweredBy::Policy};
        QCOMPARE(outcomeText(approval), u"Allowed by a rule"_s);
        approval.outcome->verb = policy::ApprovalVerb::Edit;
        QVERIFY(stateOf(approval) == asked::State::Edited);
    }

    void tellsSessionsApartByTheEndOfTheirIds()
    {
        policy::ApprovalQuestion anothers = question();
        QCOMPARE(originText(anothers), u"claude-code, sub-agent a1, session s1, m"_s);
        anothers.agent.clear();
        anothers.session = "01a2b3c4-0000-7000-8000-00000000beef";
        QCOMPARE(originText(anothers), u"claude-code, session \u202600000000beef, m"_s);
    }
};

LUTHIEN_TEST(tst_approval_texts, TestApprovalTexts)
#include "tst_approval_texts.moc"
