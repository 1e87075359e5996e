// SPDX-License-Identifier: Apache-2.0
#include "store/text_cache.h"
#include "support/test_registry.h"

#include <QtTest>

#include <random>
#include <string>

using namespace luthien;
using namespace luthien::store;
using What = TextCache::What;

class TestTextCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasPutIsFoundAndCounted();
    void theBoundHoldsUnderRandomUse();
    void whatWasUsedLongestAgoGoesFirst();
    void whatIsTooLargeIsNotKept();
    void aForgottenSessionIsGone();
    void whatWasReadBeforeSomethingWasForgottenIsNotKept();
    void twoReadersThatBringTheSameKeepItOnce();
};

namespace {
TextCache::Key keyOf(std::int64_t call, What what = What::Reply)
{
    return {.call = call, .what = what};
}

bool has(TextCache& cache, std::int64_t call)
{
    return cache.find(keyOf(call)) != nullptr;
}
} // namespace

void TestTextCache::whatWasPutIsFoundAndCounted()
{
    Metrics metrics;
    TextCache cache(1 << 20, &metrics);
    QVERIFY(!has(cache, 1));
    cache.put(keyOf(1), "s", std::string("reply"), cache.age());
    cache.put(keyOf(1, What::RequestBody), "s", std::string("body"), cache.age());
    cache.put({.call = 1, .what = What::Events, .from = 5, .limit = 7}, "s",
              EventPage{.items = std::vector<EventRow>(3), .next = {}}, cache.age());
    QCOMPARE(std::get<std::string>(*cache.find(keyOf(1))), std::string("reply"));
    QCOMPARE(std::get<std::string>(*cache.find(keyOf(1, What::RequestBody))), std::string("body"));
    QVERIFY(cache.find({.call = 1, .what = What::Events, .from = 5, .limit = 7}));
    QVERIFY(!cache.find({.call = 1, .what = What::Events, .from = 5, .limit = 8}));
    QVERIFY(!cache.find({.call = 1, .what = What::Events, .from = 4, .limit = 7}));
    QVERIFY(!has(cache, 2));
    QCOMPARE(metrics.value(Metric::StoreCacheHits), std::uint64_t{3});
    QCOMPARE(metrics.value(Metric::StoreCacheMisses), std::uint64_t{4});
}

void TestTextCache::theBoundHoldsUnderRandomUse()
{
    constexpr std::size_t kMost = 64 << 10;
    Metrics metrics;
    TextCache cache(kMost, &metrics);
    std::mt19937 random(7);
    std::uint64_t put = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto call = static_cast<std::int64_t>(random() % 500);
        const auto what = static_cast<What>(random() % 6);
        const std::size_t size = random() % 4000;
        const auto found = cache.find(keyOf(call, what));
        if (found) {
            const auto& text = std::get<std::string>(*found);
            QVERIFY(text.empty() ||
                    (text.front() == static_cast<char>('a' + call % 26) && text.back() == text.front()));
        } else {
            cache.put(keyOf(call, what), "s" + std::to_string(call % 9),
                      std::string(size, static_cast<char>('a' + call % 26)), cache.age());
            ++put;
        }
        if (i % 997 == 0)
            cache.forget({"s" + std::to_string(i % 9)});
        QVERIFY(cache.bytes() <= kMost);
    }
    QVERIFY(metrics.value(Metric::StoreCacheHits) > 0);
    QCOMPARE(metrics.value(Metric::StoreCacheMisses), put);
    QVERIFY(metrics.value(Metric::StoreCacheEvictedBytes) > kMost);
    cache.forget({"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"});
    QCOMPARE(cache.bytes(), std::size_t{0});
}

void TestTextCache::whatWasUsedLongestAgoGoesFirst()
{
    TextCache cache(10 << 10, nullptr);
    for (std::int64_t call = 0; call < 10; ++call)
        cache.put(keyOf(call), "s", std::string(700, 'x'), cache.age());
    QVERIFY(has(cache, 0));
    cache.put(keyOf(10), "s", std::string(700, 'x'), cache.age());
    QVERIFY(has(cache, 0));
    QVERIFY(!has(cache, 1));
    QVERIFY(has(cache, 2));
}

void TestTextCache::whatIsTooLargeIsNotKept()
{
    TextCache cache(8 << 10, nullptr);
    cache.put(keyOf(1), "s", std::string(100, 'x'), cache.age());
    cache.put(keyOf(2), "s", std::string(2 << 10, 'x'), cache.age());
    QVERIFY(has(cache, 1));
    QVERIFY(!has(cache, 2));
    TextCache none(0, nullptr);
    none.put(keyOf(1), "", std::string(), none.age());
    QVERIFY(!has(none, 1));
}

void TestTextCache::aForgottenSessionIsGone()
{
    TextCache cache(1 << 20, nullptr);
    cache.put(keyOf(1), "a", std::string("1"), cache.age());
    cache.put(keyOf(2), "b", std::string("2"), cache.age());
    cache.put(keyOf(3), "a", std::string("3"), cache.age());
    cache.forget({"a", "unknown"});
    QVERIFY(!has(cache, 1));
    QVERIFY(has(cache, 2));
    QVERIFY(!has(cache, 3));
}

void TestTextCache::whatWasReadBeforeSomethingWasForgottenIsNotKept()
{
    TextCache cache(1 << 20, nullptr);
    const auto before = cache.age();
    cache.forget({});
    cache.put(keyOf(1), "a", std::string("1"), before);
    QVERIFY(has(cache, 1)); // nothing was forgotten
    cache.forget({"b"});
    cache.put(keyOf(2), "b", std::string("2"), before);
    QVERIFY(!has(cache, 2));
}

void TestTextCache::twoReadersThatBringTheSameKeepItOnce()
{
    TextCache cache(1 << 20, nullptr);
    cache.put(keyOf(1), "a", std::string("first"), cache.age());
    const std::size_t bytes = cache.bytes();
    cache.put(keyOf(1), "a", std::string("other"), cache.age());
    QCOMPARE(cache.bytes(), bytes);
    QCOMPARE(std::get<std::string>(*cache.find(keyOf(1))), std::string("first"));
    cache.forget({"a"});
    QVERIFY(!has(cache, 1));
    QCOMPARE(cache.bytes(), std::size_t{0});
}

LUTHIEN_TEST(tst_text_cache, TestTextCache)
#include "tst_text_cache.moc"
