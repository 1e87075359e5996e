// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/sql_lexer.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::guard {

namespace {
constexpr auto kPostgres = static_cast<SqlQuirks>(static_cast<SqlQuirks>(SqlQuirk::EscapeStrings) |
                                                  static_cast<SqlQuirks>(SqlQuirk::DollarQuotes));
constexpr auto kMySql = static_cast<SqlQuirks>(SqlQuirk::BackslashEscapes);
} // namespace

class TestSqlLiteral : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void undoesTheQuoting_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("quirks");
        QTest::addColumn<QByteArray>("value");
        const auto row = [](const char* name, const char* text, int quirks, const char* value) {
            QTest::newRow(name) << QByteArray(text) << quirks << QByteArray(value);
        };
        row("plain", "'DROP'", 0, "DROP");
        row("empty", "''", 0, "");
        row("doubled quotes", "'a''b'", 0, "a'b");
        row("a name's doubled quotes", "\"a\"\"b\"", 0, "a\"b");
        row("dollar quotes keep all", "$q$a''\\n$q$", kPostgres, "a''\\n");
        row("hex escapes", "E'\\x44ROP'", kPostgres, "DROP");
        row("short hex escapes", "E'\\x9'", kPostgres, "\t");
        row("octal escapes", "E'\\104ROP'", kPostgres, "DROP");
        row("unicode escapes", "E'\\u0044\\U00000052OP'", kPostgres, "DROP");
        row("a named escape", "E'a\\nb'", kPostgres, "a\nb");
        row("U& escapes", "U&'\\0044R\\+00004FP'", 0, "DROP");
        row("U& keeps a doubled backslash once", "U&'a\\\\b'", 0, "a\\b");
        row("MySQL knows no hex escapes", "'\\x44'", kMySql, "x44");
        row("MySQL's escaped quote", "'it\\'s'", kMySql, "it's");
        row("a code point beyond ASCII is no letter of a keyword", "E'\\u0442'", kPostgres, "?");
        row("an escape cut off", "U&'\\00'", 0, "\\00");
    }
    void undoesTheQuoting()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, quirks);
        QFETCH(QByteArray, value);
        const MappedText mapped = MappedText::identity(test::view(text));
        const auto tokens = lexSql(mapped.text(), static_cast<SqlQuirks>(quirks));
        QCOMPARE(tokens.size(), std::size_t{1});
        QCOMPARE(test::bytes(literalValue(mapped, tokens[0]).text()), value);
    }

    void rememberWhereEachByteCameFrom()
    {
        const MappedText mapped = MappedText::identity("  E'a\\x44b'");
        const auto tokens = lexSql(mapped.text(), kPostgres);
        const MappedText value = literalValue(mapped, tokens.at(0));
        QCOMPARE(value.originAt(0), std::size_t{4});
        QCOMPARE(value.originAt(1), std::size_t{5});
        QCOMPARE(value.originAt(2), std::size_t{9});
        QCOMPARE(value.origin({1, 3}), (TextSpan{5, 10}));
    }
};

} // namespace luthien::guard

using TestSqlLiteral = luthien::guard::TestSqlLiteral;
LUTHIEN_TEST(tst_sql_literal, TestSqlLiteral)
#include "tst_sql_literal.moc"
