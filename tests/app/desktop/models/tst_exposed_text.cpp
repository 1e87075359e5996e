// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/exposed_text.h"
#include "support/test_registry.h"

#include <QObject>

using namespace Qt::StringLiterals;
using luthien::desktop::ExposedText;
using luthien::desktop::TextExposer;

namespace {
ExposedText expose(const QString& text)
{
    TextExposer exposer;
    exposer.addText(text);
    return exposer.take();
}

QStringList marked(const ExposedText& exposed)
{
    QStringList parts;
    for (qsizetype i = 0; i + 1 < exposed.marks.size(); i += 2)
        parts += exposed.text.mid(exposed.marks[i], exposed.marks[i + 1]);
    return parts;
}
} // namespace

class TestExposedText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsWhatDeceives_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QStringList>("marks");
        const auto row = [](const char* name, const QString& text, const QString& shown, const QStringList& marks) {
            QTest::newRow(name) << text << shown << marks;
        };
        row("plain text stays", u"git status --short"_s, u"git status --short"_s, {});
        row("zero width space", u"r\u200bm"_s, u"r\u2039U+200B\u203am"_s, {u"\u2039U+200B\u203a"_s});
        row("joiner in a command", u"r\u200dm"_s, u"r\u2039U+200D\u203am"_s, {u"\u2039U+200D\u203a"_s});
        row("soft hyphen", u"r\u00adm"_s, u"r\u2039U+00AD\u203am"_s, {u"\u2039U+00AD\u203a"_s});
        row("Hangul filler", u"a\u3164b"_s, u"a\u2039U+3164\u203ab"_s, {u"\u2039U+3164\u203a"_s});
        row("right-to-left override", u"\u202egpj"_s, u"\u2039U+202E\u203agpj"_s, {u"\u2039U+202E\u203a"_s});
        row("tag characters", u"a\U000E0041"_s, u"a\u2039U+E0041\u203a"_s, {u"\u2039U+E0041\u203a"_s});
        row("escape", u"\u001b[1A"_s, u"\u2039U+001B\u203a[1A"_s, {u"\u2039U+001B\u203a"_s});
        row("no-break space", u"rm\u00a0x"_s, u"rm\u2039U+00A0\u203ax"_s, {u"\u2039U+00A0\u203a"_s});
        row("carriage return", u"ls\rrm"_s, u"ls\u2039U+000D\u203arm"_s, {u"\u2039U+000D\u203a"_s});
        row("tab", u"a\tb"_s, u"a\u21e5b"_s, {u"\u21e5"_s});
        row("line break", u"a\nb"_s, u"a\u23ce\nb"_s, {u"\u23ce"_s});
        row("many line breaks", u"a"_s + QString(100, u'\n') + u'b',
            u"a\u23ce\n\u23ce\n\u203998 more line breaks\u203a\nb"_s,
            {u"\u23ce"_s, u"\u23ce"_s, u"\u203998 more line breaks\u203a"_s});
        row("many spaces", u"ls"_s + QString(500, u' ') + u"; rm x"_s, u"ls\u2039500 spaces\u203a; rm x"_s,
            {u"\u2039500 spaces\u203a"_s});
        row("eight spaces are an indentation", QString(8, u' ') + u'x', QString(8, u' ') + u'x', {});
        row("Cyrillic letter in a Latin word", u"p\u0430ypal"_s, u"p\u0430\u2039Cyrillic\u203aypal"_s,
            {u"\u0430\u2039Cyrillic\u203a"_s});
        row("word of look-alikes", u"\u0441\u0440"_s, u"\u0441\u0440\u2039Cyrillic\u203a"_s,
            {u"\u0441\u0440\u2039Cyrillic\u203a"_s});
        row("Greek letter in a Latin word", u"g\u03bf"_s, u"g\u03bf\u2039Greek\u203a"_s,
            {u"\u03bf\u2039Greek\u203a"_s});
        row("a word of its own script", u"\u043f\u0440\u0438\u0432\u0435\u0442"_s,
            u"\u043f\u0440\u0438\u0432\u0435\u0442"_s, {});
        row("Chinese beside Latin", u"git\u63d0\u4ea4"_s, u"git\u63d0\u4ea4"_s, {});
        row("accents are letters", u"caf\u00e9 na\u00efve"_s, u"caf\u00e9 na\u00efve"_s, {});
        row("curly quotes", u"\u201crm\u201d"_s, u"\u201crm\u201d"_s, {u"\u201c"_s, u"\u201d"_s});
        row("dash that is no hyphen", u"ls \u2013la"_s, u"ls \u2013la"_s, {u"\u2013"_s});
        row("full-width letters", u"\uff52\uff4d"_s, u"\uff52\uff4d"_s, {u"\uff52\uff4d"_s});
        row("mathematical letters", u"\U0001D42B\U0001D426"_s, u"\U0001D42B\U0001D426"_s, {u"\U0001D42B\U0001D426"_s});
        row("half a surrogate pair", QString(QChar(0xd800)), u"\u2039U+D800\u203a"_s, {u"\u2039U+D800\u203a"_s});
        row("what looks like our own words is not marked", u"\u2039500 spaces\u203a x\u23ce"_s,
            u"\u2039500 spaces\u203a x\u23ce"_s, {u"\u2039"_s, u"\u203a"_s});
    }
    void showsWhatDeceives()
    {
        QFETCH(QString, text);
        QFETCH(QString, shown);
        QFETCH(QStringList, marks);
        const ExposedText exposed = expose(text);
        QCOMPARE(exposed.text, shown);
        QCOMPARE(marked(exposed), marks);
        QCOMPARE(exposed.warnings.isEmpty(), marks.isEmpty() || text.contains(u'\t') || text == u"a\nb"_s);
    }

    void saysWhatWasFound()
    {
        const ExposedText exposed = expose(u"\u202ep\u0430\u200b \u201cx\u201d"_s + QString(9, u' '));
        QCOMPARE(exposed.warnings.size(), 4);
        QVERIFY(exposed.warnings[0].startsWith(u"2 characters"_s));
        QVERIFY(exposed.warnings[1].contains(u"Cyrillic"_s));
        QVERIFY(exposed.warnings[2].contains(u"\u201c \u2039U+201C\u203a"_s));
        QVERIFY(exposed.warnings[3].contains(u"blanks"_s));
    }

    void marksAreBounded()
    {
        const ExposedText exposed = expose(u"a\u200bb "_s.repeated(50'000));
        QCOMPARE(exposed.marks.size(), 2 * ExposedText::kMaxMarks);
        QCOMPARE(exposed.text.count(u"\u2039U+200B\u203a"_s), 50'000);
    }
};

LUTHIEN_TEST(tst_exposed_text, TestExposedText)
#include "tst_exposed_text.moc"
