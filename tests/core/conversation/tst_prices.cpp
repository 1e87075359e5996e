// SPDX-License-Identifier: Apache-2.0
#include "conversation/prices.h"
#include "support/test_registry.h"

using namespace luthien::conversation;

namespace {

const PriceTable kPrices({{.model = "claude-haiku-4-5*", .input = 1, .output = 5, .cacheRead = 0.1, .cacheWrite = 1.25},
                          {.model = "gpt-5-mini*", .input = 0.25, .output = 2, .cacheRead = 0.025},
                          {.model = "a*b*c", .input = 0.1, .output = 0}});

class TestPrices : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsAModel_data()
    {
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<bool>("found");
        QTest::newRow("by its name") << QByteArray("gpt-5-mini") << true;
        QTest::newRow("by the beginning of it") << QByteArray("claude-haiku-4-5-20251001") << true;
        QTest::newRow("with runs between") << QByteArray("axxbxbxc") << true;
        QTest::newRow("with nothing between") << QByteArray("abc") << true;
        QTest::newRow("not in the middle") << QByteArray("my-gpt-5-mini") << false;
        QTest::newRow("not a shorter one") << QByteArray("gpt-5") << false;
        QTest::newRow("not with something behind it") << QByteArray("abcd") << false;
        QTest::newRow("not none") << QByteArray() << false;
    }
    void findsAModel()
    {
        QFETCH(QByteArray, model);
        QFETCH(bool, found);
        QCOMPARE(kPrices.find(model.toStdString()) != nullptr, found);
    }

    void anthropicCountsItsCacheBesideTheInput()
    {
        const Usage usage{.input = 1000, .output = 200, .cacheRead = 10'000, .cacheWrite = 400};
        QCOMPARE(kPrices.costOf(Api::AnthropicMessages, "claude-haiku-4-5", usage),
                 std::optional<std::int64_t>(1'000'000 + 1'000'000 + 1'000'000 + 500'000));
    }

    void theOthersCountTheirCacheWithinTheInput()
    {
        const Usage usage{.input = 1000, .output = 100, .cacheRead = 600, .reasoning = 90};
        QCOMPARE(kPrices.costOf(Api::OpenAiResponses, "gpt-5-mini", usage),
                 std::optional<std::int64_t>(400 * 250 + 600 * 25 + 100 * 2000));
    }

    void whatIsNotKnownHasNoPrice()
    {
        QVERIFY(!kPrices.costOf(Api::OpenAiChat, "gpt-5-mini", {}));
        QVERIFY(!kPrices.costOf(Api::OpenAiChat, "other", {.input = 1}));
        QVERIFY(!PriceTable().costOf(Api::OpenAiChat, "gpt-5-mini", {.input = 1}));
        QCOMPARE(kPrices.costOf(Api::OpenAiChat, "gpt-5-mini", {.input = -5}), std::optional<std::int64_t>(0));
    }
};

} // namespace

LUTHIEN_TEST(tst_prices, TestPrices)
#include "tst_prices.moc"
