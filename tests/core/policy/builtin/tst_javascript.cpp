// SPDX-License-Identifier: Apache-2.0
#include "judged.h"
#include "policy/builtin/javascript.h"
#include "scripted_runner.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;
using conversation::Verdict;
using policy::builtin::test::ScriptedRunner;
using policy::builtin::test::view;

namespace {

constexpr const char* kContinue = R"({"verdict":"continue"})";
constexpr const char* kBlock = R"({"verdict":"block","reason":"no"})";

Result<std::shared_ptr<const Policy>> make(std::string_view config, ScriptRunner* runner)
{
    return builtin::kJavascript.make(parseStrictJson(config)->get_object(), {.scripts = runner});
}

/// A policy with all functions at work on one call.
struct Work
{
    ScriptedRunner runner;
    int wakes = 0;
    CallFacts facts{.model = "m"};
    SystemClock clock;
    PolicyContext context{.facts = facts, .clock = clock, .wake = [this] { ++wakes; }, .policyId = "js"};
    std::shared_ptr<const Policy> policy =
        *make(R"({"source":"onRequest onText onToolCall onEnd","timeout":"70ms"})", &runner);
    std::unique_ptr<PolicyCall> call = policy->open(context);
    boost::json::value arguments = *parseStrictJson(R"({"a":1})");

    Result<PolicyVerdict> tool(std::uint32_t block, const char* id = "t")
    {
        const conversation::ToolCall said{.block = block, .id = id, .name = "Bash", .arguments = R"({"a":1})"};
        return call->toolCall({said, &arguments});
    }
    [[nodiscard]] std::string lastFailure() const
    {
        const auto failure = const_cast<ScriptedRunner&>(runner).failures().of("js");
        return failure ? failure->message : "";
    }
};

} // namespace

class TestJavascript : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void badSettingsAreRefusedWithTheirField_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QString>("error");
        QTest::newRow("no script") << QByteArray("{}") << "source: This is missing or empty.";
        QTest::newRow("a bad script") << QByteArray(R"({"source":"bad"})") << "source: line 1: SyntaxError: bad";
        QTest::newRow("a function with other capitals") << QByteArray(R"({"source":"function onToolcall(call) {}"})")
                                                        << "source: There is no function onToolcall; it is onToolCall.";
        QTest::newRow("too long a time") << QByteArray(R"({"source":"onText","timeout":"1m"})") << "timeout: ";
        QTest::newRow("another member") << QByteArray(R"({"source":"onText","file":"x"})") << "file: ";
    }
    void badSettingsAreRefusedWithTheirField()
    {
        QFETCH(QByteArray, config);
        QFETCH(QString, error);
        ScriptedRunner runner;
        const auto made = make(view(config), &runner);
        QVERIFY(!made);
        QVERIFY2(QString::fromStdString(made.error().toString()).startsWith(error), made.error().toString().c_str());
        QVERIFY(!make(view(config), nullptr));
    }

    void looksOnlyAtWhatTheScriptHasFunctionsFor()
    {
        ScriptedRunner runner;
        const Interests text = (*make(R"({"source":"function onText(b) {}"})", &runner))->interests();
        QVERIFY(text.text && !text.toolCalls && !text.request && !text.end && !text.changesArguments);
        const Interests tools = (*make(R"({"source":"onToolCall"})", &runner))->interests();
        QVERIFY(tools.toolCalls && tools.changesArguments && !tools.text);
    }

    void aCallIsHeldUntilTheScriptHasSpoken()
    {
        Work work;
        QVERIFY(work.tool(0)->verdict == Verdict::Hold);
        QVERIFY(work.tool(0)->verdict == Verdict::Hold);
        QCOMPARE(work.runner.asked.size(), std::size_t(1));
        QCOMPARE(work.runner.asked.front().first.timeout, std::chrono::milliseconds(70));
        QCOMPARE(work.runner.asked.front().first.policyId, std::string("js"));
        work.runner.answer(std::string(kBlock));
        QCOMPARE(work.wakes, 1);
        QVERIFY(work.tool(0)->isBlocked());
        QVERIFY(work.lastFailure().empty());
    }

    void callsOfOneReplyAreJudgedAtOnce()
    {
        Work work;
        QVERIFY(work.tool(0, "a")->verdict == Verdict::Hold && work.tool(1, "b")->verdict == Verdict::Hold);
        QCOMPARE(work.runner.asked.size(), std::size_t(2));
        std::swap(work.runner.asked[0], work.runner.asked[1]);
        work.runner.answer(std::string(kBlock));
        QVERIFY(work.tool(0, "a")->verdict == Verdict::Hold && work.tool(1, "b")->isBlocked());
        work.runner.answer(std::string(kContinue));
        QVERIFY(work.tool(0, "a")->verdict == Verdict::Continue);
    }

    void aCallOfAnotherReplyAtTheSamePlaceIsAskedAnew()
    {
        Work work;
        QVERIFY(work.tool(0, "first")->verdict == Verdict::Hold && work.tool(0, "second")->verdict == Verdict::Hold);
        work.runner.answer(std::string(kContinue));
        QVERIFY(work.tool(0, "second")->verdict == Verdict::Hold);
    }

    void whatTheScriptCannotSayIsAnErrorAndSeenAtThePolicy_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<QString>("failure");
        QTest::newRow("it threw") << QByteArray() << "line 3: TypeError: x";
        QTest::newRow("no verdict") << QByteArray("true")
                                    << "What the script returned is no verdict: This must be an object with a verdict.";
        QTest::newRow("a spoofed one") << QByteArray(R"({"verdict":"continue"}{"verdict":"block"})")
                                       << "What the script returned is no verdict: ";
    }
    void whatTheScriptCannotSayIsAnErrorAndSeenAtThePolicy()
    {
        QFETCH(QByteArray, said);
        QFETCH(QString, failure);
        Work work;
        (void)work.tool(0);
        if (said.isEmpty())
            work.runner.answer(Error{ErrorCode::InvalidInput, "TypeError: x", "line 3"});
        else
            work.runner.answer(said.toStdString());
        QVERIFY(!work.tool(0));
        QVERIFY2(QString::fromStdString(work.lastFailure()).startsWith(failure), work.lastFailure().c_str());
    }

    void textIsJudgedAsAWhole()
    {
        Work work;
        std::string out;
        work.call->text(0, 0, "Hello ", out);
        work.call->text(0, 0, "world", out);
        QVERIFY(out.empty());
        QVERIFY(work.call->textEnd(0, 0, out)->verdict == Verdict::Hold && out.empty());
        QVERIFY(work.runner.asked.front().first.argument.find("\"Hello world\"") != std::string::npos);
        work.runner.answer(std::string(R"({"verdict":"replace","text":"Hi","reason":"short"})"));
        const auto verdict = work.call->textEnd(0, 0, out);
        QCOMPARE(out, std::string("Hi"));
        QVERIFY(verdict && verdict->verdict == Verdict::Continue && verdict->reason == "short");
        // A script that fails leaves it to on_error whether the text passes as it was.
        out.clear();
        work.call->text(0, 1, "more", out);
        (void)work.call->textEnd(0, 1, out);
        work.runner.answer(Error{ErrorCode::Timeout, "late", {}});
        QVERIFY(!work.call->textEnd(0, 1, out));
        QCOMPARE(out, std::string("more"));
    }

    void tooMuchTextIsNotJudged()
    {
        Work work;
        std::string out;
        const std::string megabyte(1UL << 20, 'x');
        for (int i = 0; i < 9; ++i)
            work.call->text(0, 0, megabyte, out);
        const auto verdict = work.call->textEnd(0, 0, out);
        QVERIFY(!verdict && verdict.error().code == ErrorCode::TooLarge && work.runner.asked.empty());
    }

    void requestsAreChangedBeforeTheyLeave()
    {
        Work work;
        const std::vector<conversation::RequestPart> parts{{.text = "a"}, {.text = "b"}};
        QVERIFY(work.call->request(parts)->verdict == Verdict::Hold);
        work.runner.answer(std::string(R"({"verdict":"replace","parts":[{"part":1,"text":"c"}]})"));
        QVERIFY((work.call->request(parts)->changes == std::vector<conversation::PartChange>{{1, "c"}}));
    }

    void whatTheEndIsBlockedForIsTold()
    {
        Work work;
        work.call->ended({});
        work.call.reset();
        work.runner.answer(std::string(R"({"verdict":"block","reason":"too long"})"));
        QCOMPARE(work.lastFailure(), std::string("onEnd: too long"));
    }

    void nobodyIsWokenForACallThatIsOver()
    {
        Work work;
        (void)work.tool(0);
        work.call.reset();
        work.runner.answer(std::string(kContinue));
        QCOMPARE(work.wakes, 0);
    }
};

LUTHIEN_TEST(tst_javascript, TestJavascript)
#include "tst_javascript.moc"
