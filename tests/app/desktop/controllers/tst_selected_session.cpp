// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/selected_session.h"
#include "support/test_registry.h"

#include <QSignalSpy>
#include <QTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;

class TestSelectedSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysNothingOfTheOneBefore()
    {
        SelectedSession selected;
        selected.show(session());
        QCOMPARE(selected.title(), u"Drop the table"_s);
        QVERIFY(selected.isLive());
        QVERIFY(!selected.figures().isEmpty());
        QSignalSpy changed(&selected, &SelectedSession::changed);
        selected.expect(u"another"_s);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(selected.sessionId(), u"another"_s);
        QCOMPARE(selected.title(), u"another"_s);
        QCOMPARE(selected.statusText(), QString());
        QCOMPARE(selected.figures(), QString());
        QVERIFY(!selected.isLive() && !selected.isFailed());
    }

    // It is read again on every change of any session.
    void keepsWhatIsKnownOfTheSame()
    {
        SelectedSession selected;
        selected.show(session());
        selected.expect(u"one"_s);
        QCOMPARE(selected.title(), u"Drop the table"_s);
        selected.expect(u"another"_s);
        selected.show(session());
        QCOMPARE(selected.title(), u"Drop the table"_s);
        QVERIFY(!selected.statusText().isEmpty());
    }

    void saysThatItCouldNotBeRead()
    {
        SelectedSession selected;
        selected.expect(u"one"_s);
        selected.fail(u"another"_s, u"The disk is away."_s);
        QCOMPARE(selected.error(), QString());
        selected.fail(u"one"_s, u"The disk is away."_s);
        QCOMPARE(selected.error(), u"The disk is away."_s);
        selected.expect(u"one"_s);
        QCOMPARE(selected.error(), u"The disk is away."_s);
        QSignalSpy retried(&selected, &SelectedSession::retried);
        selected.retry();
        QCOMPARE(retried.size(), 1);
        QCOMPARE(retried[0][0].toString(), u"one"_s);
        QCOMPARE(selected.error(), QString());
        selected.show(session());
        selected.fail(u"one"_s, u"The disk is away."_s);
        selected.show(session()); // known from before
        QCOMPARE(selected.error(), u"The disk is away."_s);
        selected.expect(u"another"_s);
        QCOMPARE(selected.error(), QString());
    }

private:
    static store::SessionRow session()
    {
        store::SessionRow row;
        row.id = "one";
        row.preview = "Drop the table";
        row.calls = 3;
        row.status = conversation::CallStatus::Open;
        return row;
    }
};

LUTHIEN_TEST(tst_selected_session, TestSelectedSession)
#include "tst_selected_session.moc"
