// SPDX-License-Identifier: Apache-2.0
#include "filter/explain.h"
#include "filter/parser.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::filter {

class TestExplain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatItMeans_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char* text, const char* sentence) {
            QTest::newRow(*text == '\0' ? "nothing" : text) << QByteArray(text) << QByteArray(sentence);
        };
        row("", "All calls.");
        row("model:claude*", "Calls where the model is like 'claude*'.");
        row("model:gpt-5 status:trunc*", "Calls where the model is 'gpt-5', and the status is truncated.");
        row("api:openai-*", "Calls where the API is openai-chat or openai-responses.");
        row("verdict:block policy:sql",
            "Calls where there is a decision whose verdict is block and whose policy is 'sql'.");
        row("verdict:block -policy:sql",
            "Calls where there is no decision whose policy is 'sql', and there is a decision whose verdict is block.");
        row("tool:Bash (arg.command~/rm/ or arg:x)",
            "Calls where there is a tool call whose name is 'Bash' and (whose argument command has a match of /rm/ or "
            "whose any argument is 'x').");
        row("tokens>10k or -(cost<=$0.5 since:2h)",
            "Calls where the number of tokens is above 10k, or it is not so that (the cost is at most $0.5, and it "
            "began 2h ago or later).");
        row("drop \"drop table\"",
            "Calls where any text has the word 'drop', and any text has the words 'drop table'.");
        row("on:yesterday until:2026-11-22 is:open",
            "Calls where it began within yesterday, and it began before 2026-11-22, and they are not over.");
        row("model=x client!=y duration>=1.5s",
            "Calls where the model is exactly 'x', and the client is not exactly 'y', and the duration is at least "
            "1500ms.");
    }
    void saysWhatItMeans()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, sentence);
        const auto parsed = parseFilter(text.toStdString());
        QVERIFY(parsed);
        QCOMPARE(QByteArray::fromStdString(explain(*parsed).sentence), sentence);
        QCOMPARE(explain(*parsed).canonical, toText(*parsed));
    }
};

} // namespace luthien::filter

using luthien::filter::TestExplain;
LUTHIEN_TEST(tst_explain, TestExplain)
#include "tst_explain.moc"
