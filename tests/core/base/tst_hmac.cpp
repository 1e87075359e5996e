// SPDX-License-Identifier: Apache-2.0
#include "base/hmac.h"
#include "support/test_registry.h"

#include <QtTest>

#include <string>

using namespace luthien;

class TestHmac : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isTheOneOfRfc4231_data();
    void isTheOneOfRfc4231();
    void comparesWhole();
};

/// Source: RFC 4231, section 4.
void TestHmac::isTheOneOfRfc4231_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("hex");
    QTest::newRow("a key of 20 bytes") << QByteArray(20, '\x0b') << QByteArray("Hi There")
                                       << QByteArray(
                                              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    QTest::newRow("a short key") << QByteArray("Jefe") << QByteArray("what do ya want for nothing?")
                                 << QByteArray("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    QTest::newRow("bytes with zeros and high bits")
        << QByteArray(20, '\xaa') << QByteArray(50, '\xdd')
        << QByteArray("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    QTest::newRow("a key longer than a block")
        << QByteArray(131, '\xaa') << QByteArray("Test Using Larger Than Block-Size Key - Hash Key First")
        << QByteArray("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

void TestHmac::isTheOneOfRfc4231()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, hex);
    QCOMPARE(toHex(hmacSha256(key.toStdString(), bytes.toStdString())), hex.toStdString());
}

void TestHmac::comparesWhole()
{
    const Digest digest = hmacSha256("key", "bytes");
    Digest other = digest;
    QVERIFY(isEqualInConstantTime(digest, other));
    other.back() ^= 1;
    QVERIFY(!isEqualInConstantTime(digest, other));
}

LUTHIEN_TEST(tst_hmac, TestHmac)
#include "tst_hmac.moc"
