// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/sessions_model.h"
#include "fake_sources.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;
using luthien::test::FakeSessions;

class TestSessionsModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isEmptyFirst()
    {
        FakeSessions source(0);
        SessionsModel model(source, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.count(), 0);
        QVERIFY(!model.isLoaded());
        model.start();
        source.answer();
        QVERIFY(model.isLoaded());
        QCOMPARE(model.count(), 0);
    }

    void showsAnyOfAMillionRowsExactly()
    {
        constexpr int kCount = 1'000'000;
        FakeSessions source(kCount);
        SessionsModel model(source, m_clock);
        model.start();
        source.answer();
        QCOMPARE(model.count(), kCount);
        for (const int row : {0, 127, 128, 4'096, 500'000, 777'777, kCount - 2, kCount - 1}) {
            (void)title(model, row); // asks for the page
            source.answer();
            QCOMPARE(title(model, row), u"Title %1"_s.arg(row));
            const int at = rowOfSession(model, row);
            QCOMPARE(model.rowOf(model.idAt(at)), at);
        }
        for (int row = 0; row < kCount; row += 997) {
            (void)title(model, row);
            source.answer();
        }
        QVERIFY(model.heldRows() <= 64 * 128);
    }

    void movesAnActiveSessionToTheTopAndNothingElse()
    {
        FakeSessions source(300);
        SessionsModel model(source, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.start();
        source.answer();
        store::SessionRow active = source.session(200);
        active.cursor.micros = source.session(0).cursor.micros + 1;
        active.lastAt = fromMicros(active.cursor.micros);
        active.calls = 7;
        source.change(active);
        QSignalSpy moved(&model, &QAbstractItemModel::rowsMoved);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.applyLive(commitOf(active.id));
        int reads = 0;
        QTRY_VERIFY((reads += source.answer()) > 0);
        QCOMPARE(moved.size(), 1);
        QCOMPARE(reset.size(), 0);
        QCOMPARE(title(model, 0), u"Title 200"_s);
        QCOMPARE(title(model, 200), u"Title 199"_s);
        QCOMPARE(title(model, 201), u"Title 201"_s);
        QCOMPARE(model.storedCalls(), 300 + 6);
    }

    void putsANewSessionOnTop()
    {
        FakeSessions source(3);
        SessionsModel model(source, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.start();
        source.answer();
        store::SessionRow fresh = source.session(0);
        fresh.id = "fresh";
        fresh.preview = "Fresh";
        fresh.cursor = {.micros = fresh.cursor.micros + 5, .row = 99};
        source.change(fresh);
        model.applyLive(commitOf("fresh"));
        int reads = 0;
        QTRY_VERIFY((reads += source.answer()) > 0);
        QCOMPARE(model.count(), 4);
        QCOMPARE(title(model, 0), u"Fresh"_s);
    }

    void readsEachSessionOnceForManyCommits()
    {
        FakeSessions source(3);
        SessionsModel model(source, m_clock);
        model.start();
        source.answer();
        for (int i = 0; i < 100; ++i)
            model.applyLive(commitOf("session-1"));
        int reads = 0;
        QTRY_VERIFY((reads += source.answer()) > 0);
        QCOMPARE(reads, 1);
    }

    void aDeletedSessionGoesAndNothingElse()
    {
        FakeSessions source(300);
        SessionsModel model(source, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.start();
        source.answer();
        source.remove(200);
        const int row = rowOfSession(model, 200);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy gone(&model, &SessionsModel::sessionGone);
        model.applyLive(changeOf("session-200"));
        int reads = 0;
        QTRY_VERIFY((reads += source.answer()) > 0);
        QCOMPARE(removed.size(), 1);
        QCOMPARE(removed[0][1].toInt(), row);
        QCOMPARE(removed[0][2].toInt(), row);
        QCOMPARE(inserted.size() + reset.size(), 0);
        QCOMPARE(gone, (QList<QVariantList>{{u"session-200"_s, row}}));
        QCOMPARE(model.count(), 299);
        QCOMPARE(model.storedCalls(), 299);
        QCOMPARE(model.rowOf(u"session-200"_s), -1);
        QCOMPARE(title(model, 199), u"Title 199"_s);
        QCOMPARE(title(model, 200), u"Title 201"_s);
        QCOMPARE(model.rowOf(u"session-299"_s), rowOfSession(model, 298));
    }

    void whatAPersonChangedIsReadAgainInItsPlace()
    {
        FakeSessions source(300);
        SessionsModel model(source, m_clock);
        model.start();
        source.answer();
        store::SessionRow marked = source.session(200);
        marked.preview = "Another";
        source.change(marked);
        QSignalSpy moved(&model, &QAbstractItemModel::rowsMoved);
        model.applyLive(changeOf(marked.id));
        int reads = 0;
        QTRY_VERIFY((reads += source.answer()) > 0);
        QCOMPARE(title(model, 200), u"Another"_s);
        QCOMPARE(model.count(), 300);
        QCOMPARE(moved.size(), 0);
    }

    void aDeletedSessionsIdMayNameANewOne()
    {
        FakeSessions source(3);
        SessionsModel model(source, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.start();
        source.answer();
        store::SessionRow fresh = source.session(1);
        fresh.preview = "Fresh";
        fresh.cursor = {.micros = source.session(0).cursor.micros + 5, .row = 99};
        source.change(fresh);
        model.applyLive(changeOf(fresh.id)); // of the deletion and the new session one reading is left
        int reads = 0;
        QTRY_VERIFY((reads += source.answer()) > 0);
        QCOMPARE(model.count(), 3);
        QCOMPARE(model.storedCalls(), 3);
        QCOMPARE(title(model, 0), u"Fresh"_s);
        QCOMPARE(title(model, 1), u"Title 0"_s);
        QCOMPARE(title(model, 2), u"Title 2"_s);
    }

    void whatWentUnseenVanishesWithTheNextLook_data()
    {
        QTest::addColumn<int>("row");
        QTest::newRow("within a page") << 8'500;
        QTest::newRow("the first of a page") << 66 * 128;
        QTest::newRow("the last of a page") << 67 * 128 - 1;
        QTest::newRow("the first of all that are not held") << -1;
        QTest::newRow("the last of all") << 1'000'000;
    }

    void whatWentUnseenVanishesWithTheNextLook()
    {
        QFETCH(int, row);
        constexpr int kCount = 10'000;
        FakeSessions source(kCount);
        SessionsModel model(source, m_clock);
        model.start();
        source.answer();
        if (row < 0) {
            const auto isHeld = [&model](int at) {
                return model.index(at).data(SessionsModel::HeadRole).toBool() || !model.idAt(at).isEmpty();
            };
            for (row = 0; isHeld(row);)
                ++row;
        }
        row = std::min(row, model.rowCount() - 1);
        const int number = sessionsBefore(model, row);
        const int at = rowOfSession(model, number);
        source.remove(number);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        (void)title(model, number);
        source.answer();
        QCOMPARE(removed.size(), 1);
        QCOMPARE(removed[0][2].toInt(), at);
        QCOMPARE(model.count(), kCount - 1);
        (void)title(model, number - 1);
        source.answer();
        QCOMPARE(title(model, number - 1), u"Title %1"_s.arg(number - 1));
        if (number < kCount - 1) {
            (void)title(model, number);
            source.answer();
            QCOMPARE(title(model, number), u"Title %1"_s.arg(number + 1));
        }
        QCOMPARE(removed.size(), 1);
    }

    void stepsOverHeads()
    {
        FakeSessions source(5000); // some days
        SessionsModel model(source, m_clock);
        model.start();
        source.answer();
        QCOMPARE(model.sessionRowNear(0, 0), 1);
        QCOMPARE(model.sessionRowNear(1, -1), 1);
        int row = 1;
        for (int number = 0; number < 5000; ++number, row = model.sessionRowNear(row, 1))
            QCOMPARE(row, rowOfSession(model, number));
        QCOMPARE(row, model.rowCount() - 1);
        QCOMPARE(model.sessionRowNear(row, -4999), 1);
    }

    void countsOpenCalls()
    {
        FakeSessions source(1);
        SessionsModel model(source, m_clock);
        model.start();
        source.answer();
        live::Opened begun{.call = CallId::make(m_clock.now())};
        begun.identity.session = "session-0";
        QVERIFY(model.index(1).data(SessionsModel::TimeRole).toString() != u"now"_s);
        model.applyLive({.events = {begun}});
        QCOMPARE(model.index(1).data(SessionsModel::TimeRole).toString(), u"now"_s);
        QCOMPARE(model.liveCalls(), 1);
        QVERIFY(model.index(1).data(SessionsModel::LiveRole).toBool());
        live::Ended end;
        end.call = begun.call;
        live::LiveBatch batch;
        batch.events.emplace_back(end);
        model.applyLive(batch);
        QCOMPARE(model.liveCalls(), 0);
        QVERIFY(!model.index(1).data(SessionsModel::LiveRole).toBool());
    }

private:
    /// Counting heads, too.
    static int rowOfSession(const SessionsModel& model, int number) { return model.rowAtTop(number, 0, 1); }
    static int sessionsBefore(const SessionsModel& model, int row) { return static_cast<int>(model.topOf(row, 0, 1)); }

    static QString title(const SessionsModel& model, int number)
    {
        return model.index(rowOfSession(model, number)).data(SessionsModel::TitleRole).toString();
    }
    live::LiveBatch commitOf(const std::string& session) const
    {
        live::Committed commit;
        commit.calls.push_back({.id = CallId::make(m_clock.now()), .session = session});
        return {.events = {commit}};
    }

    static live::LiveBatch changeOf(const std::string& session)
    {
        return {.events = {live::Committed{.commit = 1, .sessions = {session}}}};
    }

    SystemClock m_clock;
};

LUTHIEN_TEST(tst_sessions_model, TestSessionsModel)
#include "tst_sessions_model.moc"
