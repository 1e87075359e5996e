// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/sql_shape.h"
#include "support/test_registry.h"

#include <QtTest>

#include <algorithm>

namespace luthien::guard {

namespace {
constexpr auto kQuirks = static_cast<SqlQuirks>(SqlQuirk::BacktickNames);
} // namespace

class TestSqlShape : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsStatementsFromSentences_data()
    {
        QTest::addColumn<bool>("statement");
        for (const char* text :
             {"DROP TABLE customers", "drop table if exists a, b cascade;", "DROP INDEX CONCURRENTLY i",
              "First:\n  DROP TABLE t\nand then look", "x; DROP VIEW v;", "TRUNCATE TABLE a", "TRUNCATE a CASCADE",
              "DELETE FROM orders", "DELETE FROM orders WHERE 1=1", "DELETE FROM `orders`;", "UPDATE t SET a = 1",
              "UPDATE a.t SET t.a = 1", "ALTER TABLE t DROP COLUMN c", "BEGIN DROP TABLE t"})
            QTest::newRow(text) << true;
        for (const char* text :
             {"Please drop table reservations", "Drop table reservations for Friday",
              "Drop user sessions when they end", "Truncate table names to 63 characters, please",
              "we DELETE FROM orders", "Delete from the list what is old", "Update the docs and set expectations",
              "update t set up properly", "The docs say: DROP TABLE t", "// DROP TABLE t", "- DROP TABLE t is bad",
              "`DROP TABLE t` removes it"})
            QTest::newRow(text) << false;
    }
    void tellsStatementsFromSentences()
    {
        QFETCH(bool, statement);
        const QByteArray text = QTest::currentDataTag();
        const auto tokens = lexSql(test::view(text), kQuirks);
        const auto phrases = destructivePhrases(test::view(text), tokens, kQuirks);
        const bool any = std::any_of(phrases.begin(), phrases.end(), [&](const SqlPhrase& phrase) {
            return hasStatementShape(test::view(text), tokens, phrase);
        });
        QCOMPARE(any, statement);
    }
};

} // namespace luthien::guard

using TestSqlShape = luthien::guard::TestSqlShape;
LUTHIEN_TEST(tst_sql_shape, TestSqlShape)
#include "tst_sql_shape.moc"
