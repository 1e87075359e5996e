// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/visible_text.h"
#include "support/test_registry.h"

using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestVisibleText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsWhatHides_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        QTest::newRow("an override of the direction") << u"\u202e/ fr- mr\u202c"_s << u"‹U+202E›/ fr- mr‹U+202C›"_s;
        QTest::newRow("an isolate") << u"a\u2066b\u2069"_s << u"a‹U+2066›b‹U+2069›"_s;
        QTest::newRow("a zero-width space") << u"rm\u200b -rf"_s << u"rm‹U+200B› -rf"_s;
        QTest::newRow("the escape of a terminal sequence") << u"\u001b[31m"_s << u"‹U+001B›[31m"_s;
        QTest::newRow("a tag that only a model reads") << u"a\U000e0041b"_s << u"a‹U+E0041›b"_s;
        QTest::newRow("half a surrogate pair at the end") << QString(QChar(0xdb40)) << u"‹U+DB40›"_s;
    }
    void showsWhatHides()
    {
        QFETCH(QString, text);
        QFETCH(QString, shown);
        QCOMPARE(visibleText(text), shown);
        QCOMPARE(visibleText(text.toStdString()), visibleText(QString::fromStdString(text.toStdString())));
    }

    void leavesTheRest_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << QString();
        QTest::newRow("lines and tabs") << u"a\n\tb\r\n"_s;
        QTest::newRow("markup") << u"<img src=x>"_s;
        QTest::newRow("text from right to left") << u"שלום עולם"_s;
        QTest::newRow("a joiner of a script") << u"می\u200cخواهم"_s;
        QTest::newRow("a family of emoji") << u"👩\u200d👩\u200d👧 ❤\ufe0f"_s;
    }
    void leavesTheRest()
    {
        QFETCH(QString, text);
        QCOMPARE(visibleText(text), text);
    }
};

LUTHIEN_TEST(tst_visible_text, TestVisibleText)
#include "tst_visible_text.moc"
