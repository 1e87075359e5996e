// SPDX-License-Identifier: Apache-2.0
#include "store/varint.h"
#include "support/test_registry.h"

#include <QtTest>

#include <limits>

using namespace luthien::store;

class TestVarint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersComeBackAndLeaveTheRest();
    void noPrefixIsTaken();
    void signedNumbersOfAnySizeComeBack();
};

namespace {
/// Around every power of two, so around every length.
std::vector<std::uint64_t> edges()
{
    std::vector<std::uint64_t> numbers;
    for (unsigned bit = 0; bit < 64; ++bit)
        for (const std::uint64_t offset : {~std::uint64_t{0}, std::uint64_t{0}, std::uint64_t{1}})
            numbers.push_back((std::uint64_t{1} << bit) + offset);
    numbers.push_back(~std::uint64_t{0});
    return numbers;
}
} // namespace

void TestVarint::numbersComeBackAndLeaveTheRest()
{
    for (const std::uint64_t number : edges()) {
        std::string text;
        appendVarint(text, number);
        QVERIFY(text.size() <= 10 && (number >= 128 || text.size() == 1));
        text += "rest";
        std::string_view in = text;
        std::uint64_t read = 0;
        QVERIFY(readVarint(in, read));
        QCOMPARE(read, number);
        QCOMPARE(in, std::string_view("rest"));
    }
}

void TestVarint::noPrefixIsTaken()
{
    std::string text;
    appendVarint(text, ~std::uint64_t{0});
    std::uint64_t read = 0;
    for (std::size_t size = 0; size < text.size(); ++size) {
        std::string_view in = std::string_view(text).substr(0, size);
        QVERIFY(!readVarint(in, read));
    }
    const std::string endless(100, '\xff');
    std::string_view in = endless;
    QVERIFY(!readVarint(in, read));
}

void TestVarint::signedNumbersOfAnySizeComeBack()
{
    for (const std::uint64_t bits : edges())
        QCOMPARE(unzigzag(zigzag(static_cast<std::int64_t>(bits))), static_cast<std::int64_t>(bits));
    QCOMPARE(zigzag(-1), std::uint64_t{1});
    QCOMPARE(zigzag(1), std::uint64_t{2});
}

LUTHIEN_TEST(tst_varint, TestVarint)
#include "tst_varint.moc"
