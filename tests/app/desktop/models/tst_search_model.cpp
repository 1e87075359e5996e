// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/search_model.h"
#include "fake_search.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace Qt::StringLiterals;
using luthien::desktop::SearchModel;
using luthien::test::FakeSearch;

class TestSearchModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void searchesWhenTheTypingRests()
    {
        FakeSearch source(3);
        SearchModel model(source, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(!model.isAsked());
        model.setQuery(u"d"_s);
        model.setQuery(u"dr"_s);
        model.setQuery(u"drop table"_s);
        QTRY_COMPARE(source.requests().size(), std::size_t{1});
        QCOMPARE(source.requests()[0].query.words.phrases.size(), std::size_t{2});
        source.answer();
        QCOMPARE(model.count(), 3);
        QCOMPARE(model.summary(), u"3 found"_s);
        model.setQuery({});
        QTRY_VERIFY(!model.isAsked());
        QCOMPARE(model.count(), 0);
    }

    void theNewestQueryWins()
    {
        FakeSearch source(3);
        SearchModel model(source, m_clock);
        ask(model, u"first"_s);
        ask(model, u"second"_s);
        QVERIFY(source.answerOne()); // of the first: nothing comes
        QVERIFY(model.isSearching());
        QCOMPARE(model.count(), 0);
        QVERIFY(source.answerOne());
        QCOMPARE(model.count(), 3);
        QVERIFY(!model.isSearching());
    }

    void whatWasFoundStaysUntilTheNextIsKnown()
    {
        FakeSearch source(3);
        SearchModel model(source, m_clock);
        ask(model, u"first"_s);
        source.answer();
        source.beginEmpty(2);
        source.setCount(0);
        ask(model, u"second"_s);
        QVERIFY(source.answerOne());
        QCOMPARE(model.count(), 3);
        QVERIFY(model.isSearching());
        source.answer();
        QCOMPARE(model.count(), 0);
        QCOMPARE(model.summary(), u"0 found"_s);
    }

    void moreComesAsOneReadsOn()
    {
        FakeSearch source(130);
        SearchModel model(source, m_clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        ask(model, u"word"_s);
        source.answer();
        QCOMPARE(model.count(), 50);
        QCOMPARE(model.summary(), u"50 found so far"_s);
        model.showRows(0, 10);
        QCOMPARE(source.answer(), 0);
        model.showRows(20, 30);
        model.showRows(21, 31);
        QCOMPARE(source.answer(), 1);
        QCOMPARE(model.count(), 100);
        model.showRows(90, 99);
        source.answer();
        QCOMPARE(model.count(), 130);
        QCOMPARE(model.data(model.index(129), SearchModel::TitleRole).toString(), u"Title 129"_s);
        model.showRows(120, 129);
        QCOMPARE(source.answer(), 0);
    }

    void isBounded()
    {
        FakeSearch source(1'000'000);
        SearchModel model(source, m_clock);
        ask(model, u"word"_s);
        source.answer();
        for (int i = 0; i < 200; ++i) {
            model.showRows(model.count() - 10, model.count());
            source.answer();
        }
        QCOMPARE(model.count(), SearchModel::kMost);
        QVERIFY(model.summary().startsWith(u"The first"_s));
    }

    void mistakesSayWhere()
    {
        FakeSearch source(3);
        SearchModel model(source, m_clock);
        ask(model, u"drop \"table"_s);
        QCOMPARE(source.requests().size(), std::size_t{0});
        QVERIFY2(model.error().contains(u"character 6"_s), qPrintable(model.error()));
        source.failNext(u"the database is away"_s);
        ask(model, u"drop"_s);
        source.answer();
        QCOMPARE(model.error(), u"the database is away"_s);
        model.apply();
        source.answer();
        QCOMPARE(model.error(), QString());
        QCOMPARE(model.count(), 3);
    }

    void aCancelledSearchEnds()
    {
        FakeSearch source(3);
        SearchModel model(source, m_clock);
        ask(model, u"word"_s);
        model.cancel();
        QVERIFY(!model.isSearching());
        source.answer();
        QCOMPARE(model.count(), 0);
    }

    void marksStandOnTheWordsAsTheyAreShown_data()
    {
        QTest::addColumn<QByteArray>("snippet");
        QTest::addColumn<QList<int>>("spans");
        QTest::addColumn<QStringList>("marked");
        QTest::newRow("plain") << QByteArray("to drop the table") << QList<int>{3, 7, 12, 17}
                               << QStringList{u"drop"_s, u"table"_s};
        QTest::newRow("after letters of several bytes")
            << QByteArray("größer Tisch") << QList<int>{9, 14} << QStringList{u"Tisch"_s};
        QTest::newRow("after a character that hides") << QByteArray("a\xE2\x80\xAE"
                                                                    "b drop")
                                                      << QList<int>{6, 10} << QStringList{u"drop"_s};
        QTest::newRow("over lines") << QByteArray("one\ntwo\nthree") << QList<int>{4, 7} << QStringList{u"two"_s};
        QTest::newRow("shared by two phrases")
            << QByteArray("drop table now") << QList<int>{0, 10, 5, 14} << QStringList{u"drop table"_s};
    }

    void marksStandOnTheWordsAsTheyAreShown()
    {
        QFETCH(QByteArray, snippet);
        QFETCH(QList<int>, spans);
        QFETCH(QStringList, marked);
        FakeSearch source(1);
        std::vector<filter::TextSpan> matched;
        for (int i = 0; i < spans.size(); i += 2)
            matched.push_back({static_cast<std::size_t>(spans[i]), static_cast<std::size_t>(spans[i + 1])});
        source.setSnippet(snippet.toStdString(), matched);
        SearchModel model(source, m_clock);
        ask(model, u"word"_s);
        source.answer();
        const QString text = model.data(model.index(0), SearchModel::TextRole).toString();
        const auto marks = model.data(model.index(0), SearchModel::MarksRole).value<QList<int>>();
        QStringList shown;
        for (int i = 0; i < marks.size(); i += 2)
            shown += text.mid(marks[i], marks[i + 1]);
        QCOMPARE(shown, marked);
        QVERIFY(!text.contains(u'\n') && !text.contains(QChar(0x202E)));
    }

    void tellsWhatCannotBeFoundYet()
    {
        FakeSearch source(1);
        source.setUnindexed(42);
        SearchModel model(source, m_clock);
        ask(model, u"word"_s);
        source.answer();
        QVERIFY(model.unindexed().contains(u"42"_s));
    }

    void leadsToTheCall()
    {
        FakeSearch source(2);
        SearchModel model(source, m_clock);
        ask(model, u"word"_s);
        source.answer();
        QSignalSpy wanted(&model, &SearchModel::callWanted);
        model.open(1);
        model.open(2);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].toString(), u"session-1"_s);
    }

private:
    static void ask(SearchModel& model, const QString& query)
    {
        model.setQuery(query);
        model.apply();
    }

    SystemClock m_clock;
};

LUTHIEN_TEST(tst_search_model, TestSearchModel)
#include "tst_search_model.moc"
