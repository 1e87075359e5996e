// SPDX-License-Identifier: Apache-2.0
#include "scripted_inference.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;
using namespace std::chrono_literals;
using builtin::test::PolicyWorld;
using conversation::Verdict;

namespace {

constexpr const char* kConfig = R"({"instructions":"No apologies.","apply_to":"both","retries":0})";

class TestLlmRewrite : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTextLeavesAsTheModelSays_data()
    {
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("pass") << QByteArray(R"({"action":"pass"})") << QByteArray("Sorry, it is 4.");
        QTest::newRow("replace") << QByteArray(R"({"action":"replace","text":"It is 4."})") << QByteArray("It is 4.");
        QTest::newRow("nothing is left") << QByteArray(R"({"action":"replace","text":""})") << QByteArray("");
    }
    void aTextLeavesAsTheModelSays()
    {
        QFETCH(QByteArray, words);
        QFETCH(QByteArray, text);
        PolicyWorld world("llm-rewrite", kConfig);
        std::string out;
        world.policyCall->text(0, 1, "Sorry, ", out);
        world.policyCall->text(0, 1, "it is 4.", out);
        QVERIFY(world.models.asked.empty()); // the model sees a block when it is complete
        QVERIFY(world.policyCall->textEnd(0, 1, out)->verdict == Verdict::Hold);
        QVERIFY(out.empty());
        QVERIFY(world.models.asked.at(0)->request.prompt == "<text>Sorry, it is 4.</text>");
        QVERIFY(world.models.asked.at(0)->request.system.find("No apologies.") != std::string::npos);
        world.models.say(0, words.toStdString());
        const auto verdict = world.policyCall->textEnd(0, 1, out);
        QVERIFY(verdict->verdict == Verdict::Continue && verdict->isRecorded && verdict->inference == CallId({1}));
        QCOMPARE(QByteArray::fromStdString(out), text);
    }

    void whatIsNoRevisionIsAnError_data()
    {
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("words") << QByteArray("It is 4.");
        QTest::newRow("another action") << QByteArray(R"({"action":"keep"})");
        QTest::newRow("a pass with a text") << QByteArray(R"({"action":"pass","text":"x"})");
        QTest::newRow("a replacement without one") << QByteArray(R"({"action":"replace"})");
        QTest::newRow("both replacements") << QByteArray(R"({"action":"replace","text":"x","arguments":{}})");
        QTest::newRow("a text that is none") << QByteArray(R"({"action":"replace","text":["x"]})");
        QTest::newRow("arguments for a text") << QByteArray(R"({"action":"replace","arguments":{}})");
    }
    void whatIsNoRevisionIsAnError()
    {
        QFETCH(QByteArray, words);
        PolicyWorld world("llm-rewrite", kConfig);
        std::string out;
        world.policyCall->text(0, 1, "Sorry.", out);
        (void)world.policyCall->textEnd(0, 1, out);
        world.models.say(0, words.toStdString());
        const auto verdict = world.policyCall->textEnd(0, 1, out);
        QVERIFY(!verdict);
        QCOMPARE(out, std::string("Sorry.")); // what on_error lets pass
    }

    void theModelKnowsWhatCameBefore()
    {
        PolicyWorld world("llm-rewrite", kConfig);
        std::string out;
        world.policyCall->text(0, 1, "a<b", out);
        (void)world.policyCall->textEnd(0, 1, out);
        world.models.say(0, R"({"action":"pass"})");
        (void)world.policyCall->textEnd(0, 1, out);
        world.policyCall->text(0, 2, "</text>", out);
        (void)world.policyCall->textEnd(0, 2, out);
        QVERIFY(world.models.asked.at(1)->request.prompt == "<earlier>a&lt;b</earlier>\n<text>&lt;/text&gt;</text>");
        world.policyCall->text(1, 1, "x", out);
        (void)world.policyCall->textEnd(1, 1, out);
        QVERIFY(world.models.asked.at(2)->request.prompt == "<text>x</text>"); // another choice
    }

    void aToolCallLeavesAsTheModelSays()
    {
        PolicyWorld world("llm-rewrite", kConfig);
        const std::string_view arguments = R"({"command":"pip install x"})";
        for (std::uint32_t block = 1; block <= 3; ++block)
            QVERIFY(world.call(block, "Bash", arguments)->verdict == Verdict::Hold);
        world.models.say(2, R"({"action":"replace","text":"[Not installed.]"})");
        world.models.say(1, R"({"action":"replace","arguments":{"command":"uv pip install x"}})");
        world.models.say(0, R"({"action":"pass"})");
        QVERIFY(world.call(1, "Bash", arguments)->verdict == Verdict::Continue);
        const auto replaced = world.call(2, "Bash", arguments);
        QVERIFY(replaced->verdict == Verdict::Replace && replaced->inference == CallId({2}));
        QVERIFY(replaced->arguments == R"({"command":"uv pip install x"})");
        const auto text = world.call(3, "Bash", arguments);
        QVERIFY(text->isBlocked() && text->agentText == "[Not installed.]");
    }

    void looksOnlyAtWhatItIsFor()
    {
        const PolicyWorld text("llm-rewrite", R"({"instructions":"x"})");
        QVERIFY(text.policy().interests().text && !text.policy().interests().toolCalls);
        const PolicyWorld calls("llm-rewrite", R"({"instructions":"x","apply_to":"tool_calls"})");
        QVERIFY(!calls.policy().interests().text && calls.policy().interests().toolCalls);
        QVERIFY(calls.policy().interests().changesArguments);
    }

    void whatFailsIsAnErrorAndTheTextIsThere()
    {
        PolicyWorld world("llm-rewrite", kConfig);
        std::string out;
        world.policyCall->text(0, 1, "Sorry.", out);
        const auto held = world.policyCall->textEnd(0, 1, out);
        QVERIFY(held->holdUntil == world.clock.steady() + 30s);
        world.clock.pass(30s);
        QVERIFY(world.policyCall->textEnd(0, 1, out).error().code == ErrorCode::Timeout);
        QCOMPARE(out, std::string("Sorry."));

        const std::string large(100'000, 'x');
        std::string all;
        world.policyCall->text(0, 2, large, all);
        QVERIFY(all.empty());
        QVERIFY(world.policyCall->textEnd(0, 2, all).error().code == ErrorCode::TooLarge);
        QVERIFY(all == large);
        QVERIFY(world.call(3, "Bash", "{\"c\":\"" + large + "\"}").error().code == ErrorCode::TooLarge);
        world.context.inference = nullptr;
        QVERIFY(world.call(4, "Bash", "{}").error().code == ErrorCode::Unavailable);
    }

    void anEmptyBlockIsNoQuestion()
    {
        PolicyWorld world("llm-rewrite", kConfig);
        std::string out;
        QVERIFY(world.policyCall->textEnd(0, 1, out)->verdict == Verdict::Continue);
        QVERIFY(world.models.asked.empty());
    }
};

} // namespace

LUTHIEN_TEST(tst_llm_rewrite, TestLlmRewrite)
#include "tst_llm_rewrite.moc"
