// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/markdown_cutter.h"
#include "support/test_registry.h"

#include <QElapsedTimer>

using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestMarkdownCutter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsStyles_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("pieces");
        QTest::newRow("nothing gives nothing") << QString() << QStringList();
        QTest::newRow("a blank line parts paragraphs") << u"a\n\nb"_s << QStringList{u"0:a"_s, u"0:b"_s};
        QTest::newRow("a heading stands alone") << u"# T\nb"_s << QStringList{u"1:T"_s, u"0:b"_s};
        QTest::newRow("list items are pieces") << u"- a\n- b\n  more"_s << QStringList{u"2:a"_s, u"2:b\nmore"_s};
        QTest::newRow("fenced text is code, marks and all")
            << u"```sh\n# a\n\n- b\n```\nc"_s << QStringList{u"4:# a\n\n- b"_s, u"0:c"_s};
        QTest::newRow("an unfinished fence is code already") << u"```\na"_s << QStringList{u"4:a"_s};
        QTest::newRow("a longer fence holds a shorter one")
            << u"````\n```\na\n```\n````\nb"_s << QStringList{u"4:```\na\n```"_s, u"0:b"_s};
        QTest::newRow("a fence within an item goes without its indentation")
            << u"1. a\n     ```\n     x\n       y\n     ```\n2. b"_s << QStringList{u"2:a"_s, u"4:x\n  y"_s, u"2:b"_s};
        QTest::newRow("a fence of waves") << u"~~~py\nx\n~~~"_s << QStringList{u"4:x"_s};
        QTest::newRow("numbers of a list go on over gaps") << u"1. a\n\n2. b"_s << QStringList{u"2:a"_s, u"2:b"_s};
        QTest::newRow("what belongs to an item after a gap stays with it")
            << u"- a\n\n  b\n\nc"_s << QStringList{u"2:a"_s, u"2:b"_s, u"0:c"_s};
        QTest::newRow("markup stays what it is") << u"<img src=x>"_s << QStringList{u"0:<img src=x>"_s};
        QTest::newRow("windows line ends") << u"a\r\n\r\n```\r\nb\r\n```"_s << QStringList{u"0:a"_s, u"4:b"_s};
    }
    void readsStyles()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, pieces);
        const std::string utf8 = text.toStdString();
        QCOMPARE(shown(cut(utf8, utf8.size() + 1)), pieces);
    }

    void growsAsIfWhole_data()
    {
        readsStyles_data();
        QTest::newRow("a table that is cut") << table(400) << QStringList();
        QTest::newRow("a list without gaps") << u"- item with some words\n"_s.repeated(1'000) << QStringList();
        QTest::newRow("much of everything")
            << (u"# T\n\nwords *and* [more](http://h)\n\n```\ncode\n```\n\n- a\n  - b\n\n"_s + table(5)).repeated(60)
            << QStringList();
    }
    void growsAsIfWhole()
    {
        QFETCH(QString, text);
        const std::string utf8 = text.toStdString();
        const auto whole = cut(utf8, utf8.size() + 1);
        MarkdownCutter growing;
        std::vector<TextPiece> kept;
        for (std::size_t at = 0; at < utf8.size(); at += 7) {
            const std::size_t from = growing.settled();
            growing.append(std::string_view(utf8).substr(at, 7));
            kept.resize(std::min(kept.size(), from));
            for (TextPiece& piece : growing.piecesFrom(from))
                kept.push_back(piece);
        }
        QCOMPARE(shown(kept), shown(whole));
        QVERIFY(kept == whole);
    }

    void aTableThatIsCutGoesOn()
    {
        const auto pieces = cut(table(400).toStdString(), 1'000);
        QCOMPARE(pieces.size(), 401u);
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            QCOMPARE(pieces[i].style, TextStyle::TableRow);
            QCOMPARE(pieces[i].depth, i == 0 ? 1 : 0);
        }
    }

    void losesNothing_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("one line without spaces") << QByteArray(40'000, 'x');
        QTest::newRow("one line of umlauts") << QByteArray("ä").repeated(20'000);
        QTest::newRow("one line of words") << QByteArray("word ").repeated(8'000);
        QTest::newRow("many lines of code") << "```\n" + QByteArray("let x = 1;\n").repeated(5'000);
        QTest::newRow("many lines of prose") << QByteArray("some words in a line\n").repeated(5'000);
    }
    void losesNothing()
    {
        QFETCH(QByteArray, text);
        const auto pieces = cut({text.data(), std::size_t(text.size())}, 777);
        QVERIFY(pieces.size() > 10);
        QString all;
        for (const TextPiece& piece : pieces) {
            QVERIFY2(piece.text.size() <= 3'500, qPrintable(QString::number(piece.text.size())));
            QVERIFY(!piece.text.contains(QChar::ReplacementCharacter));
            all += piece.text;
        }
        const auto bare = [](QString s) { return s.remove(u"```"_s).remove(u'\n').remove(u' '); };
        QCOMPARE(bare(all), bare(QString::fromUtf8(text)));
    }

    /// Much text in steps of 20 bytes, asking for the tail after each: what costs the square of the length takes
    /// minutes.
    void streamingCostsTheSameToTheEnd_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("paragraphs") << QByteArray("Some *words* and more of them.\n\n");
        QTest::newRow("no gaps at all") << QByteArray("Some *words* and more of them.\n");
        QTest::newRow("one line") << QByteArray("Some *words* and more of them. ");
        QTest::newRow("code") << QByteArray("```\nlet x = 1;\n");
    }
    void streamingCostsTheSameToTheEnd()
    {
        QFETCH(QByteArray, line);
        const QByteArray text = line.repeated(400'000 / line.size());
        const std::string_view all(text.data(), std::size_t(text.size()));
        MarkdownCutter growing;
        std::size_t most = 0;
        QElapsedTimer time;
        time.start();
        for (std::size_t at = 0; at < all.size(); at += 20) {
            const std::size_t from = growing.settled();
            growing.append(all.substr(at, 20));
            most = std::max(most, growing.piecesFrom(from).size());
        }
        qInfo("%lld ms for %lld steps", time.elapsed(), text.size() / 20);
        QVERIFY2(most < 1'000, qPrintable(QString::number(most)));
    }

private:
    static QString table(int lines)
    {
        return u"| name | words |\n|---|---|\n"_s + u"| something | more *words* |\n"_s.repeated(lines) + u'\n';
    }
    static std::vector<TextPiece> cut(std::string_view text, std::size_t step)
    {
        MarkdownCutter cutter;
        for (std::size_t at = 0; at < text.size(); at += step)
            cutter.append(text.substr(at, step));
        return cutter.pieces();
    }
    static QStringList shown(const std::vector<TextPiece>& pieces)
    {
        QStringList lines;
        for (const TextPiece& piece : pieces)
            lines += QString::number(static_cast<int>(piece.style)) + u':' + piece.text;
        return lines;
    }
};

LUTHIEN_TEST(tst_markdown_cutter, TestMarkdownCutter)
#include "tst_markdown_cutter.moc"
