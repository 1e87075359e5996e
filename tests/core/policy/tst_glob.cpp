// SPDX-License-Identifier: Apache-2.0
#include "policy/glob.h"
#include "support/test_registry.h"

#include <chrono>
#include <string>
#include <vector>

using namespace luthien;
using namespace luthien::policy;

namespace {

class TestGlob : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matchesWholeTexts_data()
    {
        QTest::addColumn<QByteArray>("glob");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("match");
        const auto row = [](const char* glob, const char* text, bool match) {
            QTest::newRow(qPrintable(QStringLiteral("%1 and %2").arg(QString::fromUtf8(glob), QString::fromUtf8(text))))
                << QByteArray(glob) << QByteArray(text) << match;
        };
        row("Bash", "Bash", true);
        row("Bash", "bash", false);
        row("Bash", "BashOutput", false);
        row("Bash", "Bash\n", false);
        row("*", "", true);
        row("mcp__*__query", "mcp__shop__query", true);
        row("mcp__*__query", "mcp__shop__querys", false);
        row("*rm -rf*", "cd /\nrm -rf x\n", true);
        row("a?c", "abc", true);
        row("a?c", "ac", false);
        row("a?c",
            "a\xc3\xa4"
            "c",
            true);
        row("\xc3\xa4*", "\xc3\xa4pfel", true);
        row("a.c", "abc", false);
        row("a|b", "a", false);
        row("[ab]", "a", false);
        row("(?i)x\\d$", "(?i)x\\d$", true);
        row("", "", true);
        row("", "x", false);
    }
    void matchesWholeTexts()
    {
        QFETCH(QByteArray, glob);
        QFETCH(QByteArray, text);
        QFETCH(bool, match);
        QCOMPARE(matches(*compileGlob(glob.toStdString()), text.toStdString()), match);
        QCOMPARE(matches(*compileGlobs(std::vector{std::string("other"), glob.toStdString()}), text.toStdString()),
                 match);
    }

    void noGlobMatchesNothing()
    {
        QVERIFY(!matches(*compileGlobs({}), ""));
        QVERIFY(!matches(*compileGlobs({}), "x"));
    }

    void findsExpressionsAnywhere()
    {
        const Pattern pattern = *compileExpression("r[mM] +-r");
        const auto hit = find(pattern, "cd; rm  -rf /");
        QVERIFY(hit && hit->begin == 4 && hit->end == 10);
        QVERIFY(!find(pattern, "rmdir x"));
    }

    void refusesWhatIsNoExpression()
    {
        for (const char* wrong : {"(", "a{1001}", "\\1", "(?=x)"})
            QVERIFY2(!compileExpression(wrong), wrong);
        QVERIFY(!compileExpression(std::string(20'000, 'x')));
    }

    /// What takes a backtracking engine longer than the universe has existed.
    void isLinear()
    {
        const std::string text(100'000, 'a');
        const auto start = std::chrono::steady_clock::now();
        QVERIFY(!matches(*compileExpression("^(a+)+$x"), text));
        QVERIFY(!matches(*compileGlob("*a*a*a*a*a*a*b"), text));
        QVERIFY(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
    }
};

} // namespace

LUTHIEN_TEST(tst_glob, TestGlob)
#include "tst_glob.moc"
