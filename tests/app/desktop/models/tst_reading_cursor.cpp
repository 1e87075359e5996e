// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/conversation_model.h"
#include "desktop/models/reading_cursor.h"
#include "fake_sources.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;
using luthien::test::FakeConversation;

class TestReadingCursor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesFromTurnToTurnAndBeyondTheRowsAtHand()
    {
        FakeConversation source(10'000);
        ConversationModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        open(model, source);
        ReadingCursor& cursor = *model.cursor();
        cursor.moveTo(model.rowCount() - 1);
        QCOMPARE(text(model, cursor.row()), u"reply 9999"_s);
        cursor.jump(ReadingCursor::Turn, false);
        QCOMPARE(model.kindAt(cursor.row()), row::Kind::TurnHeader);
        // Two turns a call: more of them than the window holds at once.
        for (int i = 0; i < 1'000; ++i) {
            cursor.jump(ReadingCursor::Turn, false);
            source.answer();
            QCOMPARE(model.kindAt(cursor.row()), row::Kind::TurnHeader);
            QVERIFY(model.rowCount() < 1'500);
            model.showRows(cursor.row(), cursor.row() + 5);
            source.answer();
        }
        QCOMPARE(text(model, cursor.row() + 1), u"reply 9499"_s);
        cursor.jump(ReadingCursor::Turn, true);
        QCOMPARE(text(model, cursor.row() + 1), u"call 9500"_s);
    }

    void findsADecisionFarAway()
    {
        FakeConversation source(10'000);
        ConversationModel model(source);
        open(model, source);
        ReadingCursor& cursor = *model.cursor();
        QSignalSpy wanted(&cursor, &ReadingCursor::wanted);
        cursor.jump(ReadingCursor::Decision, false);
        QCOMPARE(cursor.notice(), ReadingCursor::tr("Looking further…"));
        source.answer(); // it is in call 9900, far from the rows at hand
        QCOMPARE(cursor.notice(), QString());
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.first()[1].toBool(), true);
        QCOMPARE(model.callIdAt(cursor.row()), id(9'900));
    }

    void tellsThatThereIsNothingFurther()
    {
        FakeConversation source(2);
        ConversationModel model(source);
        open(model, source);
        ReadingCursor& cursor = *model.cursor();
        cursor.jump(ReadingCursor::Tool, true);
        source.answer();
        QCOMPARE(cursor.notice(), ReadingCursor::tr("No tool call after this"));
        QCOMPARE(cursor.row(), -1);
        cursor.moveTo(0);
        QCOMPARE(cursor.notice(), QString());
    }

    void staysAtItsRowWhateverComes()
    {
        FakeConversation source(5'000);
        ConversationModel model(source);
        open(model, source);
        model.jumpTo(0.5);
        source.answer();
        ReadingCursor& cursor = *model.cursor();
        cursor.moveTo(40);
        const QString before = text(model, 40);
        for (int i = 0; i < 10; ++i) {
            model.showRows(cursor.row(), cursor.row() + 20);
            source.answer();
            QCOMPARE(text(model, cursor.row()), before);
            QCOMPARE(model.currentCallId(), model.callIdAt(cursor.row()));
        }
        model.open(u"other"_s);
        QCOMPARE(cursor.row(), -1);
    }

private:
    static void open(ConversationModel& model, FakeConversation& source)
    {
        model.open(u"s"_s);
        source.answer();
    }
    static QString id(std::int64_t number) { return QString::fromStdString(FakeConversation::idOf(number).toString()); }
    static QString text(const ConversationModel& model, int row)
    {
        return model.index(row).data(ConversationModel::TextRole).toString();
    }
};

LUTHIEN_TEST(tst_reading_cursor, TestReadingCursor)
#include "tst_reading_cursor.moc"
