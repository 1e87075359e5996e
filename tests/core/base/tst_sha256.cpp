// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"
#include "support/test_registry.h"

using namespace luthien;

class TestSha256 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesThePublishedDigests()
    {
        // FIPS 180-2, appendix B.1 and the empty message.
        QCOMPARE(toHex(Sha256::of("abc")),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(toHex(Sha256::of("")),
                 std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    }

    void piecesGiveTheSameAsTheWhole()
    {
        Sha256 hash;
        hash.add("a");
        hash.add("");
        hash.add("bc");
        QCOMPARE(hash.finish() == Sha256::of("abc"), true);
        QCOMPARE(hash.finish() == Sha256::of(""), true); // finish() starts anew
    }
};

LUTHIEN_TEST(tst_sha256, TestSha256)
#include "tst_sha256.moc"
