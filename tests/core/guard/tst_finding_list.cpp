// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/finding_list.h"
#include "support/test_registry.h"

#include <QtTest>

#include <string>

namespace luthien::guard {

class TestFindingList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsAStatementOnceAndInTheOrderOfTheText()
    {
        FindingList list(kDefaultSqlClasses, 1000);
        list.add(SqlClass::Truncate, {40, 50}, "TRUNCATE t", "later");
        list.add(SqlClass::Drop, {0, 12}, "DROP TABLE t", "as one dialect reads it");
        list.add(SqlClass::Drop, {0, 30}, "DROP TABLE t # x", "as another reads it");
        const std::vector<Finding> found = list.take();
        QCOMPARE(test::names(found), QByteArray("drop,truncate"));
        QCOMPARE(found[0].span, (TextSpan{0, 12}));
    }

    void dropsClassesNobodyAskedFor()
    {
        FindingList list(SqlClasses{SqlClass::Truncate}, 1000);
        list.add(SqlClass::Drop, {0, 12}, "DROP TABLE t", "");
        QCOMPARE(list.size(), std::size_t{0});
    }

    void cutsAStatementAtAWholeCharacter()
    {
        FindingList list(kDefaultSqlClasses, 1000);
        list.add(SqlClass::Drop, {0, 1}, std::string(kStatementBytes - 1, 'x') + "\xC3\xA9" + "y", "");
        QCOMPARE(list.take()[0].statement, std::string(kStatementBytes - 1, 'x'));
    }

    void isBounded()
    {
        FindingList list(kDefaultSqlClasses, 1000);
        for (std::size_t i = 0; i < 1000; ++i)
            list.add(SqlClass::Drop, {i, i + 1}, "DROP TABLE t", "");
        QCOMPARE(list.size(), FindingList::kMaxFindings);
    }

    void saysWhenMoreUnfoldsThanIsRead()
    {
        FindingList list(kDefaultSqlClasses, 1000);
        QVERIFY(list.spend(600));
        QVERIFY(list.spend(400));
        QVERIFY(!list.spend(1));
        QCOMPARE(test::names(list.take()), QByteArray("unparsed"));
    }
};

} // namespace luthien::guard

using TestFindingList = luthien::guard::TestFindingList;
LUTHIEN_TEST(tst_finding_list, TestFindingList)
#include "tst_finding_list.moc"
