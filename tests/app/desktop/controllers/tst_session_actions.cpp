// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/session_actions.h"
#include "desktop/models/call_texts.h"
#include "fake_sources.h"
#include "support/test_registry.h"

#include <QThread>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;
using luthien::test::FakeSessions;

class TestSessionActions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_written.clear();
        m_source = std::make_unique<FakeSessions>(20);
        store::SessionRow live = m_source->session(7);
        live.status = conversation::CallStatus::Open;
        m_source->change(live);
        m_model = std::make_unique<SessionsModel>(*m_source, m_clock);
        m_selection = std::make_unique<SessionSelection>(*m_model);
        m_actions = std::make_unique<SessionActions>(*m_selection, m_clipboard, writes());
        m_model->start();
        m_source->answer();
    }

    void cleanup()
    {
        m_actions.reset();
        m_selection.reset();
        m_model.reset();
    }

    void marksAllOfThemAndTakesItBack()
    {
        select({3, 4});
        m_actions->pin(true);
        QTRY_COMPARE(m_actions->notice(), u"2 sessions pinned"_s);
        QVERIFY(!m_actions->hasFailed());
        QVERIFY(m_actions->isUndoable());
        QCOMPARE(m_written, (QStringList{u"session-3 pinned=1"_s, u"session-4 pinned=1"_s}));
        m_written.clear();
        m_actions->undo();
        QTRY_COMPARE(m_actions->notice(), u"2 sessions as before"_s);
        QVERIFY(!m_actions->isUndoable());
        QCOMPARE(m_written, (QStringList{u"session-3 pinned=0"_s, u"session-4 pinned=0"_s}));
    }

    void aNameIsTakenBackToTheOneBefore()
    {
        store::SessionRow row = m_source->session(3);
        row.label = "before";
        m_source->change(row);
        m_source->loadSession(row.id);
        m_source->answer();
        select({3});
        m_actions->label(u"  after \n all "_s);
        QTRY_VERIFY(!m_actions->notice().isEmpty());
        m_actions->undo();
        QCOMPARE(m_written, (QStringList{u"session-3 label=after all"_s, u"session-3 label=before"_s}));
    }

    void whatIsRefusedIsSaid()
    {
        m_refusal = Error{ErrorCode::TooLarge, "a note takes 4096 bytes at most", "note"};
        select({3});
        m_actions->setNote(u"long"_s);
        QTRY_VERIFY(m_actions->hasFailed());
        QVERIFY2(m_actions->notice().contains(u"4096"_s), qPrintable(m_actions->notice()));
        QVERIFY(!m_actions->isUndoable());
        m_refusal.reset();
    }

    void theQuestionSaysWhatGoes()
    {
        select({3, 4, 7});
        QVERIFY(m_actions->mayRemove());
        QCOMPARE(m_actions->question(), u"Delete 2 sessions?"_s);
        QVERIFY2(m_actions->explanation().contains(u"2 calls"_s), qPrintable(m_actions->explanation()));
        QVERIFY(m_actions->explanation().contains(u"One is live and stays."_s));
        m_actions->remove();
        QTRY_COMPARE(m_actions->notice(), u"2 sessions deleted"_s);
        QCOMPARE(m_written, (QStringList{u"session-3 removed"_s, u"session-4 removed"_s}));
        QVERIFY(!m_actions->isUndoable());
    }

    void aLiveSessionCannotBeDeleted()
    {
        select({7});
        QVERIFY(!m_actions->mayRemove());
        QVERIFY(m_actions->hasFailed());
        QVERIFY(m_actions->notice().contains(u"open"_s));
        QVERIFY(m_written.isEmpty());
    }

    void anAnswerThatComesTooLateHurtsNobody()
    {
        store::WriteDone late;
        SessionActions* const actions = new SessionActions(
            *m_selection, m_clipboard,
            {.mark = [&late](const std::string&, const store::SessionMarks&, store::WriteDone done) { late = done; },
             .remove = {}});
        select({3});
        actions->pin(true);
        delete actions;
        const std::unique_ptr<QThread> writer(QThread::create([&late] { late({}); }));
        writer->start();
        QVERIFY(writer->wait(10'000));
        QCoreApplication::processEvents();
    }

private:
    void select(const std::vector<int>& numbers)
    {
        m_selection->clear();
        for (const int number : numbers)
            m_selection->toggle(u"session-%1"_s.arg(number));
    }

    SessionWrites writes()
    {
        const auto answer = [this](const store::WriteDone& done) {
            done(m_refusal ? Result<void>(*m_refusal) : Result<void>());
        };
        return {
            .mark =
                [this, answer](const std::string& id, const store::SessionMarks& marks, const store::WriteDone& done) {
                    QString text = fromUtf8(id);
                    if (marks.pinned)
                        text += u" pinned=%1"_s.arg(*marks.pinned ? 1 : 0);
                    if (marks.label)
                        text += u" label="_s + fromUtf8(*marks.label);
                    m_written += text;
                    answer(done);
                },
            .remove =
                [this, answer](const std::string& id, const store::WriteDone& done) {
                    m_written += fromUtf8(id) + u" removed"_s;
                    answer(done);
                }};
    }

    SystemClock m_clock;
    Clipboard m_clipboard;
    QStringList m_written;
    std::optional<Error> m_refusal;
    std::unique_ptr<FakeSessions> m_source;
    std::unique_ptr<SessionsModel> m_model;
    std::unique_ptr<SessionSelection> m_selection;
    std::unique_ptr<SessionActions> m_actions;
};

LUTHIEN_TEST(tst_session_actions, TestSessionActions)
#include "tst_session_actions.moc"
