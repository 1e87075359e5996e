// SPDX-License-Identifier: Apache-2.0
#include "judged.h"
#include "policy/builtin/script_verdict.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;
using namespace luthien::policy::builtin;
using conversation::Match;
using conversation::Verdict;
using luthien::policy::builtin::test::view;

namespace {

const QByteArray kArguments = R"({"command":"é😀rm","list":["a~b"],"n":1})";

/// A call that a verdict is about.
struct Call
{
    boost::json::value arguments = *parseStrictJson(view(kArguments));
    conversation::ToolCall call{.name = "Bash", .arguments = view(kArguments)};
    JudgedCall judged{call, &arguments};
};

} // namespace

class TestScriptVerdict : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyTheExactShapeIsAVerdict_data()
    {
        QTest::addColumn<QByteArray>("json");
        const std::array<const char*, 26> rows{
            "",
            "null",
            "true",
            "1",
            "\"continue\"",
            "\"allow\"",
            "[]",
            "[{\"verdict\":\"continue\"}]",
            "{}",
            R"({"verdict":"hold"})",
            R"({"verdict":"Continue"})",
            R"({"verdict":null})",
            R"({"verdict":"block"})",
            R"({"verdict":"block","reason":""})",
            R"({"verdict":"block","reason":1})",
            R"({"verdict":"continue","arguments":{}})",
            R"({"verdict":"continue","agentText":"x"})",
            R"({"verdict":"continue","else":1})",
            R"({"verdict":"continue","score":"1"})",
            R"({"verdict":"block","verdict":"continue","reason":"x"})",
            R"({"verdict":"continue"} x)",
            R"({"verdict":"replace"})",
            R"({"verdict":"replace","arguments":"rm"})",
            R"({"verdict":"replace","text":"x"})",
            R"({"verdict":"block","reason":"x","matched":[{"pointer":"/none","start":0,"end":1}]})",
            R"({"verdict":"block","reason":"x","matched":[{"pointer":"/command","start":0,"end":99}]})"};
        for (const char* json : rows)
            QTest::newRow(json) << QByteArray(json);
    }
    void onlyTheExactShapeIsAVerdict()
    {
        QFETCH(QByteArray, json);
        const Call call;
        const auto verdict = toolVerdictOf(view(json), call.judged);
        QVERIFY(!verdict);
        QVERIFY(verdict.error().code == ErrorCode::InvalidInput);
    }

    void saysWhatTheScriptSays()
    {
        const Call call;
        const auto passes = toolVerdictOf(R"({"verdict":"continue"})", call.judged);
        QVERIFY(passes && passes->verdict == Verdict::Continue && !passes->isRecorded);
        const auto remarks = toolVerdictOf(R"({"verdict":"continue","score":0.25})", call.judged);
        QVERIFY(remarks && remarks->isRecorded && remarks->score == 0.25);
        const auto blocks = toolVerdictOf(
            R"({"verdict":"block","reason":"no","agentText":"ask","matched":[{"pointer":"/command","start":1,"end":4},)"
            R"({"pointer":"/list/0"}]})",
            call.judged);
        QVERIFY(blocks && blocks->isBlocked());
        QCOMPARE(blocks->reason, std::string("no"));
        QCOMPARE(blocks->agentText, std::string("ask"));
        // é is two bytes and one unit, the face four bytes and two units.
        QVERIFY((blocks->matched == std::vector<Match>{{"/command", 2, 7}, {"/list/0", 0, 3}}));
    }

    void argumentsAreReplacedInTheFormTheyCameIn()
    {
        const Call call;
        const auto replaced = toolVerdictOf(R"({"verdict":"replace","arguments":{"command":"ls"}})", call.judged);
        QVERIFY(replaced && replaced->verdict == Verdict::Replace);
        QCOMPARE(replaced->arguments, std::string(R"({"command":"ls"})"));
        const conversation::ToolCall patch{.isFreeText = true, .name = "apply_patch", .arguments = "text"};
        QCOMPARE(toolVerdictOf(R"({"verdict":"replace","arguments":"other"})", {patch, nullptr})->arguments,
                 std::string("other"));
        QVERIFY(!toolVerdictOf(R"({"verdict":"replace","arguments":{}})", {patch, nullptr}));
    }

    void partsOfARequestAreReplacedOnceEach()
    {
        const auto verdict =
            requestVerdictOf(R"({"verdict":"replace","parts":[{"part":2,"text":"c"},{"part":0,"text":""}]})", 3);
        QVERIFY(verdict);
        QVERIFY((verdict->changes == std::vector<conversation::PartChange>{{0, ""}, {2, "c"}}));
        for (const char* parts : {"[]", R"([{"part":3,"text":"x"}])", R"([{"part":-1,"text":"x"}])", R"([{"part":0}])",
                                  R"([{"part":0,"text":"a"},{"part":0,"text":"b"}])"})
            QVERIFY2(!requestVerdictOf(std::string(R"({"verdict":"replace","parts":)") + parts + "}", 3), parts);
        QVERIFY(!requestVerdictOf(R"({"verdict":"replace","parts":[{"part":0,"text":"x"}]})", 0));
    }

    void textIsReplacedOrBlocked()
    {
        QVERIFY(!textVerdictOf(R"({"verdict":"continue"})", "abc")->text);
        QCOMPARE(*textVerdictOf(R"({"verdict":"replace","text":"x"})", "abc")->text, std::string("x"));
        QVERIFY(textVerdictOf(R"({"verdict":"block","reason":"x"})", "abc")->verdict.isBlocked());
        QVERIFY(!textVerdictOf(R"({"verdict":"replace"})", "abc"));
        QVERIFY(!textVerdictOf(R"({"verdict":"replace","arguments":{}})", "abc"));
    }

    void nothingIsReplacedAfterTheEnd()
    {
        QVERIFY(endVerdictOf(R"({"verdict":"block","reason":"long"})")->isBlocked());
        QVERIFY(!endVerdictOf(R"({"verdict":"replace"})"));
    }
};

LUTHIEN_TEST(tst_script_verdict, TestScriptVerdict)
#include "tst_script_verdict.moc"
