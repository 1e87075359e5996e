// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/text_cutter.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestTextCutter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsStyles_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("pieces");
        QTest::newRow("nothing gives nothing") << QString() << QStringList();
        QTest::newRow("lines of a paragraph stay together") << u"a\nb"_s << QStringList{u"0:a\nb"_s};
        QTest::newRow("a blank line parts paragraphs") << u"a\n\nb"_s << QStringList{u"0:a"_s, u"0:b"_s};
        QTest::newRow("a heading stands alone") << u"# T\nb"_s << QStringList{u"1:T"_s, u"0:b"_s};
        QTest::newRow("seven hashes are text") << u"####### T"_s << QStringList{u"0:####### T"_s};
        QTest::newRow("list items are pieces") << u"- a\n- b\n  more"_s << QStringList{u"2:a"_s, u"2:b\nmore"_s};
        QTest::newRow("a numbered item keeps its text") << u"12. a"_s << QStringList{u"2:a"_s};
        QTest::newRow("a quotation loses its mark") << u"> a\n> b"_s << QStringList{u"3:a\nb"_s};
        QTest::newRow("fenced text is code, marks and all")
            << u"```sh\n# a\n\n- b\n```\nc"_s << QStringList{u"4:# a\n\n- b"_s, u"0:c"_s};
        QTest::newRow("an unfinished fence is code already") << u"```\na"_s << QStringList{u"4:a"_s};
        QTest::newRow("a table keeps its columns") << u"| a | b |"_s << QStringList{u"4:| a | b |"_s};
        QTest::newRow("markup stays what it is") << u"<img src=x>"_s << QStringList{u"0:<img src=x>"_s};
    }
    void readsStyles()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, pieces);
        const std::string utf8 = text.toStdString();
        QCOMPARE(shown(cut(utf8, utf8.size())), pieces);
    }

    void growsAsIfWhole_data() { readsStyles_data(); }
    void growsAsIfWhole()
    {
        QFETCH(QString, text);
        const std::string utf8 = text.toStdString();
        const auto whole = cut(utf8, std::max<std::size_t>(1, utf8.size()));
        TextCutter growing;
        std::vector<TextPiece> kept;
        for (const char c : utf8) {
            const std::size_t from = growing.settled();
            growing.append({&c, 1});
            kept.resize(std::min(kept.size(), from));
            for (TextPiece& piece : growing.piecesFrom(from))
                kept.push_back(piece);
        }
        QCOMPARE(shown(kept), shown(whole));
    }

    void cutsLongText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("one line without spaces") << QByteArray(40'000, 'x');
        QTest::newRow("one line of umlauts") << QByteArray("ä").repeated(20'000);
        QTest::newRow("one line of words") << QByteArray("word ").repeated(8'000);
        QTest::newRow("many lines of code") << "```\n" + QByteArray("let x = 1;\n").repeated(5'000);
    }
    void cutsLongText()
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
        QString expected = QString::fromUtf8(text);
        const auto bare = [](QString s) { return s.remove(u"```"_s).remove(u'\n').remove(u' '); };
        QCOMPARE(bare(all), bare(expected));
    }

private:
    static std::vector<TextPiece> cut(std::string_view text, std::size_t step)
    {
        TextCutter cutter;
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

LUTHIEN_TEST(tst_text_cutter, TestTextCutter)
#include "tst_text_cutter.moc"
