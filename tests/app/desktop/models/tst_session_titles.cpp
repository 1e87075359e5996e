// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/session_titles.h"
#include "fake_activity.h"
#include "fake_sources.h"
#include "support/test_registry.h"

#include <QSignalSpy>
#include <QtTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;

class TestSessionTitles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNewestAreReadInPages()
    {
        test::FakeSessions source(250);
        store::SessionRow named = source.session(120);
        named.label = "mine";
        source.change(named);
        SessionTitles titles(source, m_clock);
        QSignalSpy changes(&titles, &SessionTitles::changed);
        titles.refresh();
        QVERIFY(titles.titles().empty());
        source.answer();
        QCOMPARE(changes.size(), 1);
        QCOMPARE(titles.titles().size(), 250U);
        QCOMPARE(titles.titles()[120], (SessionTitles::Title{u"session-120"_s, u"mine"_s}));
    }

    void noMoreThanAreOfUse()
    {
        test::FakeSessions source(5000);
        SessionTitles titles(source, m_clock);
        titles.refresh();
        QCOMPARE(source.answer(), 20); // pages of 100
        QCOMPARE(titles.titles().size(), SessionTitles::kMost);
    }

    void whatWasReadStaysUntilMoreIsThere()
    {
        test::FakeSessions source(3);
        SessionTitles titles(source, m_clock);
        titles.refresh();
        source.answer();
        source.remove(0);
        titles.refresh();
        QCOMPARE(titles.titles().size(), 3U);
        titles.refresh(); // the answer to the one before does not count
        source.answer();
        QCOMPARE(titles.titles().size(), 2U);
        source.failNext(u"gone"_s);
        titles.refresh();
        source.answer();
        QCOMPARE(titles.titles().size(), 2U);
    }

private:
    test::StillClock m_clock;
};

LUTHIEN_TEST(tst_session_titles, TestSessionTitles)
#include "tst_session_titles.moc"
