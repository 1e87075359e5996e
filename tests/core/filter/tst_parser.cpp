// SPDX-License-Identifier: Apache-2.0
#include "filter/explain.h"
#include "filter/parser.h"
#include "random_filter.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::filter {

namespace {
QByteArray written(const QByteArray& text)
{
    const auto parsed = parseFilter(text.toStdString());
    return QByteArray::fromStdString(parsed ? toText(*parsed) : parsed.error().toString());
}
} // namespace

class TestParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAndWrites_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("canonical");
        const auto row = [](const char* text, const char* canonical) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(canonical);
        };
        row("", "");
        row(" \t\n", "");
        row("tool:Bash verdict:block", "tool:Bash verdict:block");
        row("tool:Bash AND verdict:BLOCK", "tool:Bash verdict:block");
        row("a or b and c", "a or b c");
        row("(a or b) and c", "(a or b) c");
        row("a (b c)", "a b c");
        row("a or (b or c)", "a or b or c");
        row("((((a))))", "a");
        row("not a -b NOT (c or d)", "-a -b -(c or d)");
        row("- -a", "--a");
        row("Drop TABLE", "drop table");
        row("\"Drop  TABLE\"", "\"drop table\"");
        row("\"or\" \"not\"", "\"or\" \"not\"");
        row("text:or", "\"or\"");
        row("tokens > 10000", "tokens>10k");
        row("tokens:10240", "tokens:10240");
        row("Tokens>=1.5k", "tokens>=1500");
        row("since:120m", "since:2h");
        row("since:2026-11-22T12:30Z", "since:2026-11-22T12:30Z");
        row("since:2026-11-22T12:30:00", "since:2026-11-22T12:30:00Z");
        row("cost>0.50", "cost>$0.5");
        row("bytes>4096", "bytes>4KiB");
        row("bytes>1500B", "bytes>1500");
        row("score>0.60", "score>0.6");
        row("model:\"claude*\"", "model:claude*");
        row("model=\"a b\\\"c\\\\\\n\"", "model=\"a b\\\"c\\\\\\n\"");
        row("model:a\\b", "model:\"a\\\\b\"");
        row("path:/v1/messages", "path:/v1/messages");
        row("arg.command~/rm .*-rf/", "arg.command~/rm .*-rf/");
        row("arg.command~/rm/i", "arg.command~/(?i)rm/");
        row("arg.command~\"a/b\"", "arg.command~/a\\/b/");
        row("arg.command~/a\\/b\\\\/", "arg.command~/a\\/b\\\\/");
        row("arg.edits.0.path:x", "arg.edits.0.path:x");
        row("ARG.Command:x", "arg.Command:x");
        row("arg.\"/edits/0/path\":x", "arg.edits.0.path:x");
        row("arg.\"/a~1b c\":x", "arg.\"/a~1b c\":x");
        row("arg:x", "arg:x");
        row("status: truncated", "status:truncated");
        row("call:0190A4C2-7D5E-7B1C-9B1E-2F6D3C4B5A69", "call:0190a4c2-7d5e-7b1c-9b1e-2f6d3c4b5a69");
        row("has:Decision(is:open)", "has:decision is:open");
    }
    void readsAndWrites()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, canonical);
        QCOMPARE(written(text), canonical);
        QCOMPARE(written(canonical), canonical);
    }

    void errorsPointAtTheCharacter_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("marks"); ///< '^' under each byte that is wrong
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* text, const char* marks, const char* message) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(marks) << QByteArray(message);
        };
        row("a modle:x", "  ^^^^^", "there is no predicate 'modle'; did you mean model?");
        row("xyzzy:x", "^^^^^", "there is no predicate 'xyzzy'; put it in quotes if it is text");
        row("status:trunc", "       ^^^^^",
            "'trunc' is none of open, completed, cancelled, truncated, failed, blocked");
        row("status:truncatde", "       ^^^^^^^^^",
            "'truncatde' is none of open, completed, cancelled, truncated, failed, blocked; did you mean truncated?");
        row("tokens>many", "       ^^^^", "tokens takes a number, such as 250 or 10k");
        row("tokens>1.5", "       ^^^", "tokens takes a number, such as 250 or 10k");
        row("duration>10", "         ^^", "duration takes a duration with its unit, such as 10ms, 1.5s, 5m, 2h or 1d");
        row("model>5", "     ^", "model takes : = != ~ and not >");
        row("since>2h", "     ^", "since takes : and not >, as in since:2h");
        row("has=tool", "   ^", "has takes : and not =");
        row("since:soon", "      ^^^^",
            "a time is 2h (ago), today, yesterday, 2026-11-22, 2026-11-22T12:30 or 2026-11-22T12:30:05 (UTC)");
        row("call:5", "     ^", "the id of a call is a UUID");
        row("score>high", "      ^^^^", "a score is a number, such as 0.6");
        row("said:--", "     ^^", "there is no letter and no digit in this text; ~ finds other characters: text~/->/");
        row("arg.command~/(/", "            ^^^", "RE2 does not accept this expression: missing ): (");
        row("arg.command~/a", "            ^^", "this expression is not closed; end it with /");
        row("arg~/a/x", "       ^",
            "after an expression there is only i, for any case; write \\/ for a slash within it");
        row("arg.:x", "^^^^",
            "after arg. comes the name of an argument; arg.command, arg.edits.0.path or arg.\"/a~1b\"");
        row("a \"b c", "  ^^^^", "this quote is not closed; end it with \"");
        row("\"a\\d\"", "  ^^", "in quotes there are \\\", \\\\, \\n, \\r and \\t; write \\\\ for a backslash");
        row("model:", "      .", "there is no value after :");
        row("model:a\"b\"", "       ^",
            "there is a quote in the middle of a value; put all of it in quotes, with \\\" for each one inside");
        row("a =b", "  ^", "there is no predicate 'a'; put it in quotes if it is text");
        row(">5", "^", "there is no predicate before this operator; put it in quotes if it is text");
        row("(a b", "^", "there is no ) for this (");
        row("a b)", "   ^", "there is no ( for this )");
        row("()", " ^", "there is nothing before this )");
        row("a and", "     .", "the filter ends here, where a predicate or a text was to come");
        row("a or or b", "     ^^", "there is nothing before this 'or'; put it in quotes if it is text");
        row("and a", "^^^", "there is nothing before this 'and'; put it in quotes if it is text");
        row("-", " .", "the filter ends here, where a predicate or a text was to come");
    }
    void errorsPointAtTheCharacter()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, marks);
        QFETCH(QByteArray, message);
        const auto parsed = parse(text.toStdString());
        const auto* const error = std::get_if<FilterError>(&parsed);
        QVERIFY(error != nullptr);
        if (text != "a =b") {
            QCOMPARE(QByteArray::fromStdString(sentence(*error)), message);
            const QByteArray shown =
                QByteArray(static_cast<int>(error->offset), ' ') +
                (error->length == 0 ? QByteArray(".") : QByteArray(static_cast<int>(error->length), '^'));
            QCOMPARE(shown, marks);
        } else {
            QCOMPARE(error->offset, 0U);
        }
    }

    void positionsCountCharacters()
    {
        QCOMPARE(written("größe modle:x"),
                 QByteArray("filter, at character 7: there is no predicate 'modle'; did you mean model?"));
    }

    void isBounded()
    {
        QVERIFY(parseFilter(std::string(kMaxBytes, 'a')));
        QCOMPARE(written(QByteArray(kMaxBytes + 1, 'a')),
                 QByteArray("filter, at character 4097: this filter is longer than 4 KiB"));
        QVERIFY(parseFilter(std::string(63, '(') + "a" + std::string(63, ')')));
        QVERIFY(written(QByteArray(64, '(') + "a" + QByteArray(64, ')')).contains("nested more than 64 deep"));
        QVERIFY(written(QByteArray(64, '-') + "a").contains("nested more than 64 deep"));
        QVERIFY(!written(QByteArray("a ").repeated(256)).contains("filter"));
        QVERIFY(written(QByteArray("a ").repeated(257)).contains("more than 256 terms"));
        QVERIFY(written("arg~/" + QByteArray(1025, 'a') + "/").contains("longer than 1 KiB"));
        QVERIFY(written("arg~/((a{1000}){1000}){1000}/").contains("RE2 does not accept"));
        QVERIFY(written(QByteArray("a\0b", 3)).contains("U+0000"));
        // Short to type, long in the form that is written.
        QVERIFY(written("model:\"" + QByteArray(2500, '\t') + "\"").contains("longer than 4 KiB"));
    }

    void whatIsWrittenReadsTheSame()
    {
        test::RandomFilter random(7);
        for (int i = 0; i < 5000; ++i) {
            const std::string text = random.next();
            const auto parsed = parseFilter(text);
            QVERIFY2(parsed, (text + ": " + (parsed ? "" : parsed.error().toString())).c_str());
            const std::string canonical = toText(*parsed);
            const auto again = parseFilter(canonical);
            QVERIFY2(again && *again == *parsed, (text + " -> " + canonical).c_str());
            QCOMPARE(toText(*again), canonical);
            QCOMPARE(explain(*again).sentence, explain(*parsed).sentence);
        }
    }
};

} // namespace luthien::filter

using luthien::filter::TestParser;
LUTHIEN_TEST(tst_parser, TestParser)
#include "tst_parser.moc"
