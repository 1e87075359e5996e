// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/conversation_model.h"
#include "desktop/models/decision_rows.h"
#include "fake_sources.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;
using luthien::test::FakeConversation;

class TestConversationReach : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void opensAtACallAnywhereInAnySession_data()
    {
        QTest::addColumn<qint64>("number");
        QTest::addColumn<int>("block");
        QTest::addColumn<QString>("landed");
        QTest::newRow("the first call") << qint64(0) << -1 << u"You"_s;
        QTest::newRow("one in the middle") << qint64(50'000) << -1 << u"You"_s;
        QTest::newRow("the first block of its reply") << qint64(50'000) << 0 << u"reply 50000"_s;
        QTest::newRow("a block that it does not have") << qint64(50'000) << 7 << u"You"_s;
        QTest::newRow("the last call") << qint64(99'999) << 0 << u"reply 99999"_s;
    }
    void opensAtACallAnywhereInAnySession()
    {
        QFETCH(qint64, number);
        QFETCH(int, block);
        QFETCH(QString, landed);
        FakeConversation source(100'000);
        ConversationModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy wanted(model.cursor(), &ReadingCursor::wanted);
        model.openAt(u"s"_s, id(number), block);
        source.answer();
        QCOMPARE(wanted.size(), 1);
        const int row = model.cursor()->row();
        QCOMPARE(model.callIdAt(row), id(number));
        const QModelIndex at = model.index(row);
        QCOMPARE(at.data(block == 0 ? ConversationModel::TextRole : ConversationModel::TitleRole).toString(), landed);
        QCOMPARE(at.data(ConversationModel::CurrentRole).toBool(), true);
        QCOMPARE(model.currentCallId(), id(number));
        // The same again, now that it is there: nothing is read.
        model.openAt(u"s"_s, id(number), block);
        QCOMPARE(source.answer(), 0);
        QCOMPARE(wanted.size(), 2);
    }

    void aCallThatIsNotInTheRecordLeadsToTheNewest()
    {
        FakeConversation source(100);
        ConversationModel model(source);
        model.openAt(u"s"_s, id(5'000));
        source.answer();
        QVERIFY(model.isAtEnd());
        QVERIFY(model.rowCount() > 0);
        QVERIFY(!model.cursor()->notice().isEmpty());
        model.openAt(u"s"_s, u"no id"_s);
        source.answer();
        QVERIFY(model.isAtEnd());
    }

    void whatIsMarkedIsNotLetGo()
    {
        FakeConversation source(100'000);
        ConversationModel model(source);
        model.open(u"s"_s);
        source.answer();
        model.selection()->start(model.rowCount() - 1, 2);
        model.selection()->extend(model.rowCount() - 1, -1);
        QCOMPARE(model.selection()->text(), u"ply 99999"_s);
        for (int i = 0; i < 60; ++i) { // two thousand rows up
            model.showRows(10, 30);
            source.answer();
        }
        QVERIFY(model.rowCount() > 1'500);
        QCOMPARE(model.selection()->text(), u"ply 99999"_s);
        model.selection()->clear();
        for (int i = 0; i < 3; ++i) {
            model.showRows(10, 30);
            source.answer();
        }
        QVERIFY(model.rowCount() < 1'500);
    }

    void showsWhatAVerdictChanged()
    {
        FakeConversation source(1);
        ConversationModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.open(u"s"_s);
        source.answer();
        conversation::Decision decision{.id = FakeConversation::idOf(9), .call = FakeConversation::idOf(0)};
        decision.seq = 1;
        decision.policyId = "rewrite";
        decision.verdict = conversation::Verdict::Replace;
        decision.original = "one\ntwo";
        decision.final = "one\nthree";
        live::LiveBatch batch;
        batch.events.emplace_back(live::Decided{decision});
        model.applyLive(batch);
        const int row = model.rowCount() - 4;
        QCOMPARE(model.kindAt(row), row::Kind::Decision);
        QCOMPARE(shown(model, row + 1), (QStringList{u" one|"_s, u"−two|"_s, u"+three|"_s})); // it is brief
        model.compare(row, int(row::Comparison::Beside));
        QCOMPARE(shown(model, row + 1), (QStringList{u" one|one"_s, u"−two|three"_s}));
        model.compare(row, int(row::Comparison::Closed));
        QCOMPARE(model.rowCount(), row + 1);
        model.compare(row, int(row::Comparison::Inline));
        QCOMPARE(model.rowCount(), row + 4);
    }

    void showsALongChangeWhenAsked()
    {
        conversation::Decision decision{.verdict = conversation::Verdict::Replace};
        decision.final = "brief";
        QCOMPARE(decisionRow(decision).comparison, row::Comparison::Inline);
        decision.mode = conversation::PolicyMode::Shadow;
        QCOMPARE(decisionRow(decision).comparison, row::Comparison::Closed);
        decision.mode = conversation::PolicyMode::Enforce;
        decision.original = std::string(2001, 'x');
        QCOMPARE(decisionRow(decision).comparison, row::Comparison::Closed);
    }

    void showsWordsAsTheyWereWritten()
    {
        FakeConversation source(0);
        ConversationModel model(source);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.open(u"s"_s);
        source.answer();
        live::Opened begun{.call = FakeConversation::idOf(5), .model = "m", .stream = true};
        begun.identity.session = "s";
        live::Delta step{
            .call = begun.call, .firstSeq = 1, .seq = 1, .kind = conversation::EventKind::Text, .text = "# T\n\n**b**"};
        live::LiveBatch batch;
        batch.events = {begun, step};
        model.applyLive(batch);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(text(model, 1), u"T"_s);
        QCOMPARE(text(model, 2), u"b"_s);
        model.toggleWritten(0);
        QCOMPARE(text(model, 1), u"# T\n\n**b**"_s);
        QVERIFY(model.index(0).data(ConversationModel::ExpandedRole).toBool());
        step.firstSeq = step.seq = 2;
        step.text = " and *more*";
        batch.events = {step};
        model.applyLive(batch);
        QCOMPARE(text(model, 1), u"# T\n\n**b** and *more*"_s);
        QCOMPARE(model.textOf(0), u"# T\n\n**b** and *more*"_s);
        model.toggleWritten(0);
        QCOMPARE(text(model, 2), u"b and more"_s);
    }

private:
    static QString id(std::int64_t number) { return QString::fromStdString(FakeConversation::idOf(number).toString()); }
    static QString text(const ConversationModel& model, int row)
    {
        return model.index(row).data(ConversationModel::TextRole).toString();
    }
    static QStringList shown(const ConversationModel& model, int from)
    {
        QStringList lines;
        for (int row = from; row < model.rowCount(); ++row) {
            const QString marker = model.index(row).data(ConversationModel::MarkerRole).toString();
            lines += (marker.isEmpty() ? u" "_s : marker) + text(model, row) + u'|' +
                     model.index(row).data(ConversationModel::OtherRole).toString();
        }
        return lines;
    }
};

LUTHIEN_TEST(tst_conversation_reach, TestConversationReach)
#include "tst_conversation_reach.moc"
