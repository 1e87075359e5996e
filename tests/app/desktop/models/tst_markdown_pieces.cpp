// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/markdown_pieces.h"
#include "support/test_registry.h"

using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestMarkdownPieces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// A piece is written as STYLE marker|text, its marks as [begin+length:style].
    void readsBlocksAndMarks_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("pieces");
        QTest::newRow("a heading") << u"## Title"_s << QStringList{u"1.2 |Title"_s};
        QTest::newRow("marks within a line")
            << u"a **b** *c* `d` ~~e~~"_s << QStringList{u"0.0 |a b c d e[2+1:1][4+1:2][6+1:4][8+1:8]"_s};
        QTest::newRow("marks within marks") << u"**a *b***"_s << QStringList{u"0.0 |a b[2+1:2][0+3:1]"_s};
        QTest::newRow("names with underscores keep them")
            << u"my_file_name.py"_s << QStringList{u"0.0 |my_file_name.py"_s};
        QTest::newRow("a list in a list")
            << u"- a\n  - b\n3. c"_s << QStringList{u"2.0 •|a"_s, u"2.1 •|b"_s, u"2.0 3.|c"_s};
        QTest::newRow("tasks") << u"- [x] a\n- [ ] b"_s << QStringList{u"2.0 ☑|a"_s, u"2.0 ☐|b"_s};
        QTest::newRow("an item with two paragraphs") << u"- a\n\n  b"_s << QStringList{u"2.0 •|a"_s, u"2.0 |b"_s};
        QTest::newRow("an empty item keeps its bullet") << u"-\n- b"_s << QStringList{u"2.0 •|"_s, u"2.0 •|b"_s};
        QTest::newRow("a quotation") << u"> a\n> b"_s << QStringList{u"3.0 |a\nb"_s};
        QTest::newRow("a line across") << u"a\n\n---\n\nb"_s << QStringList{u"0.0 |a"_s, u"6.0 |"_s, u"0.0 |b"_s};
        QTest::newRow("a table") << u"| a | b |\n|---|---|\n| **c** | d |"_s
                                 << QStringList{u"5.1 |a\tb"_s, u"5.0 |c\td"_s};
        QTest::newRow("code by indentation") << u"    x = 1"_s << QStringList{u"4.0 |x = 1"_s};
        QTest::newRow("markup is text") << u"<img src=\"http://h/x\"> <b>b</b>"_s
                                        << QStringList{u"0.0 |<img src=\"http://h/x\"> <b>b</b>"_s};
        QTest::newRow("entities are the signs they name")
            << u"&lt;b&gt; &#x41; &unknown;"_s << QStringList{u"0.0 |<b> A &unknown;"_s};
        QTest::newRow("an entity cannot hide") << u"a&#x202E;b"_s << QStringList{u"0.0 |a‹U+202E›b"_s};
        QTest::newRow("line breaks stay") << u"a\nb"_s << QStringList{u"0.0 |a\nb"_s};
    }
    void readsBlocksAndMarks()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, pieces);
        QStringList shown;
        for (const TextPiece& piece : readMarkdown(text.toStdString())) {
            QString line = u"%1.%2 %3|%4"_s.arg(int(piece.style)).arg(piece.depth).arg(piece.marker, piece.text);
            for (qsizetype i = 0; i + 2 < piece.spans.size(); i += 3)
                line += u"[%1+%2:%3]"_s.arg(piece.spans[i]).arg(piece.spans[i + 1]).arg(piece.spans[i + 2]);
            shown += line;
        }
        QCOMPARE(shown, pieces);
    }

    void aLinkTellsWhereItLeads_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("address");
        QTest::newRow("under other words") << u"[bank](http://evil/)"_s << u"bank"_s << u"http://evil/"_s;
        QTest::newRow("bare") << u"http://h.example/x"_s << u"http://h.example/x"_s << u"http://h.example/x"_s;
        QTest::newRow("a script") << u"[x](javascript:alert)"_s << u"x"_s << u"javascript:alert"_s;
        QTest::newRow("with hidden characters") << u"[x](http://h/\u202e)"_s << u"x"_s << u"http://h/‹U+202E›"_s;
        QTest::newRow("an image is named, with its address")
            << u"![cat](file:///etc/passwd)"_s << u"[image: cat → file:///etc/passwd]"_s << u"file:///etc/passwd"_s;
    }
    void aLinkTellsWhereItLeads()
    {
        QFETCH(QString, text);
        QFETCH(QString, shown);
        QFETCH(QString, address);
        const auto pieces = readMarkdown(text.toStdString());
        QCOMPARE(pieces.size(), 1u);
        QCOMPARE(pieces[0].text, shown);
        QCOMPARE(pieces[0].links, QStringList{address});
        QCOMPARE(pieces[0].spans.last(), int(kLink));
    }

    void partsWhatIsTooLongForARow()
    {
        const QByteArray text = QByteArray("word **bold** [link](http://h/) ").repeated(200);
        const auto pieces = readMarkdown({text.data(), std::size_t(text.size())});
        QVERIFY(pieces.size() > 1);
        qsizetype links = 0;
        QString all;
        for (const TextPiece& piece : pieces) {
            QVERIFY(piece.text.size() <= 1'500);
            QCOMPARE(piece.continues, &piece != &pieces.front());
            all += piece.text;
            for (qsizetype i = 0; i + 2 < piece.spans.size(); i += 3)
                QVERIFY(piece.spans[i] >= 0 && piece.spans[i] + piece.spans[i + 1] <= piece.text.size());
            links += piece.links.size();
        }
        QCOMPARE(all.trimmed(), QStringLiteral("word bold link ").repeated(200).trimmed());
        QVERIFY(links >= 200);
    }

    void columnsAreAsWideAsTheirCells()
    {
        const auto pieces = readMarkdown("| a | bbbbbbbb |\n|---|---|\n| cccc | d |");
        QCOMPARE(pieces[0].widths, (QList<int>{4, 8}));
        QCOMPARE(pieces[1].cells, (QStringList{u"cccc"_s, u"d"_s}));
    }
};

LUTHIEN_TEST(tst_markdown_pieces, TestMarkdownPieces)
#include "tst_markdown_pieces.moc"
