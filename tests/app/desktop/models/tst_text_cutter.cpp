// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/text_cutter.h"
#include "support/test_registry.h"

using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestTextCutter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsNothingIntoText_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << QString();
        QTest::newRow("what would be a fence in Markdown") << u"a\n```\nb"_s;
        QTest::newRow("headings, lists, quotations") << u"# a\n- b\n> c\n\n\n| d |"_s;
        QTest::newRow("lines without words") << u"\n\na\n"_s;
        QTest::newRow("markup") << u"<img src=x>"_s;
    }
    void readsNothingIntoText()
    {
        QFETCH(QString, text);
        TextCutter cutter;
        cutter.append(text.toStdString());
        const auto pieces = cutter.pieces();
        QString shown = pieces.empty() ? QString() : pieces.front().text;
        QVERIFY(pieces.size() <= 1);
        QCOMPARE(shown, text.endsWith(u'\n') ? text.chopped(1) : text);
    }

    void cutsLongText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("one line without spaces") << QByteArray(40'000, 'x');
        QTest::newRow("one line of umlauts") << QByteArray("ä").repeated(20'000);
        QTest::newRow("one line of words") << QByteArray("word ").repeated(8'000);
        QTest::newRow("many lines") << QByteArray("let x = 1;\n").repeated(5'000);
    }
    void cutsLongText()
    {
        QFETCH(QByteArray, text);
        for (const std::size_t step : {std::size_t(777), std::size_t(1), std::size_t(text.size())}) {
            TextCutter cutter;
            const std::string_view all(text.data(), std::size_t(text.size()));
            for (std::size_t at = 0; at < all.size(); at += step)
                cutter.append(all.substr(at, step));
            QString shown;
            QVERIFY(cutter.pieces().size() > 10);
            for (const TextPiece& piece : cutter.pieces()) {
                QVERIFY(piece.text.size() <= 3'500);
                QVERIFY(!piece.text.contains(QChar::ReplacementCharacter));
                shown += piece.text;
            }
            QCOMPARE(shown.remove(u'\n'), QString::fromUtf8(text).remove(u'\n'));
        }
    }

    void settledPiecesStay()
    {
        TextCutter growing;
        std::vector<TextPiece> kept;
        for (int i = 0; i < 3'000; ++i) {
            const std::size_t from = growing.settled();
            growing.append("some words\nand more ");
            kept.resize(std::min(kept.size(), from));
            for (TextPiece& piece : growing.piecesFrom(from))
                kept.push_back(piece);
        }
        QVERIFY(kept == growing.pieces());
    }
};

LUTHIEN_TEST(tst_text_cutter, TestTextCutter)
#include "tst_text_cutter.moc"
