// SPDX-License-Identifier: Apache-2.0
#include "store/compression.h"
#include "support/test_registry.h"

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

void TestCompression::damageIsNoticed()
{
    Compression compression;
    const std::string bytes = std::string(5000, 'a') + noise(100);
    const Packed packed = compression.pack(bytes, 3);
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
