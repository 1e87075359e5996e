// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/sql_phrases.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::guard {

class TestSqlPhrases : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsStatementsByTheirWords_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* text, const char* expected) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
        };
        row("DROP TABLE t", "drop");
        row("DROP FANCYKIND t", "drop");
        row("SELECT 1 DROP TABLE t", "drop");
        row("IF x THEN DROP TABLE t; END IF", "drop");
        row("DROP TEMPORARY TABLE t", "");
        row("DROP PREPARE s", "");
        row("SELECT drop FROM t", "");
        row("TRUNCATE t", "truncate");
        row("TRUNCATE TABLE a, b", "truncate");
        row("SELECT truncate(1.5, 1)", "");
        row("CREATE TRIGGER x BEFORE TRUNCATE ON t EXECUTE FUNCTION f()", "");
        row("DELETE FROM t", "delete_without_where");
        row("DELETE t", "delete_without_where");
        row("DELETE a, b FROM a JOIN b", "delete_without_where");
        row("DELETE TOP (5) FROM t", "delete_without_where");
        row("DELETE FROM t LIMIT 5", "delete_without_where");
        row("DELETE FROM t SELECT * FROM u WHERE id = 1", "delete_without_where");
        row("DELETE FROM t WHERE id IN (SELECT id FROM u)", "");
        row("DELETE FROM t USING u WHERE t.id = u.id", "");
        row("ALTER TABLE t DELETE WHERE 1", "delete_without_where");
        row("ALTER TABLE t DELETE WHERE id = 1", "");
        row("MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN DO NOTHING", "");
        row("UPDATE t SET a = 1", "update_without_where");
        row("UPDATE t, u SET t.a = u.a", "update_without_where");
        row("UPDATE t SET a = CASE WHEN b = 1 THEN 2 END WHERE id = 1", "");
        row("UPDATE STATISTICS t", "");
        row("SELECT 1 FOR UPDATE", "");
        row("INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2", "");
        row("INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 2", "");
        row("CREATE TABLE t (a int REFERENCES b ON UPDATE SET NULL)", "");
        row("ALTER TABLE t DROP COLUMN a", "alter_drop");
        row("ALTER TABLE t DROP a", "alter_drop");
        row("ALTER TABLE t ADD x int, DROP CONSTRAINT c", "alter_drop");
        row("ALTER TABLE t ALTER a DROP DEFAULT", "");
        row("ALTER TABLE t ALTER a DROP NOT NULL", "");
        row("CREATE OR REPLACE TABLE t (a int)", "replace_all");
        row("CREATE OR REPLACE TRANSIENT TABLE t (a int)", "replace_all");
        row("CREATE OR REPLACE TEMP TABLE t (a int)", "");
        row("CREATE OR REPLACE FUNCTION f() RETURNS int RETURN 1", "");
        row("INSERT OVERWRITE TABLE t SELECT 1", "replace_all");
        row("REPLACE INTO t VALUES (1)", "");
        row("GRANT ALL ON t TO bob", "privileges");
        row("REVOKE DELETE ON t FROM bob", "privileges");
        row("COPY t FROM PROGRAM 'curl x'", "run_program");
        row("COPY t FROM STDIN", "");
        row("EXEC xp_cmdshell 'del x'", "run_program");
        row("ATTACH DATABASE 'x.db' AS x", "attach");
        row("PRAGMA writable_schema = 1", "writable_schema");
        row("PRAGMA writable_schema(on)", "writable_schema");
        row("PRAGMA writable_schema = 0", "");
        row("PRAGMA writable_schema", "");
        row("EXPLAIN DELETE FROM t", "");
        row("EXPLAIN ANALYZE DELETE FROM t", "delete_without_where");
        row("EXPLAIN SELECT 1; DELETE FROM t", "delete_without_where");
        row("WITH a AS (DELETE FROM t RETURNING 1) SELECT 1", "delete_without_where");
        row("DROP TABLE a; TRUNCATE b; DELETE FROM c", "drop,truncate,delete_without_where");
    }
    void readsStatementsByTheirWords()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QByteArray found;
        for (const SqlPhrase& phrase : destructivePhrases(test::view(text), lexSql(test::view(text), 0), 0))
            found += (found.isEmpty() ? "" : ",") + test::bytes(sqlClassName(phrase.what));
        QCOMPARE(found, expected);
    }

    void namesTheWholeStatement()
    {
        constexpr std::string_view kText = "SELECT 1; WITH a AS (DELETE FROM t RETURNING 1) SELECT 2";
        const auto tokens = lexSql(kText, 0);
        const auto found = destructivePhrases(kText, tokens, 0);
        QCOMPARE(found.size(), std::size_t{1});
        const auto begin = tokens[found[0].first].begin;
        QCOMPARE(test::bytes(kText.substr(begin, tokens[found[0].end - 1].end - begin)),
                 QByteArray("DELETE FROM t RETURNING 1"));
        QVERIFY(!found[0].hasCondition);
    }
};

} // namespace luthien::guard

using TestSqlPhrases = luthien::guard::TestSqlPhrases;
LUTHIEN_TEST(tst_sql_phrases, TestSqlPhrases)
#include "tst_sql_phrases.moc"
