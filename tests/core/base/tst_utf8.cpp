// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"
#include "support/test_registry.h"

#include <QStringDecoder>

using namespace luthien;

class TestUtf8 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Every scalar value there is, against Qt's own writer.
    void readsEveryCharacter()
    {
        for (char32_t code = 0; code <= 0x10ffff; ++code) {
            if (code >= 0xd800 && code <= 0xdfff)
                continue;
            const QByteArray bytes = QStringView(QChar::fromUcs4(code)).toUtf8(); // fromUcs4() of QString drops U+FEFF
            const Utf8Character read = firstCharacter({bytes.data(), static_cast<std::size_t>(bytes.size())});
            if (read.code != code || read.length != static_cast<std::size_t>(bytes.size()))
                QFAIL(qPrintable(QStringLiteral("U+%1").arg(static_cast<uint>(code), 4, 16)));
        }
    }

    /// Every two and three bytes, and the four-byte forms at their edges: a character is there when Qt's reader finds
    /// one there.
    void takesNothingElse()
    {
        const auto check = [](std::string_view text) {
            const Utf8Character read = firstCharacter(text);
            QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
            const std::size_t length = read.length == 0 ? text.size() : read.length;
            [[maybe_unused]] const QString decoded =
                decoder.decode(QByteArrayView(text.data(), static_cast<qsizetype>(length)));
            return decoder.hasError() == (read.length == 0);
        };
        std::string text(3, '\0');
        for (unsigned lead = 0x80; lead < 0x100; ++lead) {
            text[0] = static_cast<char>(lead);
            for (unsigned rest = 0; rest < 0x10000; ++rest) {
                text[1] = static_cast<char>(rest >> 8);
                text[2] = static_cast<char>(rest & 0xff);
                if (!check(text))
                    QFAIL(QByteArray::fromStdString(text).toHex().constData());
            }
        }
    }

    void takesNothingElseOfFour_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("length");
        QTest::newRow("the first") << QByteArray("\xf0\x90\x80\x80") << 4;
        QTest::newRow("the last") << QByteArray("\xf4\x8f\xbf\xbf") << 4;
        QTest::newRow("overlong") << QByteArray("\xf0\x8f\xbf\xbf") << 0;
        QTest::newRow("beyond Unicode") << QByteArray("\xf4\x90\x80\x80") << 0;
        QTest::newRow("five bytes") << QByteArray("\xf8\x88\x80\x80\x80") << 0;
        QTest::newRow("cut off") << QByteArray("\xf0\x9f\x98") << 0;
        QTest::newRow("a surrogate") << QByteArray("\xed\xa0\x80") << 0;
        QTest::newRow("more text behind it") << QByteArray("\xf0\x9f\x98\x80xyz") << 4;
    }
    void takesNothingElseOfFour()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const int, length);
        QCOMPARE(firstCharacter(text.toStdString()).length, static_cast<std::size_t>(length));
    }
};

LUTHIEN_TEST(tst_utf8, TestUtf8)
#include "tst_utf8.moc"
