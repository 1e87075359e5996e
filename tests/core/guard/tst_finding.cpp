// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::guard {

class TestFinding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyClassHasANameThatLeadsBack()
    {
        for (std::size_t i = 0; i < kSqlClassCount; ++i) {
            const auto what = static_cast<SqlClass>(i);
            QVERIFY(!sqlClassName(what).empty());
            QCOMPARE(sqlClassFromName(sqlClassName(what)), std::optional(what));
        }
        QVERIFY(!sqlClassFromName("drops"));
        QVERIFY(!sqlClassFromName(""));
    }

    void theDefaultLeavesOutWhatOnlyChangesRights()
    {
        QVERIFY(kDefaultSqlClasses.contains(SqlClass::Drop));
        QVERIFY(kDefaultSqlClasses.contains(SqlClass::Unparsed));
        QVERIFY(!kDefaultSqlClasses.contains(SqlClass::Privileges));
        QVERIFY(!kDefaultSqlClasses.contains(SqlClass::Attach));
    }
};

} // namespace luthien::guard

using TestFinding = luthien::guard::TestFinding;
LUTHIEN_TEST(tst_finding, TestFinding)
#include "tst_finding.moc"
