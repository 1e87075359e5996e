// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/changed_lines.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace Qt::StringLiterals;
using luthien::desktop::ChangedLines;

class TestChangedLines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRowForEachLine()
    {
        ChangedLines lines;
        const QAbstractItemModelTester tester(&lines, QAbstractItemModelTester::FailureReportingMode::Fatal);
        lines.compare("a\nb", "a\nb");
        QCOMPARE(lines.count(), 0);
        lines.compare("{\n  \"command\": \"rm\"\n}", "{\n  \"command\": \"ls\"\n}");
        QVERIFY(lines.count() >= 1);
        bool isTold = false;
        for (int row = 0; row < lines.count(); ++row) {
            const auto at = [&](int role) { return lines.data(lines.index(row), role); };
            if (at(ChangedLines::KindRole).toInt() != ChangedLines::Changed)
                continue;
            isTold = at(ChangedLines::BeforeRole).toString().contains(u"rm"_s) &&
                     at(ChangedLines::AfterRole).toString().contains(u"ls"_s) &&
                     !at(ChangedLines::AfterMarksRole).value<QList<int>>().isEmpty();
        }
        QVERIFY(isTold);
        lines.compare({}, {});
        QCOMPARE(lines.count(), 0);
    }
};

LUTHIEN_TEST(tst_changed_lines, TestChangedLines)
#include "tst_changed_lines.moc"
