// SPDX-License-Identifier: Apache-2.0
#include "policy/text_change.h"
#include "support/test_registry.h"

using namespace luthien::policy;

namespace {

/// "<" before what comes in, ">" before what goes out: "<abc >ab <d >cd".
TextChange follow(const QByteArray& steps, std::size_t kept = 100)
{
    TextChange change(kept);
    for (const QByteArray& step : steps.split(' ')) {
        const std::string_view part(step.constData() + 1, static_cast<std::size_t>(step.size()) - 1);
        step.startsWith('<') ? change.in(part) : change.out(part);
    }
    return change;
}

class TestTextChange : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhetherTheTextIsTheSame_data()
    {
        QTest::addColumn<QByteArray>("steps");
        QTest::addColumn<bool>("unchanged");
        QTest::newRow("part by part") << QByteArray("<ab >ab <c >c") << true;
        QTest::newRow("later, in other parts") << QByteArray("<ab >a <cd >b >cd") << true;
        QTest::newRow("one letter differs") << QByteArray("<ab >ab <c >C") << false;
        QTest::newRow("the end is missing") << QByteArray("<ab >a") << false;
        QTest::newRow("there is more at the end") << QByteArray("<ab >ab >c") << false;
        QTest::newRow("more came out than had come in") << QByteArray("<a >ab <b") << false;
        QTest::newRow("nothing at all") << QByteArray("< >") << true;
        QTest::newRow("all of it is gone") << QByteArray("<ab >") << false;
    }
    void tellsWhetherTheTextIsTheSame()
    {
        QFETCH(QByteArray, steps);
        QFETCH(bool, unchanged);
        QCOMPARE(follow(steps).isUnchanged(), unchanged);
    }

    void keepsTheBeginningOfBoth()
    {
        const TextChange change = follow("<abcd >ABCD <e >E", 4);
        QCOMPARE(change.original(), std::string_view("abcd"));
        QCOMPARE(change.result(), std::string_view("ABCD"));
        QVERIFY(!change.isUnchanged());
        QCOMPARE(follow("<\xc3\xa4\xc3\xa4 >x", 3).original(), std::string_view("\xc3\xa4"));
    }

    void seesAChangeBehindWhatIsKept() { QVERIFY(!follow("<abcdef >abcdeF", 2).isUnchanged()); }
};

} // namespace

LUTHIEN_TEST(tst_text_change, TestTextChange)
#include "tst_text_change.moc"
