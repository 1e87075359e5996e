// SPDX-License-Identifier: Apache-2.0
#include "store/compression.h"
#include "support/test_registry.h"

#include <QCryptographicHash>
#include <QFile>
#include <QtTest>

#include <random>

using namespace luthien;
using namespace luthien::store;

class TestCompression : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsPackedComesBack_data();
    void whatIsPackedComesBack();
    void blocksComeBack_data();
    void blocksComeBack();
    void theDictionaryStaysAsItIs();
    void damageIsNoticed_data();
    void damageIsNoticed();
};

namespace {
std::string noise(std::size_t bytes)
{
    std::mt19937 random(1);
    std::string text;
    for (std::size_t i = 0; i < bytes; ++i)
        text += static_cast<char>(random());
    return text;
}

/// As a model's reply comes in, about 170 bytes an event.
std::string events(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += R"(data: {"id":"chatcmpl-Bq81","object":"chat.completion.chunk","created":1700000000,"model":"gpt-5",)"
                R"("choices":[{"index":0,"delta":{"content":" word)" +
                std::to_string(i) + R"("},"finish_reason":null}]})" + "\n\n";
    }
    return text;
}
} // namespace

void TestCompression::whatIsPackedComesBack_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<bool>("smaller");
    QTest::newRow("nothing") << std::string() << false;
    QTest::newRow("one zero byte") << std::string(1, '\0') << false;
    QTest::newRow("too little to gain") << std::string(31, 'a') << false;
    QTest::newRow("the least that is tried") << std::string(32, 'a') << true;
    QTest::newRow("a megabyte of one letter") << std::string(1 << 20, 'a') << true;
    QTest::newRow("bytes without any order stay as they are") << noise(100'000) << false;
}

void TestCompression::whatIsPackedComesBack()
{
    QFETCH(std::string, bytes);
    QFETCH(bool, smaller);
    Compression compression;
    for (const int level : {1, 3}) {
        const Packed packed = compression.pack(bytes, level);
        QCOMPARE(packed.codec == Codec::Zstd, smaller);
        QVERIFY(smaller ? packed.bytes.size() < bytes.size() : packed.bytes == bytes);
        QVERIFY(compression.unpack(packed.codec, packed.bytes, bytes.size()).value() == bytes);
    }
}

void TestCompression::blocksComeBack_data()
{
    QTest::addColumn<std::string>("raw");
    QTest::addColumn<Codec>("codec");
    QTest::newRow("nothing") << std::string() << Codec::Plain;
    QTest::newRow("one event") << events(1) << Codec::ZstdBlock;
    QTest::newRow("a quarter of a second") << events(12) << Codec::ZstdBlock;
    QTest::newRow("the largest with the dictionary") << std::string(16 << 10, 'a') << Codec::ZstdBlock;
    QTest::newRow("one byte more") << std::string((16 << 10) + 1, 'a') << Codec::Zstd;
    QTest::newRow("bytes without any order stay as they are") << noise(10'000) << Codec::Plain;
}

void TestCompression::blocksComeBack()
{
    QFETCH(std::string, raw);
    QFETCH(Codec, codec);
    Compression writing;
    Compression reading;
    for (const int level : {1, 3}) {
        const Packed packed = writing.packBlock(raw, level);
        QCOMPARE(packed.codec, codec);
        const Packed without = writing.pack(raw, level); // must not be disturbed by what was packed before
        QVERIFY(codec != Codec::ZstdBlock || packed.bytes.size() < without.bytes.size());
        QVERIFY(reading.unpack(packed.codec, packed.bytes, raw.size()).value() == raw);
        QVERIFY(reading.unpack(without.codec, without.bytes, raw.size()).value() == raw);
    }
    QVERIFY(writing.packBlock(events(1), 1).bytes.size() * 3 < writing.pack(events(1), 1).bytes.size() * 2);
}

void TestCompression::theDictionaryStaysAsItIs()
{
    QVERIFY(Compression().packBlock(events(1), 1).codec == Codec::ZstdBlock); // else the resource may not be there yet
    QFile file(QStringLiteral(":/store/resources/dictionary/blocks"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    // Every database has blocks that cannot be read with another one. For another one there would be another codec.
    QCOMPARE(QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256).toHex(),
             QByteArray("dae2d0836be4b933cd744f6b3e072fb57ff92b3e0ba8e484b8599c0b69b66953"));
}

void TestCompression::damageIsNoticed_data()
{
    QTest::addColumn<bool>("isBlock");
    QTest::newRow("by itself") << false;
    QTest::newRow("with the dictionary") << true;
}

void TestCompression::damageIsNoticed()
{
    QFETCH(bool, isBlock);
    Compression compression;
    const std::string bytes = std::string(5000, 'a') + noise(100);
    const Packed packed = isBlock ? compression.packBlock(bytes, 3) : compression.pack(bytes, 3);
    QCOMPARE(packed.codec, isBlock ? Codec::ZstdBlock : Codec::Zstd);
    QVERIFY(!compression.unpack(packed.codec, packed.bytes, bytes.size() - 1));
    QVERIFY(!compression.unpack(packed.codec, packed.bytes, bytes.size() + 1));
    QVERIFY(!compression.unpack(packed.codec, packed.bytes, ~std::uint64_t{0})); // must not be reserved
    QVERIFY(!compression.unpack(Codec::Plain, bytes, bytes.size() + 1));
    QVERIFY(!compression.unpack(static_cast<Codec>(7), bytes, bytes.size()));
    for (std::size_t size = 0; size < packed.bytes.size(); ++size)
        QVERIFY(!compression.unpack(packed.codec, packed.bytes.substr(0, size), bytes.size()));
    // A bad value must not spoil the next.
    QVERIFY(compression.unpack(packed.codec, packed.bytes, bytes.size()).value() == bytes);
}

LUTHIEN_TEST(tst_compression, TestCompression)
#include "tst_compression.moc"
