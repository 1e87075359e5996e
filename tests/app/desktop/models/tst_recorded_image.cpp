// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/recorded_image.h"
#include "support/test_registry.h"

#include <QBuffer>

using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestRecordedImage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheImageInABlock_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("base64");
        QTest::addColumn<QString>("address");
        QTest::newRow("Messages") << QByteArray(
                                         "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"data\":\"QUJD\"}}")
                                  << QByteArray("QUJD") << QString();
        QTest::newRow("Messages, by address")
            << QByteArray("{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"http://h/x.png\"}}")
            << QByteArray() << u"http://h/x.png"_s;
        QTest::newRow("Chat") << QByteArray("{\"image_url\":{\"url\":\"data:image/png;base64,QUJD\"}}")
                              << QByteArray("QUJD") << QString();
        QTest::newRow("Chat, by address") << QByteArray("{\"image_url\":{\"url\":\"file:///etc/passwd\"}}")
                                          << QByteArray() << u"file:///etc/passwd"_s;
        QTest::newRow("Responses") << QByteArray("{\"image_url\":\"data:image/png;base64,QUJD\"}") << QByteArray("QUJD")
                                   << QString();
        QTest::newRow("Gemini") << QByteArray("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"QUJD\"}}")
                                << QByteArray("QUJD") << QString();
        QTest::newRow("nothing of the kind") << QByteArray("{\"a\":1}") << QByteArray() << QString();
        QTest::newRow("no JSON") << QByteArray("{\"a\":") << QByteArray() << QString();
    }
    void findsTheImageInABlock()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, base64);
        QFETCH(QString, address);
        const RecordedImage image = recordedImage({json.data(), std::size_t(json.size())});
        QCOMPARE(image.base64, base64);
        QCOMPARE(image.address, address);
    }

    void decodesWhatItIsMadeFor_data()
    {
        QTest::addColumn<QByteArray>("format");
        for (const char* format : {"png", "jpg"})
            QTest::newRow(format) << QByteArray(format);
    }
    void decodesWhatItIsMadeFor()
    {
        QFETCH(QByteArray, format);
        const QImage image = decodeImage(file(format, {300, 100}), 150);
        QCOMPARE(image.size(), QSize(150, 50));
        QVERIFY(qAbs(image.pixelColor(20, 20).red() - 200) < 8);
    }

    void refusesEverythingElse_data()
    {
        QTest::addColumn<QByteArray>("base64");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("text") << QByteArray("hello").toBase64();
        QTest::newRow("SVG, which can point elsewhere")
            << QByteArray("<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///x'/></svg>").toBase64();
        QTest::newRow("another format") << file("bmp", {10, 10});
        QTest::newRow("a damaged file") << file("png", {50, 50}).left(60);
        // 100,000 x 100,000 pixels, in a few bytes: only the head is read.
        QByteArray bomb = QByteArray::fromBase64(file("png", {2, 2}));
        bomb.replace(16, 8, QByteArray::fromHex("000186a0000186a0"));
        QTest::newRow("a picture far too large") << bomb.toBase64();
    }
    void refusesEverythingElse()
    {
        QFETCH(QByteArray, base64);
        QVERIFY(decodeImage(base64, 100).isNull());
    }

private:
    static QByteArray file(const QByteArray& format, QSize size)
    {
        QImage image(size, QImage::Format_RGB32);
        image.fill(QColor(200, 10, 10));
        QByteArray bytes;
        QBuffer buffer(&bytes);
        image.save(&buffer, format.constData());
        return bytes.toBase64();
    }
};

LUTHIEN_TEST(tst_recorded_image, TestRecordedImage)
#include "tst_recorded_image.moc"
