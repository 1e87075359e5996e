// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/row_selection.h"
#include "support/test_registry.h"

#include <QStringListModel>

using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestRowSelection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reachesOverRows()
    {
        QStringListModel model({u"first"_s, u"second"_s, u"third"_s});
        RowSelection selection(model, textOf(model));
        QVERIFY(selection.isEmpty());
        selection.start(0, 2);
        QVERIFY(selection.isEmpty());
        selection.extend(2, 3);
        QCOMPARE(selection.text(), u"rst\nsecond\nthi"_s);
        QCOMPARE(selection.rangeOf(0), std::pair(2, 5));
        QCOMPARE(selection.rangeOf(1), std::pair(0, 6));
        QCOMPARE(selection.rangeOf(2), std::pair(0, 3));
        selection.extend(0, 1); // back over where it began
        QCOMPARE(selection.text(), u"i"_s);
        selection.extend(0, -1);
        QCOMPARE(selection.text(), u"rst"_s);
        selection.clear();
        QCOMPARE(selection.text(), QString());
    }

    void goesWithItsRows()
    {
        QStringListModel model({u"first"_s, u"second"_s, u"third"_s});
        RowSelection selection(model, textOf(model));
        selection.start(1, 0);
        selection.extend(2, -1);
        model.insertRows(0, 5);
        QCOMPARE(selection.rows(), std::pair(6, 7));
        QCOMPARE(selection.text(), u"second\nthird"_s);
        model.removeRows(0, 5);
        QCOMPARE(selection.text(), u"second\nthird"_s);
        model.removeRows(2, 1); // one of its ends goes
        QVERIFY(selection.isEmpty());
    }

    void takesInRowsByTheKeyboard()
    {
        QStringListModel model({u"a"_s, u"b"_s, u"c"_s});
        RowSelection selection(model, textOf(model));
        selection.start(1, 0);
        selection.extendBy(1);
        QCOMPARE(selection.text(), u"b\nc"_s);
        selection.extendBy(1); // there is nothing further
        QCOMPARE(selection.text(), u"b\nc"_s);
        selection.extendBy(-2);
        QCOMPARE(selection.text(), u"a\nb"_s);
    }

    void findsWords_data()
    {
        QTest::addColumn<int>("at");
        QTest::addColumn<QString>("word");
        QTest::newRow("the first") << 1 << u"one"_s;
        QTest::newRow("at its beginning") << 4 << u"two"_s;
        QTest::newRow("the last, at its end") << 11 << u"drei"_s;
    }
    void findsWords()
    {
        QFETCH(int, at);
        QFETCH(QString, word);
        QStringListModel model({u"one two drei"_s});
        RowSelection selection(model, textOf(model));
        selection.selectWord(0, at);
        QCOMPARE(selection.text(), word);
    }

    void tellsWhichRowsLookOtherwise()
    {
        QStringListModel model({u"a"_s, u"b"_s, u"c"_s, u"d"_s});
        RowSelection selection(model, textOf(model));
        QSignalSpy changed(&selection, &RowSelection::rowsChanged);
        selection.start(0, 0);
        selection.extend(2, -1);
        QCOMPARE(changed.takeLast(), (QList<QVariant>{0, 2}));
        selection.extend(3, -1);
        QCOMPARE(changed.takeLast(), (QList<QVariant>{2, 3}));
        selection.clear();
        QCOMPARE(changed.takeLast(), (QList<QVariant>{0, 3}));
    }

private:
    static RowSelection::TextOfRow textOf(const QStringListModel& model)
    {
        return [&model](int row) { return model.index(row).data().toString(); };
    }
};

LUTHIEN_TEST(tst_row_selection, TestRowSelection)
#include "tst_row_selection.moc"
