// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/window_state.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;

class TestWindowState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void standsWhereAScreenIs_data()
    {
        QTest::addColumn<QRect>("kept");
        QTest::addColumn<QList<QRect>>("screens");
        QTest::addColumn<QRect>("placed");
        const QRect one(0, 0, 1920, 1080);
        const QRect right(1920, 0, 1280, 800);
        QTest::newRow("where it was") << QRect(100, 50, 1200, 800) << QList{one} << QRect(100, 50, 1200, 800);
        QTest::newRow("on the second screen")
            << QRect(2000, 10, 1000, 700) << QList{one, right} << QRect(2000, 10, 1000, 700);
        QTest::newRow("nowhere if that screen is gone") << QRect(2000, 10, 1000, 700) << QList{one} << QRect();
        QTest::newRow("moved in if only its edge is seen")
            << QRect(1700, 10, 1000, 700) << QList{one} << QRect(920, 10, 1000, 700);
        QTest::newRow("smaller on a smaller screen")
            << QRect(0, 0, 1920, 1080) << QList{right.translated(-1920, 0)} << QRect(0, 0, 1280, 800);
        QTest::newRow("nowhere if nothing was kept") << QRect() << QList{one} << QRect();
        QTest::newRow("nowhere without a screen") << QRect(0, 0, 10, 10) << QList<QRect>() << QRect();
    }
    void standsWhereAScreenIs()
    {
        QFETCH(QRect, kept);
        QFETCH(QList<QRect>, screens);
        QFETCH(QRect, placed);
        QCOMPARE(placeOnScreens(kept, screens), placed);
    }

    // Place and size need a window: e2e/frame closes one and starts again.
    void pageAndPanesAreKeptForTheNextStart()
    {
        const QTemporaryDir directory;
        const QString file = directory.filePath(u"window.ini"_s);
        {
            WindowState state(file);
            QCOMPARE(state.page(), u"sessions"_s);
            state.setPage(u"policies"_s);
            state.keepPaneWidth(u"sessions"_s, 333);
        }
        const WindowState state(file);
        QCOMPARE(state.page(), u"policies"_s);
        QCOMPARE(state.paneWidth(u"sessions"_s, 300), 333);
        QCOMPARE(state.paneWidth(u"inspector"_s, 392), 392);
    }
};

LUTHIEN_TEST(tst_window_state, TestWindowState)
#include "tst_window_state.moc"
