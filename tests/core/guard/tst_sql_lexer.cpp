// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/sql_lexer.h"
#include "support/test_registry.h"

#include <QtTest>

#include <chrono>
#include <string>

namespace luthien::guard {

namespace {
using Kind = SqlToken::Kind;
constexpr auto kAllQuirks = static_cast<SqlQuirks>(~0U);

constexpr SqlQuirks only(SqlQuirk quirk)
{
    return static_cast<SqlQuirks>(quirk);
}

/// The words, names and strings of the code, without comments: "select 'a' ;" is "select|'a'|;".
QByteArray tokens(std::string_view text, SqlQuirks quirks)
{
    QByteArray result;
    for (const SqlToken& token : lexSql(text, quirks))
        result += (result.isEmpty() ? "" : "|") + test::bytes(text.substr(token.begin, token.end - token.begin));
    return result;
}
} // namespace

class TestSqlLexer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAsTheDialectDoes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("quirks");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* text, int quirks, const char* expected) {
            QTest::newRow(name) << QByteArray(text) << quirks << QByteArray(expected);
        };
        row("a doubled quote stays inside", "a 'it''s' b", 0, "a|'it''s'|b");
        row("a backslash ends no string by default", R"('a\' b '')", 0, R"('a\'|b|'')");
        row("a backslash escapes where it may", R"('a\' b ')", only(SqlQuirk::BackslashEscapes), R"('a\' b ')");
        row("E strings escape", R"(E'a\' b')", only(SqlQuirk::EscapeStrings), R"(E'a\' b')");
        row("a line comment", "a -- b\nc", 0, "a|c");
        row("a line comment ends at a carriage return too", "a -- b\rc", 0, "a|c");
        row("two minus signs", "5--1", only(SqlQuirk::DashNeedsSpace), "5|-|-|1");
        row("a comment does not glue words", "DR/**/OP", 0, "DR|OP");
        row("comments nest", "/* /* */ a */ b", only(SqlQuirk::NestedComments), "b");
        row("comments do not nest", "/* /* */ a", 0, "a");
        row("a hash is a sign", "a # b", 0, "a|#|b");
        row("a hash begins a comment", "a # b\nc", only(SqlQuirk::HashComments), "a|c");
        row("code in a comment", "/*!50001 a */ b", only(SqlQuirk::ExecutableComments), "a|b");
        row("code in MariaDB's comment", "/*M!100100 a */", only(SqlQuirk::ExecutableComments), "a");
        row("a dollar-quoted string", "$x$ a; $$ $x$ b", only(SqlQuirk::DollarQuotes), "$x$ a; $$ $x$|b");
        row("a dollar in a name", "a$b$c", only(SqlQuirk::DollarQuotes), "a$b$c");
        row("a bracketed name", "[it's] a", only(SqlQuirk::BracketNames), "[it's]|a");
        row("a backtick name", "`it's` a", only(SqlQuirk::BacktickNames), "`it's`|a");
        row("psql's command ends with the line", "\\echo don't\na", only(SqlQuirk::MetaCommands), "\\echo don't|a");
        row("a byte order mark",
            "\xEF\xBB\xBF"
            "DROP",
            0, "DROP");
        row("a zero-width space parts words", "DR\xE2\x80\x8BOP", 0, "DR|OP");
        row("a no-break space parts words", "DROP\xC2\xA0TABLE", 0, "DROP|TABLE");
        row("an open quote hides nothing", "a 'b; DROP", 0, "a|'|b|;|DROP");
        row("an open comment hides nothing", "a /* DROP", 0, "a|/|*|DROP");
        row("an open dollar quote hides nothing", "$$ DROP", only(SqlQuirk::DollarQuotes), "$|$|DROP");
    }
    void readsAsTheDialectDoes()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, quirks);
        QFETCH(QByteArray, expected);
        QCOMPARE(tokens(test::view(text), static_cast<SqlQuirks>(quirks)), expected);
    }

    void aQuirkThatIsNotRelevantChangesNothing_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"SELECT a, 'b' FROM c -- d\n;", R"(E'\'' || "x")", "/* a */ /*! b */ c",
                                 "$1 + $x$y$x$", "a # b\n[c] `d`", "x--1", "\\d t", "'unclosed", "a && b /* /* */ */"})
            QTest::newRow(text) << QByteArray(text);
    }
    void aQuirkThatIsNotRelevantChangesNothing()
    {
        QFETCH(QByteArray, text);
        const SqlQuirks relevant = relevantQuirks(test::view(text));
        for (unsigned bit = 0; bit < 11; ++bit) {
            const auto without = static_cast<SqlQuirks>(kAllQuirks & ~(1U << bit));
            if ((relevant & (1U << bit)) == 0)
                QCOMPARE(tokens(test::view(text), without), tokens(test::view(text), kAllQuirks));
        }
    }

    void countsParentheses()
    {
        QByteArray depths;
        for (const SqlToken& token : lexSql("a(b(c)d)e)f", 0))
            depths += QByteArray::number(token.depth);
        QCOMPARE(depths, QByteArray("00112110000"));
    }

    void staysLinearOnOpeningsWithoutEnd_data()
    {
        QTest::addColumn<QByteArray>("piece");
        for (const char* piece : {"'\\", "/*", "$a$b", "[", "`\"'", "$", "((((", "E'\\", "/*!"})
            QTest::newRow(piece) << QByteArray(piece);
    }
    void staysLinearOnOpeningsWithoutEnd()
    {
        QFETCH(QByteArray, piece);
        std::string text;
        for (int i = 0; text.size() < 1024 * 1024; ++i)
            text += test::view(piece), text += std::to_string(i);
        const auto start = std::chrono::steady_clock::now();
        (void)lexSql(text, kAllQuirks);
        QVERIFY2(std::chrono::steady_clock::now() - start < std::chrono::seconds(5), "quadratic");
    }
};

} // namespace luthien::guard

using TestSqlLexer = luthien::guard::TestSqlLexer;
LUTHIEN_TEST(tst_sql_lexer, TestSqlLexer)
#include "tst_sql_lexer.moc"
