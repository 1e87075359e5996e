// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/sql_scan.h"
#include "support/test_registry.h"

#include <QtTest>

#include <string>

namespace luthien::guard {

namespace {
std::vector<Finding> scan(std::string_view text, const SqlOptions& options = test::everything())
{
    return findDestructiveSql(text, Source::Sql, options);
}
} // namespace

class TestSqlScan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isNotFooled_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(expected);
        };
        row("mixed case", "dRoP tAbLe t", "drop");
        row("comments between words", "DROP/**/TABLE/* x */t", "drop");
        row("a comment inside a word is no keyword anywhere", "DR/**/OP TABLE t", "");
        row("line breaks between words", "DELETE\n\tFROM\r\nt", "delete_without_where");
        row("a leading byte order mark",
            "\xEF\xBB\xBF"
            "DROP TABLE t",
            "drop");
        row("a leading zero-width space",
            "\xE2\x80\x8B"
            "DROP TABLE t",
            "drop");
        row("a semicolon in a string", "SELECT '; DROP TABLE t;'", "");
        row("a statement in a comment", "SELECT 1 -- ; DROP TABLE t", "");
        row("behind a line comment", "-- x\nDROP TABLE t", "drop");
        row("behind a comment that nests for PostgreSQL only", "SELECT 1 /* /* */; DROP TABLE t; /* */ */", "drop");
        row("in a comment that MySQL runs", "SELECT 1 /*!50000 ; DROP TABLE t */", "drop");
        row("behind two minus signs that are no comment for MySQL", "SELECT 5--1; DROP TABLE t", "drop");
        row("behind a string that MySQL ends later", R"(SELECT 'a\'; '; DROP TABLE t; -- ')", "drop");
        row("behind a string that PostgreSQL ends earlier", R"(SELECT 'a\'; DROP TABLE t; -- ')", "drop");
        row("behind a quote in brackets", "SELECT [it's]; DROP TABLE t", "drop");
        row("behind a quote in backticks", "SELECT `it's`; DROP TABLE t", "drop");
        row("behind a hash that is no comment for PostgreSQL", "SELECT 5 # 1; DROP TABLE t", "drop");
        row("behind a string that is never closed", "SELECT 'a; DROP TABLE t", "drop");
        row("behind a comment that is never closed", "/* DROP TABLE t", "drop");
        row("a name like a statement", R"(SELECT "DROP TABLE t" FROM x)", "");
        row("a string with psql's unclosed quote before it", "\\echo don't\nDROP TABLE t;\n\\echo isn't", "drop");
        row("several statements", "BEGIN; DROP TABLE a; TRUNCATE b; COMMIT", "drop,truncate");
        row("T-SQL without semicolons", "BEGIN TRAN SELECT 1 DROP TABLE t COMMIT", "drop");
        row("T-SQL with GO", "USE shop\nGO\nDELETE FROM orders\nGO", "delete_without_where");
        row("MySQL with DELIMITER", "DELIMITER //\nCREATE PROCEDURE p() BEGIN DELETE FROM t; END//\nDELIMITER ;",
            "delete_without_where");
        row("a template's hole", "DELETE FROM {{ table }}", "delete_without_where");
        row("a template's hole with a condition", "DELETE FROM {{ table }} WHERE id = ?", "");
        row("a common table expression", "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
            "delete_without_where");
        row("a plan that runs", "EXPLAIN (ANALYZE, BUFFERS) DELETE FROM t", "delete_without_where");
        row("a plan that does not run", "EXPLAIN (ANALYZE off) DELETE FROM t", "");
        row("a block", "DO $$ BEGIN DROP TABLE t; END $$", "drop");
        row("a block in a block", "DO $a$ BEGIN EXECUTE $b$DO 'DROP TABLE t'$b$; END $a$", "drop");
        row("a function's body", "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DELETE FROM t'",
            "delete_without_where");
        row("text put together", "EXECUTE 'DR' || 'OP TABLE t'", "drop");
        row("unicode escapes", R"(EXECUTE U&'\0044ROP TABLE t')", "drop");
        row("hex escapes", R"(EXECUTE E'\x44ROP TABLE t')", "drop");
        row("a variable", "SET @s = 'DROP TABLE t'; PREPARE p FROM @s; EXECUTE p", "drop");
        row("a T-SQL variable", "DECLARE @s nvarchar(99) = N'TRUNCATE TABLE t' EXEC(@s)", "truncate");
        row("text nobody can read", "EXEC(@s)", "dynamic");
        row("the result of a query", "SELECT format('DROP TABLE %I', t) FROM x \\gexec", "drop");
        row("a message in a block", "DO $$ BEGIN RAISE NOTICE 'drop table t'; END $$", "");
        row("an argument of a prepared statement", "EXECUTE p('the text')", "");
        row("a string that says so", "INSERT INTO notes VALUES ('DROP TABLE t')", "");
        row("PostgreSQL's own word for TRUNCATE in VACUUM", "VACUUM (TRUNCATE FALSE) t", "");
        row("default privileges", "ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO bob", "privileges");
        row("a rule's action", "CREATE RULE r AS ON DELETE TO t DO INSTEAD DELETE FROM u", "delete_without_where");
        row("a rule without one", "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING", "");
        row("a policy for a command", "CREATE POLICY p ON t FOR DELETE USING (true)", "");
        row("a shell escape", "\\! rm -rf /", "run_program");
        row("a MySQL or", "DELETE FROM t WHERE id = 1 || 1=1", "delete_without_where");
    }
    void isNotFooled()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(test::names(scan(test::view(text))), expected);
    }

    void aNulHidesNothingFromTheGrammar()
    {
        QCOMPARE(test::names(scan(std::string_view("SELECT 1 \0 DROP TABLE t", 23))), QByteArray("drop"));
    }

    void readsOnlyTheDialectsItIsTold()
    {
        SqlOptions options = test::everything();
        options.dialects = SqlDialects{SqlDialect::Postgres};
        QVERIFY(scan("SELECT 1 /*!50000 ; DROP TABLE t */", options).empty());
        QVERIFY(scan("SELECT 5--1; DROP TABLE t", options).empty());
        QCOMPARE(test::names(scan("SELECT 'a\\'; DROP TABLE t; -- '", options)), QByteArray("drop"));
        options.dialects = SqlDialects{SqlDialect::MySql};
        QVERIFY(scan("SELECT 'a\\'; DROP TABLE t; -- '", options).empty());
    }

    void pointsIntoTheTextThroughLiterals()
    {
        constexpr std::string_view kText = R"(DO $$ BEGIN EXECUTE E'  DROP \x54ABLE t'; END $$)";
        const auto found = scan(kText);
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(test::bytes(found[0].statement), QByteArray("DROP TABLE t"));
        QCOMPARE(test::bytes(kText.substr(found[0].span.begin, found[0].span.end - found[0].span.begin)),
                 QByteArray(R"(DROP \x54ABLE t)"));
    }

    void givesUpLoudlyOnRiddles()
    {
        std::string text = "DROP TABLE t";
        for (const char* quote : {"$a$", "$b$", "$c$", "$d$", "$e$", "$f$"})
            text = std::string("DO ") + quote + text + quote;
        QCOMPARE(test::names(scan(text)), QByteArray("unparsed"));
    }
};

} // namespace luthien::guard

using TestSqlScan = luthien::guard::TestSqlScan;
LUTHIEN_TEST(tst_sql_scan, TestSqlScan)
#include "tst_sql_scan.moc"
