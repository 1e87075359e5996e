// SPDX-License-Identifier: Apache-2.0
#include "approval_world.h"
#include "base/strict_json.h"
#include "policy/approval_json.h"
#include "support/test_registry.h"

#include <boost/json.hpp>

using namespace luthien;
using namespace luthien::policy;
using policy::test::question;

namespace {

namespace json = boost::json;

Approval approval()
{
    return {.id = CallId({7}),
            .question = question(),
            .askedAt = fromMicros(0),
            .deadline = fromMicros(120'000'000),
            .suggestions = {{"/command", ArgumentPattern::Kind::Glob, "git *", "git"}}};
}

class TestApprovalJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesEverythingNeededToJudge()
    {
        const json::object object = parseStrictJson(toJson(approval()))->as_object();
        QVERIFY(object.at("id") == "07000000-0000-0000-0000-000000000000");
        QVERIFY(object.at("state") == "pending" && object.at("outcome").is_null());
        QVERIFY(object.at("deadline") == "1970-01-01T00:02:00.000000Z");
        for (const char* member :
             {"call_id", "session_id", "agent_id", "client", "model", "upstream", "tool", "tool_id", "policy_id",
              "policy_version", "policy_name", "rule", "reason", "last_user_text"})
            QVERIFY2(object.at(member).is_string(), member);
        QVERIFY(object.at("arguments").at("command") == "git status --short");
        QVERIFY(object.at("matched").at(0).at("end") == 3);
        QVERIFY(object.at("suggestions").at(0).at("glob") == "git *");
    }

    void keepsTheArgumentsAsTheModelWroteThem()
    {
        Approval asked = approval();
        asked.question.arguments = "{ \"n\":12345678901234567890123,\r\n \"s\":\"\\u0072m\" }";
        const std::string text = toJson(asked);
        QVERIFY(text.find("{ \"n\":12345678901234567890123,   \"s\":\"\\u0072m\" }") != std::string::npos);
        QVERIFY(text.find('\n') == std::string::npos);
        asked.question.arguments.clear();
        QVERIFY(parseStrictJson(toJson(asked))->at("arguments").as_object().empty());
        asked.question.arguments = "*** Begin \"Patch\"";
        asked.question.isFreeText = true;
        QVERIFY(parseStrictJson(toJson(asked))->at("arguments") == "*** Begin \"Patch\"");
    }

    void tellsWhatCameOfIt_data()
    {
        QTest::addColumn<int>("answeredBy");
        QTest::addColumn<int>("verb");
        QTest::addColumn<QByteArray>("state");
        QTest::addColumn<QByteArray>("verdict");
        using conversation::AnsweredBy;
        QTest::newRow("allowed") << int(AnsweredBy::Person) << int(ApprovalVerb::Allow) << QByteArray("answered")
                                 << QByteArray("continue");
        QTest::newRow("edited") << int(AnsweredBy::Person) << int(ApprovalVerb::Edit) << QByteArray("answered")
                                << QByteArray("replace");
        QTest::newRow("denied by a rule")
            << int(AnsweredBy::Policy) << int(ApprovalVerb::Deny) << QByteArray("answered") << QByteArray("block");
        QTest::newRow("too late") << int(AnsweredBy::Timeout) << int(ApprovalVerb::Deny) << QByteArray("expired")
                                  << QByteArray("block");
    }
    void tellsWhatCameOfIt()
    {
        QFETCH(int, answeredBy);
        QFETCH(int, verb);
        QFETCH(QByteArray, state);
        QFETCH(QByteArray, verdict);
        Approval asked = approval();
        asked.outcome = {.verb = static_cast<ApprovalVerb>(verb),
                         .answeredBy = static_cast<conversation::AnsweredBy>(answeredBy)};
        const json::value object = *parseStrictJson(toJson(asked));
        QVERIFY(object.at("state") == state.constData());
        QVERIFY(object.at("outcome").at("verdict") == verdict.constData());
        asked.outcome.reset();
        asked.isWithdrawn = true;
        QVERIFY(parseStrictJson(toJson(asked))->at("state") == "withdrawn");
    }

    void readsAnAnswer()
    {
        QVERIFY((*approvalAnswerFromJson(R"({"answer":"allow"})") == ApprovalAnswer{.verb = ApprovalVerb::Allow}));
        QVERIFY((*approvalAnswerFromJson(
                     R"({"answer":"deny","message":"No.","scope":"session","for":"12h","arguments":null})") ==
                 ApprovalAnswer{.verb = ApprovalVerb::Deny,
                                .message = "No.",
                                .scope = ApprovalScope::Session,
                                .duration = ApprovalDuration::Hours12}));
        QVERIFY(approvalAnswerFromJson(R"({"answer":"edit","arguments":{"a":1}})")->arguments == R"({"a":1})");
        QVERIFY(approvalAnswerFromJson(R"({"answer":"edit","arguments":"ls"})")->arguments == "ls");
        const auto pattern = approvalAnswerFromJson(
            R"({"answer":"allow","scope":"pattern","for":"5m","pattern":{"pointer":null,"re2":"^ls$","title":"x"}})");
        QVERIFY((pattern->pattern == ArgumentPattern{std::nullopt, ArgumentPattern::Kind::Re2, "^ls$", "x"}));
    }

    void refusesAnAnswerThatIsNone_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("where");
        const auto row = [](const char* name, const char* body, const char* where) {
            QTest::newRow(name) << QByteArray(body) << QByteArray(where);
        };
        row("nothing", "{}", "answer");
        row("something else", R"({"answer":"yes"})", "answer");
        row("a scope that is none", R"({"answer":"allow","scope":"world"})", "scope");
        row("a duration that is none", R"({"answer":"allow","for":"2d"})", "for");
        row("an edit without arguments", R"({"answer":"edit"})", "arguments");
        row("arguments that are a list", R"({"answer":"edit","arguments":[1]})", "arguments");
        row("a member nobody knows", R"({"answer":"allow","fro":"5m"})", "fro");
        row("two patterns", R"({"answer":"allow","pattern":{"glob":"a","re2":"b"}})", "pattern.re2");
        row("a pattern with another member", R"({"answer":"allow","pattern":{"glob":"a","x":1}})", "pattern.x");
    }
    void refusesAnAnswerThatIsNone()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, where);
        const auto answer = approvalAnswerFromJson(body.toStdString());
        QVERIFY(!answer);
        QCOMPARE(QByteArray::fromStdString(answer.error().context), where);
        QVERIFY(!approvalAnswerFromJson("[]") && !approvalAnswerFromJson(R"({"answer":"allow","answer":"deny"})"));
    }

    void readsWhatAPreviewIsAskedFor()
    {
        const auto question = previewQuestionFromJson(
            R"({"scope":"pattern","pattern":{"pointer":"/a","glob":"b*"},"since":"2026-11-01T00:00:00.000000Z"})");
        QVERIFY(question.hasValue());
        QVERIFY(question->answer.scope == ApprovalScope::Pattern);
        QVERIFY(question->answer.duration != ApprovalDuration::Once); // that makes no rule
        QVERIFY((question->answer.pattern == ArgumentPattern{"/a", ArgumentPattern::Kind::Glob, "b*", ""}));
        QVERIFY(question->since == fromRfc3339("2026-11-01T00:00:00.000000Z"));
        QVERIFY(!previewQuestionFromJson(R"({"scope":"tool"})")->since);
        QCOMPARE(previewQuestionFromJson("{}").error().context, std::string("scope"));
        QCOMPARE(previewQuestionFromJson(R"({"scope":"tool","since":"1d"})").error().context, std::string("since"));
        QCOMPARE(previewQuestionFromJson(R"({"scope":"tool","for":"5m"})").error().context, std::string("for"));
    }

    void aRuleIsReadAsItWasWritten()
    {
        ApprovalRule rule{.id = CallId({9}),
                          .isAllowed = true,
                          .policyId = "ask",
                          .rule = "Bash",
                          .scope = ApprovalScope::Pattern,
                          .tool = "Bash",
                          .arguments = std::string(10'000, 'x'),
                          .pattern = ArgumentPattern{"/command", ArgumentPattern::Kind::Re2, "^ls$", "ls"},
                          .session = "s",
                          .agent = "a",
                          .message = "m",
                          .madeAtCall = CallId({8}),
                          .madeInSession = "s",
                          .at = fromMicros(5),
                          .until = fromMicros(7)};
        QVERIFY(*approvalRuleFromJson(toJson(rule)) == rule);
        rule = {.id = CallId({9}), .policyId = "ask", .endsWithProgram = true};
        QVERIFY(*approvalRuleFromJson(toJson(rule)) == rule);
    }

    void aRuleThatIsDamagedCountsForNothing_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("where");
        const auto row = [](const char* name, const char* from, const char* to, const char* where) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QByteArray(where);
        };
        row("no time becomes no rule for ever", "1970-01-01T00:00:00.000007Z", "soon", "until");
        row("no scope becomes none that is wide", R"("scope":"tool")", R"("scope":"x")", "scope");
        row("an answer that is neither", R"("answer":"allow")", R"("answer":"edit")", "answer");
        row("an id that is none", "09000000", "9", "id");
        row("no policy", R"("policy_id":"ask")", R"("policy_id":"")", "policy_id");
    }
    void aRuleThatIsDamagedCountsForNothing()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, where);
        const ApprovalRule rule{.id = CallId({9}),
                                .isAllowed = true,
                                .policyId = "ask",
                                .scope = ApprovalScope::Tool,
                                .until = fromMicros(7)};
        const QByteArray text = QByteArray::fromStdString(toJson(rule));
        QVERIFY(text.contains(from));
        const auto read = approvalRuleFromJson(QByteArray(text).replace(from, to).toStdString());
        QVERIFY(!read);
        QCOMPARE(QByteArray::fromStdString(read.error().context), where);
    }
};

} // namespace

LUTHIEN_TEST(tst_approval_json, TestApprovalJson)
#include "tst_approval_json.moc"
