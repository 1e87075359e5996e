// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/shell_words.h"
#include "support/test_registry.h"

#include <QtTest>

#include <chrono>
#include <string>

namespace luthien::guard {

namespace {
/// "echo|a b;cat < input": words by |, commands by ;, the text of here-documents behind <.
QByteArray read(std::string_view text)
{
    QByteArray result;
    const ShellScript script = readShell(MappedText::identity(text));
    for (const ShellCommand& command : script.commands) {
        result += result.isEmpty() ? "" : ";";
        for (const MappedText& word : command.words)
            result += (&word == &command.words.front() ? "" : "|") + test::bytes(word.text());
        if (!command.input.empty())
            result += "<" + test::bytes(command.input.text());
    }
    return script.unparsed ? result + " unparsed" : result;
}
} // namespace

class TestShellWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAsAShellDoes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* text, const char* expected) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
        };
        row("a b  c", "a|b|c");
        row("a 'b  c'\"d e\"f\\ g", "a|b  cd ef g");
        row("a '' \"\"", "a||");
        row("a \"b \\\"c\\\" \\n\"", "a|b \"c\" \\n");
        row("a $'x\\ty\\x41\\101\\u0041\\''", "a|x\tyAAA'");
        row("a \\\n b", "a|b");
        row("a; b & c && d || e | f |& g", "a;b;c;d;e;f;g");
        row("a # b; c\nd", "a;d");
        row("a#b", "a#b");
        row("X=1 Y='2 3' a b", "a|b");
        row("X='b c'; a \"$X\" ${X} $X", "a|b c|b|c|b|c");
        row("a $UNKNOWN ${U:-x y}", "a|$UNKNOWN|${U:-x|y}");
        row("a >f 2>&1 <g b", "a|b");
        row("(a; b) && { c; d; }", "a;b;c;d");
        row("if a; then b; else c; fi", "a;b;c");
        row("for x in 1 2; do a; done", "for|x|in|1|2;a");
        row("a $(b 'c d') e", "b|c d;a|e");
        row("a \"$(echo 'c d')\"", "echo|c d;a|c d");
        row("a `b \\`c\\``", "c;b;a");
        row("a <(b)", "b;a");
        row("a <<EOF\nx y\nEOF\nb", "a<x y\n;b");
        row("a <<'E F' c\nx $Y\nE F\n", "a|c<x $Y\n");
        row("X=1; a <<-EOF | b\n\tx $X\n\tEOF\n", "a<x 1\n;b");
        row("a <<A <<B\n1\nA\n2\nB\n", "a<1\n2\n");
        row("a <<EOF\nx $(b) `c` y\nEOF\n", "a<x   y\n;b;c");
        row("a <<< 'x y'", "a<x y");
        row("while read l; do a; done <<EOF\nx\nEOF\n", "read|l;a<x\n");
        row("read -r Q <<EOF\nx y\nEOF\na \"$Q\"", "read|-r|Q<x y\n;a|$Q");
        row("f() { a; }", "a");
        row("a \"b", "a|b unparsed");
        row("a 'b", "a|b unparsed");
        row("a `b", "b;a unparsed");
        row("a $(b", "b;a unparsed");
        row("(a", "a unparsed");
        row("a <<EOF\nx", "a<x unparsed");
        row("", "");
    }
    void readsAsAShellDoes()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(read(test::view(text)), expected);
    }

    void knowsWhatFeedsACommand()
    {
        const ShellScript script = readShell(MappedText::identity("x; { a; b; } | c | d"));
        QCOMPARE(script.commands.size(), std::size_t{5});
        QVERIFY(script.commands[1].fedBy.empty());
        QCOMPARE(script.commands[3].fedBy.begin, std::size_t{1});
        QCOMPARE(script.commands[3].fedBy.end, std::size_t{3});
        QCOMPARE(script.commands[4].fedBy.begin, std::size_t{3});
    }

    void remembersWhereWordsCameFrom()
    {
        const ShellScript script = readShell(MappedText::identity("a 'b'\"c\""));
        const MappedText& word = script.commands.at(0).words.at(1);
        QCOMPARE(word.origin({0, 1}), (TextSpan{3, 4}));
        QCOMPARE(word.origin({1, 2}), (TextSpan{6, 7}));
    }

    void staysBoundedOnAnything_data()
    {
        QTest::addColumn<QByteArray>("piece");
        for (const char* piece : {"$(",
                                  "`",
                                  "\"$(",
                                  "(",
                                  "a;",
                                  "<<A ",
                                  "<<A\n",
                                  "a=(",
                                  "x=$x$x$x;x=a$x;",
                                  "{ ",
                                  "$((",
                                  "| ",
                                  "\"",
                                  "if ",
                                  "done ",
                                  "case x in a) ",
                                  "$'\\",
                                  "${",
                                  "\\\n",
                                  "echo x|cat|",
                                  "cat a>a|psql a;",
                                  "x>a;psql a a a a;",
                                  "cat a b>b;cat b a>a;psql a;",
                                  "<(cat ",
                                  "psql <(cat a)>a;",
                                  "(psql)<a>a;"})
            QTest::newRow(piece) << QByteArray(piece);
    }
    void staysBoundedOnAnything()
    {
        QFETCH(QByteArray, piece);
        std::string text;
        while (text.size() < 300'000)
            text += test::view(piece);
        const auto start = std::chrono::steady_clock::now();
        (void)findDestructiveSql(text, Source::Shell);
        QVERIFY2(std::chrono::steady_clock::now() - start < std::chrono::seconds(5), "not linear");
    }
};

} // namespace luthien::guard

using TestShellWords = luthien::guard::TestShellWords;
LUTHIEN_TEST(tst_shell_words, TestShellWords)
#include "tst_shell_words.moc"
