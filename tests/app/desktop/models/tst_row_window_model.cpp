// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/row_window_model.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QStringListModel>

using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestRowWindowModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void startsEmptyAndFollowsItsSource()
    {
        RowWindowModel window;
        const QAbstractItemModelTester tester(&window, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(window.rowCount(), 0);
        window.setSlotCount(4);
        QStringListModel source;
        window.setSource(&source);
        QCOMPARE(window.rowCount(), 0);
        source.setStringList(numbers(2));
        QCOMPARE(window.rowCount(), 2);
        source.setStringList(numbers(10));
        QCOMPARE(window.rowCount(), 4);
        QCOMPARE(shown(window), (QStringList{u"0"_s, u"1"_s, u"2"_s, u"3"_s}));
        source.setStringList({});
        QCOMPARE(window.rowCount(), 0);
    }

    void changesOneSlotForEachRowScrolled()
    {
        RowWindowModel window;
        const QAbstractItemModelTester tester(&window, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QStringListModel source(numbers(100));
        window.setSource(&source);
        window.setSlotCount(4);
        QSignalSpy changed(&window, &QAbstractItemModel::dataChanged);
        window.setFirstRow(1);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(shown(window), (QStringList{u"4"_s, u"1"_s, u"2"_s, u"3"_s}));
        window.setFirstRow(97);
        QStringList rows = shown(window);
        rows.sort();
        // Slot 100 is beyond the end: the last row stands in, unseen.
        QCOMPARE(rows, (QStringList{u"97"_s, u"98"_s, u"99"_s, u"99"_s}));
    }

    void tellsWhatMovesAboveTheReader()
    {
        RowWindowModel window;
        QStringListModel source(numbers(100));
        window.setSource(&source);
        window.setSlotCount(4);
        window.setFirstRow(50);
        QSignalSpy shifted(&window, &RowWindowModel::shiftedAbove);
        source.insertRows(0, 2);
        source.insertRows(80, 1);
        source.removeRows(0, 1);
        source.moveRows({}, 90, 1, {}, 0);
        source.moveRows({}, 0, 1, {}, 95);
        QList<int> counts;
        for (const auto& arguments : shifted)
            counts += arguments.first().toInt();
        QCOMPARE(counts, (QList<int>{2, -1, 1, -1}));
    }

private:
    static QStringList numbers(int count)
    {
        QStringList all;
        for (int i = 0; i < count; ++i)
            all += QString::number(i);
        return all;
    }
    static QStringList shown(const RowWindowModel& window)
    {
        QStringList all;
        for (int slot = 0; slot < window.rowCount(); ++slot)
            all += window.index(slot).data().toString();
        return all;
    }
};

LUTHIEN_TEST(tst_row_window_model, TestRowWindowModel)
#include "tst_row_window_model.moc"
