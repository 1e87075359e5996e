// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/conversation_model.h"
#include "desktop/models/session_find.h"
#include "fake_sources.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;
using luthien::test::FakeConversation;

class TestSessionFind : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsInTheRowsAtHandAndBeyond()
    {
        FakeConversation source(10'000);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        SessionFind& find = *model.find();
        find.setWords(u"\"call 77\""_s);
        source.answer();
        QVERIFY(find.isFound());
        find.previous(); // far above the rows at hand
        source.answer();
        QCOMPARE(text(model, model.cursor()->row()), u"call 77"_s);
        QCOMPARE(marks(model, model.cursor()->row()), (QList<int>{0, 7}));
        find.previous(); // there is no other: it comes round to the same
        source.answer();
        QCOMPARE(text(model, model.cursor()->row()), u"call 77"_s);
        QVERIFY(!model.cursor()->notice().isEmpty());
    }

    void goesFromOneToTheNext()
    {
        FakeConversation source(30);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        model.cursor()->moveTo(0);
        model.find()->setWords(u"reply 1"_s); // the beginning of 1, 10 to 19: both words stand in each reply
        source.answer();
        QStringList found;
        for (int i = 0; i < 11; ++i) {
            model.find()->next();
            source.answer();
            found += text(model, model.cursor()->row());
        }
        QCOMPARE(found.first(), u"reply 1"_s);
        QCOMPARE(found[1], u"reply 10"_s);
        QCOMPARE(found.last(), u"reply 19"_s);
        model.find()->previous();
        QCOMPARE(text(model, model.cursor()->row()), u"reply 18"_s);
    }

    void unfoldsWhereItStands()
    {
        FakeConversation source(0);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        live::Opened begun{.call = FakeConversation::idOf(5), .model = "m", .stream = true};
        begun.identity.session = "s";
        std::string thinking(3'000, 'x');
        live::Delta step{.call = begun.call,
                         .firstSeq = 1,
                         .seq = 1,
                         .kind = conversation::EventKind::Thinking,
                         .text = thinking + "\n\nthe needle is here"};
        live::LiveBatch batch;
        batch.events = {begun, step};
        model.applyLive(batch);
        const int folded = model.rowCount();
        model.find()->setWords(u"needle"_s);
        source.answer();
        model.cursor()->moveTo(0);
        model.find()->next();
        QVERIFY(model.rowCount() > folded);
        QCOMPARE(text(model, model.cursor()->row()), u"the needle is here"_s);
        QCOMPARE(marks(model, model.cursor()->row()), (QList<int>{4, 6}));
    }

    void tellsWhatIsWrong_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("status");
        QTest::newRow("nothing") << u" "_s << QString();
        QTest::newRow("what stands nowhere") << u"zebra"_s << SessionFind::tr("Nothing found");
        QTest::newRow("what stands in two calls")
            << u"\"call 1\" \"call 1\""_s << SessionFind::tr("In %1").arg(u"1 call"_s);
    }
    void tellsWhatIsWrong()
    {
        QFETCH(QString, words);
        QFETCH(QString, status);
        FakeConversation source(5);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        model.find()->setWords(words);
        source.answer();
        QCOMPARE(model.find()->status(), status);
    }

private:
    static QString text(const ConversationModel& model, int row)
    {
        return model.index(row).data(ConversationModel::TextRole).toString();
    }
    static QList<int> marks(const ConversationModel& model, int row)
    {
        return model.index(row).data(ConversationModel::FoundRole).value<QList<int>>();
    }
};

LUTHIEN_TEST(tst_session_find, TestSessionFind)
#include "tst_session_find.moc"
