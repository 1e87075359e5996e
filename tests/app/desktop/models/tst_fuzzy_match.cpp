// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/fuzzy_match.h"
#include "support/test_registry.h"

#include <QTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;

class TestFuzzyMatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fits_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QList<int>>("positions"); // empty = it does not fit
        QTest::newRow("letters in order") << u"exs"_s << u"Export session"_s << QList<int>{0, 1, 7};
        QTest::newRow("in any case") << u"DARK"_s << u"dark"_s << QList<int>{0, 1, 2, 3};
        QTest::newRow("beginnings of words before middles") << u"sp"_s << u"Stop: show policies"_s << QList<int>{0, 11};
        QTest::newRow("letters that follow each other before scattered ones")
            << u"and"_s << u"banana and"_s << QList<int>{7, 8, 9};
        QTest::newRow("blanks only part words") << u"go li"_s << u"Go to Live"_s << QList<int>{0, 1, 6, 7};
        QTest::newRow("not in another order") << u"ba"_s << u"ab"_s << QList<int>{};
        QTest::newRow("not more letters than there are") << u"aaa"_s << u"aa"_s << QList<int>{};
    }
    void fits()
    {
        QFETCH(QString, query);
        QFETCH(QString, text);
        QFETCH(QList<int>, positions);
        const auto match = fuzzyMatch(query, text);
        QCOMPARE(match.has_value(), !positions.isEmpty());
        if (match)
            QCOMPARE(match->positions, positions);
    }

    void nothingTypedFitsEverything() { QCOMPARE(fuzzyMatch(u" ", u"anything")->score, 0); }

    void theBetterAnswerScoresHigher()
    {
        const auto score = [](QStringView text) { return fuzzyMatch(u"set", text)->score; };
        QVERIFY(score(u"Settings") > score(u"Go to Settings"));
        QVERIFY(score(u"Go to Settings") > score(u"Resume the proxy later"));
        QVERIFY(fuzzyMatch(u"pol", u"Sessions in which a policy stepped in")->score >
                fuzzyMatch(u"pol", u"Pin or unpin the selected sessions")->score);
    }

    void longTextIsBounded()
    {
        const QString text = QString(100'000, u'a') + u'b';
        QVERIFY(!fuzzyMatch(u"b", text));
        QVERIFY(fuzzyMatch(QString(100'000, u'a'), text));
    }
};

LUTHIEN_TEST(tst_fuzzy_match, TestFuzzyMatch)
#include "tst_fuzzy_match.moc"
