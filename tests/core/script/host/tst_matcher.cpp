// SPDX-License-Identifier: Apache-2.0
#include "script/host/matcher.h"
#include "support/test_registry.h"

using namespace luthien::script::host;

class TestMatcher : public QObject
{
    Q_OBJECT

private:
    /// What a script gets that calls a method of it.
    static QString said(const QString& expression)
    {
        QJSEngine engine;
        Matcher matcher(engine);
        QJSEngine::setObjectOwnership(&matcher, QJSEngine::CppOwnership);
        engine.globalObject().setProperty(QStringLiteral("m"), engine.newQObject(&matcher));
        return engine.evaluate(QStringLiteral("JSON.stringify(%1)").arg(expression)).toString();
    }

private Q_SLOTS:
    void matchesAsJavaScriptCounts_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("result");
        const auto row = [](const char* name, const char* expression, const char* result) {
            QTest::newRow(name) << QString::fromUtf8(expression) << QString::fromUtf8(result);
        };
        row("found", "m.test('a+', 'xaa')", "true");
        row("not found", "m.test('^a', 'xaa')", "false");
        row("a glob is the whole text", "m.glob('git *', 'git push')", "true");
        row("positions are UTF-16 units", "m.match('rm', 'é😀rm')", R"({"text":"rm","start":3,"end":5,"groups":[]})");
        row("a group that took no part", "m.match('(a)|(b)', 'b')",
            R"({"text":"b","start":0,"end":1,"groups":[null,"b"]})");
        row("no match", "m.match('z', 'b')", "null");
        row("all matches", "m.matchAll('.', 'é😀').map(x => x.start)", "[0,1]");
        row("empty matches go on", "m.matchAll('x*', '€a').map(x => x.start)", "[0,1,2]");
        row("replaced", R"(m.replace('(a)(b)', 'abab', '\\2\\1'))", R"("baba")");
        row("what backtracking cannot do", "m.test('^(?:(a+)+b|a+!)$', 'a'.repeat(50000) + '!')", "true");
        row("a bad pattern is thrown", "m.test('(', 'x')",
            "SyntaxError: RE2 does not accept this pattern: missing ): (.");
        row("a bad replacement is thrown", R"(m.replace('a', 'a', '\\3'))",
            "SyntaxError: Rewrite schema requests 3 matches, but the regexp only has 0 parenthesized subexpressions.");
        row("too many matches are thrown", "m.matchAll('', 'x'.repeat(20000))",
            "SyntaxError: There are more than 10000 matches.");
    }
    void matchesAsJavaScriptCounts()
    {
        QFETCH(QString, expression);
        QFETCH(QString, result);
        QCOMPARE(said(expression), result);
    }

    void patternsAreKeptInBounds()
    {
        QCOMPARE(said(QStringLiteral(
                     "(function () { let n = 0; for (let i = 0; i < 1000; ++i) n += m.test('^' + i + '$', '' + i) "
                     "? 1 : 0; return n; })()")),
                 QStringLiteral("1000"));
    }
};

LUTHIEN_TEST(tst_matcher, TestMatcher)
#include "tst_matcher.moc"
