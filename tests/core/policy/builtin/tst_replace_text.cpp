// SPDX-License-Identifier: Apache-2.0
#include "judged.h"
#include "policy/builtin/text_stages.h"
#include "support/test_registry.h"

#include <random>
#include <vector>

using namespace luthien::policy;
using namespace luthien::policy::builtin::test;
using luthien::conversation::PartKind;
using luthien::conversation::RequestPart;
using luthien::conversation::Verdict;

namespace {

std::string run(const Policy& policy, const std::vector<std::string_view>& parts)
{
    const CallFacts facts;
    const PolicyContext context = contextOf(facts);
    const auto call = policy.open(context);
    std::string out;
    for (const std::string_view part : parts)
        call->text(0, 0, part, out);
    return call->textEnd(0, 0, out) ? out : "error";
}

class TestReplaceText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void replaces_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* config, const char* text, const char* expected) {
            QTest::newRow(name) << QByteArray(config) << QByteArray(text) << QByteArray(expected);
        };
        row("a word", "{\"replacements\":[{\"from\":\"cat\",\"to\":\"dog\"}]}", "a cat, concatenate, Cat",
            "a dog, condogenate, Cat");
        row("one after the other", "{\"replacements\":[{\"from\":\"a\",\"to\":\"bb\"},{\"from\":\"bb\",\"to\":\"c\"}]}",
            "abba bab", "ccc cc");
        row("what a replacement and the text after it make together",
            "{\"replacements\":[{\"from\":\"x\",\"to\":\"ab\"},{\"from\":\"abc\",\"to\":\"!\"}]}", "xc abxc", "! ab!");
        row("matches that overlap count once", "{\"replacements\":[{\"from\":\"aa\",\"to\":\"b\"}]}", "aaaaa", "bba");
        row("a beginning that begins again", "{\"replacements\":[{\"from\":\"aab\",\"to\":\"!\"}]}", "aaab aaaab",
            "a! aa!");
        row("nothing is passed over", "{\"replacements\":[{\"from\":\"\",\"to\":\"x\"},{\"from\":\"a\",\"to\":\"\"}]}",
            "aba", "b");
        row("any case", "{\"replacements\":[{\"from\":\"color\",\"to\":\"colour\"}],\"match_capitalization\":true}",
            "Color COLOR color cOlOr", "Colour COLOUR colour cOlOur");
        row("other alphabets and long characters",
            "{\"replacements\":[{\"from\":\"мир\",\"to\":\"свет\"},{\"from\":\"😀\",\"to\":\"é\"}],\"match_"
            "capitalization\":true}",
            "МИР 😀 Мир", "СВЕТ é Свет");
        row("an expression",
            "{\"replacements\":[{\"from\":\"([a-z])@([a-z])\",\"to\":\"\\\\2 at \\\\1\",\"regex\":true}]}",
            "a@b\nc@d e", "b at a\nd at c e");
        row("an expression sees lines", "{\"replacements\":[{\"from\":\"^a$\",\"to\":\"b\",\"regex\":true}]}",
            "a\naa\na\n", "b\naa\nb\n");
        row("an expression is not shaped",
            "{\"replacements\":[{\"from\":\"a\",\"to\":\"x\",\"regex\":true}],\"match_capitalization\":true}", "aA",
            "xA");
    }
    /// At every split, and byte by byte: what comes out of the parts is what comes out of the whole.
    void replaces()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const auto policy = make("replace-text", view(config));
        QVERIFY(policy.hasValue());
        const std::string_view whole = view(text);
        QCOMPARE(QByteArray::fromStdString(run(**policy, {whole})), expected);
        std::vector<std::string_view> bytes;
        for (std::size_t i = 0; i < whole.size(); ++i) {
            QCOMPARE(QByteArray::fromStdString(run(**policy, {whole.substr(0, i), whole.substr(i)})), expected);
            bytes.push_back(whole.substr(i, 1));
        }
        QCOMPARE(QByteArray::fromStdString(run(**policy, bytes)), expected);
    }

    void longLinesAreCutWhereverThePartsAre()
    {
        const auto policy =
            make("replace-text", "{\"replacements\":[{\"from\":\"a+\",\"to\":\"<\\\\0>\",\"regex\":true}]}");
        std::mt19937 random(7);
        std::string text;
        while (text.size() < 20'000)
            text += random() % 3000 == 0 ? "\n" : random() % 5 == 0 ? "é" : "a";
        const std::string expected = run(**policy, {text});
        for (int round = 0; round < 50; ++round) {
            std::vector<std::string_view> parts;
            for (std::size_t at = 0; at < text.size();) {
                const std::size_t size = 1 + random() % 5000;
                parts.push_back(std::string_view(text).substr(at, size));
                at += size;
            }
            QVERIFY(run(**policy, parts) == expected);
        }
    }

    void aTextThatGrowsWithoutBoundIsAnError()
    {
        const std::string much(4000, 'a');
        const std::string one = "{\"from\":\"a\",\"to\":\"" + much + "\"}";
        const auto policy = make("replace-text", "{\"replacements\":[" + one + "," + one + "," + one + "]}");
        QCOMPARE(run(**policy, {"aaaa"}), std::string("error"));
    }

    void changesWhatPeopleTheModelAndToolsSaid()
    {
        const auto policy =
            make("replace-text", "{\"replacements\":[{\"from\":\"a\",\"to\":\"b\"}],\"apply_to\":\"both\"}");
        QVERIFY((*policy)->interests().request && (*policy)->interests().text);
        QVERIFY(!(*make("replace-text", "{\"replacements\":[{\"from\":\"a\"}]}"))->interests().request);
        const CallFacts facts;
        const PolicyContext context = contextOf(facts);
        const std::vector<RequestPart> parts{{.kind = PartKind::System, .text = "a"},
                                             {.kind = PartKind::UserText, .text = "a"},
                                             {.kind = PartKind::AssistantText, .text = "x"},
                                             {.kind = PartKind::ToolResult, .text = "aa"}};
        const auto verdict = (*policy)->open(context)->request(parts);
        QCOMPARE(verdict->verdict, Verdict::Replace);
        QVERIFY(verdict->changes == std::vector<luthien::conversation::PartChange>({{1, "b"}, {3, "bb"}}));
    }

    void refusesAWrongConfig_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("no expression") << QByteArray("{\"replacements\":[{\"from\":\"(\",\"regex\":true}]}")
                                       << QByteArray("replacements[0].from");
        QTest::newRow("a group that is not there")
            << QByteArray("{\"replacements\":[{\"from\":\"a\"},{\"from\":\"a\",\"to\":\"\\\\1\",\"regex\":true}]}")
            << QByteArray("replacements[1].to");
        QTest::newRow("another side") << QByteArray("{\"apply_to\":\"all\"}") << QByteArray("apply_to");
    }
    void refusesAWrongConfig()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, where);
        const auto policy = make("replace-text", view(config));
        QVERIFY(!policy);
        QCOMPARE(QByteArray::fromStdString(policy.error().context), where);
        QVERIFY2(policy.error().message.ends_with('.') && !policy.error().message.ends_with(".."),
                 policy.error().message.c_str());
    }
};

} // namespace

LUTHIEN_TEST(tst_replace_text, TestReplaceText)
#include "tst_replace_text.moc"
