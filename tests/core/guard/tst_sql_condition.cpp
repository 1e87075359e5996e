// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/sql_condition.h"
#include "support/test_registry.h"

#include <QtTest>

#include <string>

namespace luthien::guard {

class TestSqlCondition : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsRowsApart_data()
    {
        QTest::addColumn<bool>("expected");
        for (const char* text : {"id = 3",
                                 "id = :id",
                                 "id = $1",
                                 "name = 'x' AND true",
                                 "1=1 AND id = 3",
                                 "id = 3 OR id = 4",
                                 "(id = 3)",
                                 "((a = 1) AND (b = 2))",
                                 "id IN (1, 2)",
                                 "id BETWEEN 1 AND 5",
                                 "created < now()",
                                 "\"order\" = 1",
                                 "active",
                                 "NOT active",
                                 "a LIKE 'x%'",
                                 "a NOT LIKE '%'",
                                 "EXISTS (SELECT 1 FROM b WHERE b.id = a.id)",
                                 "false",
                                 "0",
                                 "NULL",
                                 "1=0",
                                 "id = id + 1",
                                 "a = b",
                                 "id = 3 OR false",
                                 "x::text = '1'",
                                 "a <> a2",
                                 "a != a"})
            QTest::newRow(text) << true;
        for (const char* text : {"true",
                                 "1",
                                 "1=1",
                                 "(1=1)",
                                 "((1))",
                                 "'a' = 'a'",
                                 "1 < 2",
                                 "2 > 1",
                                 "id = 3 OR 1=1",
                                 "1=1 OR id = 3",
                                 "(id = 3) OR (true)",
                                 "NOT false",
                                 "id = id",
                                 "t.id = t.id",
                                 "id >= id",
                                 "name LIKE '%'",
                                 "now() > '2000-01-01'",
                                 ":flag",
                                 "$1",
                                 "@x = 1",
                                 "1 IN (1)",
                                 "CAST(1 AS int) = 1",
                                 "1::int = 1",
                                 "N'a' = N'a'",
                                 "NOT NOT true",
                                 "1 IS NOT NULL",
                                 "(id = 1 OR 1=1)",
                                 "id = 1 OR 2 BETWEEN 1 AND 3",
                                 "current_date() > 0",
                                 ""})
            QTest::newRow(*text == '\0' ? "nothing" : text) << false;
    }
    void tellsRowsApart()
    {
        QFETCH(bool, expected);
        const QByteArray text = QTest::currentDataTag();
        const std::string_view condition = text == "nothing" ? "" : test::view(text);
        QCOMPARE(canTellRowsApart(condition, lexSql(condition, 0), 0), expected);
    }

    void pipesAreAnOrForMySqlOnly()
    {
        constexpr std::string_view kText = "id = 3 || 1=1";
        constexpr auto kPipes = static_cast<SqlQuirks>(SqlQuirk::PipesAreOr);
        QVERIFY(canTellRowsApart(kText, lexSql(kText, 0), 0));
        QVERIFY(!canTellRowsApart(kText, lexSql(kText, kPipes), kPipes));
    }

    void isBoundedInDepth()
    {
        std::string nested;
        for (int i = 0; i < 100'000; ++i)
            nested += "(1=1 AND ";
        nested += "a = 1" + std::string(100'000, ')');
        QVERIFY(!canTellRowsApart(nested, lexSql(nested, 0), 0)); // too deep to follow: in doubt it holds for every row
        std::string longOne = "a = 1";
        for (int i = 0; i < 100'000; ++i)
            longOne += " OR a = 1";
        QVERIFY(canTellRowsApart(longOne, lexSql(longOne, 0), 0));
    }
};

} // namespace luthien::guard

using TestSqlCondition = luthien::guard::TestSqlCondition;
LUTHIEN_TEST(tst_sql_condition, TestSqlCondition)
#include "tst_sql_condition.moc"
