// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/text_stages.h"
#include "support/test_registry.h"

using namespace luthien::policy;
using namespace luthien::policy::builtin;

namespace {

class TestTextStages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesTheShapeOfTheMatch_data()
    {
        QTest::addColumn<QString>("match");
        QTest::addColumn<QString>("replacement");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* match, const char* replacement, const char* expected) {
            QTest::newRow(name) << QString::fromUtf8(match) << QString::fromUtf8(replacement)
                                << QString::fromUtf8(expected);
        };
        row("upper", "COLOR", "colour", "COLOUR");
        row("lower", "color", "COLOUR", "colour");
        row("title", "Color", "colour", "Colour");
        row("one capital is upper", "A", "bee", "BEE");
        row("a mixture, letter by letter", "cOlOr", "shade", "sHaDe");
        row("a mixture over what is no letter", "a-Bc", "x.yz", "x.Yz");
        row("letters beyond the match stay", "aBc", "xyzVw", "xYzVw");
        row("a match without letters says nothing", "123", "One", "One");
        row("other alphabets", "ПРИВЕТ", "мир", "МИР");
    }
    void takesTheShapeOfTheMatch()
    {
        QFETCH(QString, match);
        QFETCH(QString, replacement);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdU32String(withShapeOf(match.toStdU32String(), replacement.toStdU32String())),
                 expected);
    }

    void keepsBackNoMoreThanItSays_data()
    {
        QTest::addColumn<bool>("anyCase");
        QTest::newRow("as it is") << false;
        QTest::newRow("in any case") << true;
    }
    void keepsBackNoMoreThanItSays()
    {
        QFETCH(bool, anyCase);
        const Replacement replacement{.from = "abcab", .to = "x", .expression = {}, .matchesAnyCase = anyCase};
        const auto stage = makeTextStage(replacement);
        const std::string text = "zzabcabcabababcaabcaz";
        std::string out;
        std::size_t in = 0;
        for (const char c : text) {
            stage->add({&c, 1}, out);
            ++in;
            // each x that left stood for 5
            const auto left = out.size() + 4 * static_cast<std::size_t>(std::count(out.begin(), out.end(), 'x'));
            QVERIFY(in - left <= replacement.from.size() - 1);
        }
        stage->end(out);
        QCOMPARE(out, std::string("zzxcabababcaabcaz"));
    }

    void anExpressionKeepsBackALineAtMost()
    {
        const Replacement replacement{.from = "x+", .to = "-", .expression = *compileExpression("x+")};
        const auto stage = makeTextStage(replacement);
        std::string out;
        for (int i = 0; i < 3; ++i) {
            stage->add(std::string(kMaxLineBytes, 'y'), out);
            QVERIFY(static_cast<std::size_t>(i + 1) * kMaxLineBytes - out.size() <= kMaxLineBytes);
        }
        stage->add("\nxx", out);
        stage->end(out);
        QCOMPARE(out, std::string(3 * kMaxLineBytes, 'y') + "\n-");
    }
};

} // namespace

LUTHIEN_TEST(tst_text_stages, TestTextStages)
#include "tst_text_stages.moc"
