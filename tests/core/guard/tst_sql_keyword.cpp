// SPDX-License-Identifier: Apache-2.0
#include "guard/sql_keyword.h"
#include "support/test_registry.h"

#include <QtTest>

#include <string>

namespace luthien::guard {

class TestSqlKeyword : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsWordsInAnyCase()
    {
        QCOMPARE(sqlKeyword("drop"), SqlKeyword::Drop);
        QCOMPARE(sqlKeyword("DROP"), SqlKeyword::Drop);
        QCOMPARE(sqlKeyword("dRoP"), SqlKeyword::Drop);
        QCOMPARE(sqlKeyword("XOR"), SqlKeyword::Reserved);
        QCOMPARE(sqlKeyword("after"), SqlKeyword::After);
    }

    void knowsNothingElse()
    {
        for (const char* word : {"", "d", "dro", "dropp", "customers", "\xC3\xA9t\xC3\xA9", "_drop", "zzz", "@x"})
            QCOMPARE(sqlKeyword(word), SqlKeyword::None);
        QCOMPARE(sqlKeyword(std::string(1000, 'd')), SqlKeyword::None);
    }

    void tellsKindsOfObjectsFromOtherWords()
    {
        QVERIFY(isObjectKind(sqlKeyword("table")));
        QVERIFY(isObjectKind(sqlKeyword("MATERIALIZED")));
        QVERIFY(!isObjectKind(sqlKeyword("not")));
        QVERIFY(!isObjectKind(SqlKeyword::None));
    }
};

} // namespace luthien::guard

using TestSqlKeyword = luthien::guard::TestSqlKeyword;
LUTHIEN_TEST(tst_sql_keyword, TestSqlKeyword)
#include "tst_sql_keyword.moc"
