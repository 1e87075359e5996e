// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/session_selection.h"
#include "fake_sources.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace Qt::StringLiterals;
using luthien::desktop::SessionSelection;
using luthien::desktop::SessionsModel;
using luthien::test::FakeSessions;

class TestSessionSelection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void choosesTogglesAndExtends()
    {
        FakeSessions source(20);
        SessionsModel model(source, m_clock);
        SessionSelection selection(model);
        start(model, source);
        selection.choose(u"session-3"_s);
        selection.toggle(u"session-5"_s);
        QCOMPARE(ids(selection), (QStringList{u"session-3"_s, u"session-5"_s}));
        selection.toggle(u"session-3"_s);
        QCOMPARE(ids(selection), QStringList{u"session-5"_s});
        selection.choose(u"session-3"_s);
        selection.extendTo(rowOfSession(model, 6));
        QCOMPARE(selection.count(), 4);
        selection.extendTo(rowOfSession(model, 1));
        QCOMPARE(ids(selection), (QStringList{u"session-1"_s, u"session-2"_s, u"session-3"_s}));
        selection.include(u"session-2"_s);
        QCOMPARE(selection.count(), 3);
        selection.include(u"session-9"_s);
        QCOMPARE(ids(selection), QStringList{u"session-9"_s});
    }

    void followsChangesAndForgetsWhatIsGone()
    {
        FakeSessions source(20);
        SessionsModel model(source, m_clock);
        SessionSelection selection(model);
        start(model, source);
        selection.choose(u"session-3"_s);
        selection.toggle(u"session-5"_s);
        for (const int number : {3, 5}) {
            store::SessionRow row = source.session(number);
            row.isPinned = true;
            row.cursor.micros = source.session(0).cursor.micros + number;
            source.change(row);
            source.loadSession(row.id);
        }
        source.answer();
        QVERIFY(selection.areAllPinned());
        source.remove(3);
        source.loadSession("session-3");
        source.answer();
        QCOMPARE(ids(selection), QStringList{u"session-5"_s});
    }

    void aRangeWaitsForRowsThatHaveToBeRead()
    {
        constexpr int kCount = 20'000;
        FakeSessions source(kCount);
        SessionsModel model(source, m_clock);
        SessionSelection selection(model);
        start(model, source);
        for (const int number : {10'000, 10'300}) { // the pages of both ends
            (void)model.index(rowOfSession(model, number)).data(SessionsModel::TitleRole);
            source.answer();
        }
        selection.choose(u"session-10000"_s);
        selection.extendTo(rowOfSession(model, 10'300));
        source.answer();
        QTRY_COMPARE(selection.count(), 301);
        QVERIFY(selection.contains(u"session-10150"_s));
    }

    void isBounded()
    {
        FakeSessions source(4000);
        SessionsModel model(source, m_clock);
        SessionSelection selection(model);
        start(model, source);
        QSignalSpy cut(&selection, &SessionSelection::cut);
        selection.choose(u"session-0"_s);
        selection.extendTo(rowOfSession(model, 3999));
        QCOMPARE(selection.count(), SessionSelection::kMost);
        QCOMPARE(cut.size(), 1);
        selection.toggle(u"session-3000"_s);
        QCOMPARE(selection.count(), SessionSelection::kMost);
        QCOMPARE(cut.size(), 2);
    }

private:
    static void start(SessionsModel& model, FakeSessions& source)
    {
        model.start();
        source.answer();
    }
    static int rowOfSession(const SessionsModel& model, int number) { return model.rowAtTop(number, 0, 1); }
    static QStringList ids(const SessionSelection& selection)
    {
        QStringList all;
        for (const auto& [id, session] : selection.sessions())
            all += id;
        return all;
    }

    SystemClock m_clock;
};

LUTHIEN_TEST(tst_session_selection, TestSessionSelection)
#include "tst_session_selection.moc"
