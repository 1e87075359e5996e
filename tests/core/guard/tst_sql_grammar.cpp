// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/sql_grammar.h"
#include "support/test_registry.h"

#include <QtTest>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace luthien::guard {

namespace {
QByteArray names(const GrammarView& view)
{
    QByteArray result;
    for (std::size_t i = 0; i < kSqlClassCount; ++i) {
        if (view.classes.contains(static_cast<SqlClass>(i)))
            result += (result.isEmpty() ? "" : ",") + test::bytes(sqlClassName(static_cast<SqlClass>(i)));
    }
    return result;
}
} // namespace

class TestSqlGrammar : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void seesWhatPostgresWouldRun_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* text, const char* expected) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
        };
        row("SELECT 1", "");
        row("DROP TABLE t", "drop");
        row("DROP DATABASE d", "drop");
        row("DROP OWNED BY bob", "drop");
        row("DROP ROLE bob", "drop");
        row("TRUNCATE a, b", "truncate");
        row("DELETE FROM t", "delete_without_where");
        row("DELETE FROM t WHERE true", "");
        row("UPDATE t SET a = 1", "update_without_where");
        row("WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a", "delete_without_where");
        row("EXPLAIN DELETE FROM t", "");
        row("EXPLAIN ANALYZE DELETE FROM t", "delete_without_where");
        row("EXPLAIN (ANALYZE) DELETE FROM t", "delete_without_where");
        row("EXPLAIN (ANALYZE off, VERBOSE) DELETE FROM t", "");
        row("EXPLAIN (ANALYZE 0) DELETE FROM t", "");
        row("CREATE RULE r AS ON INSERT TO t DO ALSO DELETE FROM u", "delete_without_where");
        row("PREPARE p AS DELETE FROM t", "delete_without_where");
        row("CREATE FUNCTION f() RETURNS void BEGIN ATOMIC DELETE FROM t; END", "delete_without_where");
        row("ALTER TABLE t DROP COLUMN a, ADD b int", "alter_drop");
        row("ALTER TABLE t ALTER a DROP NOT NULL", "");
        row("ALTER DOMAIN d DROP CONSTRAINT c", "alter_drop");
        row("GRANT DELETE ON t TO bob", "privileges");
        row("COPY t TO PROGRAM 'x'", "run_program");
        row("COPY t TO STDOUT", "");
    }
    void seesWhatPostgresWouldRun()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const auto view = viewByGrammar(test::view(text));
        QVERIFY(view);
        QCOMPARE(names(*view), expected);
    }

    void refusesWhatPostgresWouldRefuse()
    {
        QVERIFY(!viewByGrammar("DROP TABLE `t`"));
        QVERIFY(!viewByGrammar("SELEC 1"));
        QVERIFY(!viewByGrammar(std::string_view("SELECT 1\0; DROP TABLE t", 23)));
    }

    void saysWhenAnAlterHasPartsItDoesNotKnow()
    {
        QVERIFY(viewByGrammar("ALTER PUBLICATION p DROP TABLE t")->hasOtherAlter);
        QVERIFY(!viewByGrammar("ALTER TABLE t ADD a int")->hasOtherAlter);
    }

    /// The deepest nesting that kMaxGrammarTokens allow.
    void staysWithinTheStack()
    {
        std::string text = "SELECT ";
        for (std::size_t i = 0; i < kMaxGrammarTokens; ++i)
            text += "(SELECT ";
        text += "1" + std::string(kMaxGrammarTokens, ')');
        std::thread([&] { QVERIFY(viewByGrammar(text)); }).join();
    }

    void answersOnManyThreadsAtOnce()
    {
        std::vector<std::thread> threads;
        std::atomic<int> right = 0;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                for (int k = 0; k < 200; ++k)
                    right += names(*viewByGrammar("DROP TABLE t")) == "drop" && !viewByGrammar("DROP `") ? 1 : 0;
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(right.load(), 1600);
    }
};

} // namespace luthien::guard

using TestSqlGrammar = luthien::guard::TestSqlGrammar;
LUTHIEN_TEST(tst_sql_grammar, TestSqlGrammar)
#include "tst_sql_grammar.moc"
