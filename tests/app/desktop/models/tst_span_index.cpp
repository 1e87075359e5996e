// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/span_index.h"
#include "support/test_registry.h"

#include <QElapsedTimer>
#include <QtTest>

#include <random>

using namespace luthien::desktop;

namespace {
/// What each column shows: its tone, or -1.
std::vector<int> tonesOf(const std::vector<SpanBar>& bars, int columns)
{
    std::vector<int> tones(static_cast<std::size_t>(columns), -1);
    for (const SpanBar& bar : bars)
        for (int column = bar.first; column < bar.end; ++column)
            tones[static_cast<std::size_t>(column)] = static_cast<int>(bar.tone);
    return tones;
}

std::vector<Span> randomSpans(std::mt19937& random, int count, std::int64_t meanGap, std::int64_t meanLength)
{
    std::exponential_distribution<double> gap(1.0 / static_cast<double>(meanGap));
    std::exponential_distribution<double> length(1.0 / static_cast<double>(meanLength));
    std::vector<Span> spans;
    std::int64_t at = 1'790'000'000'000'000;
    for (int i = 0; i < count; ++i) {
        at += static_cast<std::int64_t>(gap(random));
        const auto tone = random() % 50 == 0   ? SpanTone::Blocked
                          : random() % 20 == 0 ? SpanTone::Failed
                                               : SpanTone::Model;
        spans.push_back({at, at + static_cast<std::int64_t>(length(random)), static_cast<std::uint32_t>(i), tone});
    }
    return spans;
}
} // namespace

class TestSpanIndex : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drawsWhatDrawingEachSpanDraws_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<qint64>("gap");
        QTest::addColumn<qint64>("length");
        QTest::newRow("no spans") << 0 << qint64(1) << qint64(1);
        QTest::newRow("one span") << 1 << qint64(1000) << qint64(1000);
        QTest::newRow("a call after the other") << 3000 << qint64(4'000'000) << qint64(3'000'000);
        QTest::newRow("many at once") << 3000 << qint64(1'000'000) << qint64(60'000'000);
        QTest::newRow("short ones far apart") << 3000 << qint64(60'000'000) << qint64(10);
        QTest::newRow("all at the same time") << 500 << qint64(0) << qint64(5'000'000);
    }
    void drawsWhatDrawingEachSpanDraws()
    {
        QFETCH(int, count);
        QFETCH(qint64, gap);
        QFETCH(qint64, length);
        std::mt19937 random(3);
        const SpanIndex index(randomSpans(random, count, std::max<qint64>(1, gap), length));
        const std::int64_t first = index.size() == 0 ? 0 : index.spans().front().from;
        const std::int64_t last = index.size() == 0 ? 1000 : index.spans().back().to;
        for (int trial = 0; trial < 300; ++trial) {
            std::uniform_int_distribution<std::int64_t> time(first - 1000, last + 1000);
            const auto [from, to] = std::minmax({time(random), time(random)});
            const int width = 1 + static_cast<int>(random() % 1500);
            SpanColumns fast(from, to + 1, width);
            index.draw(fast);
            SpanColumns slow(from, to + 1, width);
            for (const Span& span : index.spans())
                slow.draw(span);
            QCOMPARE(tonesOf(fast.bars(), width), tonesOf(slow.bars(), width));
        }
    }

    void countsWhatBegins()
    {
        std::mt19937 random(5);
        const SpanIndex index(randomSpans(random, 2000, 1000, 500));
        std::uniform_int_distribution<std::int64_t> time(index.spans().front().from - 10,
                                                         index.spans().back().from + 10);
        for (int trial = 0; trial < 200; ++trial) {
            const auto [from, to] = std::minmax({time(random), time(random)});
            const auto isIn = [from = from, to = to](const Span& span) { return span.from >= from && span.from < to; };
            QCOMPARE(index.begunIn(from, to), static_cast<std::size_t>(std::ranges::count_if(index.spans(), isIn)));
        }
    }

    void neighboursAreTwoBars()
    {
        const SpanIndex index({{0, 500, 0, SpanTone::Model}, {500, 1000, 1, SpanTone::Model}});
        SpanColumns columns(0, 1000, 10);
        index.draw(columns);
        const std::vector<SpanBar> expected = {{0, 5, 0, SpanTone::Model, true}, {5, 10, 1, SpanTone::Model, true}};
        QVERIFY(columns.bars() == expected);
    }

    void aBlockedOneIsSeenAmongManyOthers()
    {
        std::vector<Span> spans;
        for (std::uint32_t i = 0; i < 100'000; ++i)
            spans.push_back({i * 10, i * 10 + 9, i, i == 77'777 ? SpanTone::Blocked : SpanTone::Model});
        const SpanIndex index(std::move(spans));
        SpanColumns columns(0, 1'000'000, 100);
        index.draw(columns);
        int blocked = 0;
        for (const SpanBar& bar : columns.bars())
            if (bar.tone == SpanTone::Blocked) {
                ++blocked;
                QCOMPARE(bar.owner, 77'777U);
                QCOMPARE(bar.first, 77);
                QVERIFY(!bar.isWhole);
            }
        QCOMPARE(blocked, 1);
    }

    void aHundredThousandCostWhatIsSeen()
    {
        std::mt19937 random(11);
        const SpanIndex index(randomSpans(random, 100'000, 4'000'000, 3'000'000));
        const std::int64_t first = index.spans().front().from;
        const std::int64_t all = index.spans().back().to - first;
        constexpr int kDraws = 50;
        QElapsedTimer timer;
        timer.start();
        std::size_t bars = 0;
        for (int i = 0; i < kDraws; ++i) {
            SpanColumns columns(first + all / 400 * i, first + all, 1600);
            index.draw(columns);
            bars += columns.bars().size();
        }
        QVERIFY(bars > kDraws * 1000);
        // Some ten microseconds when optimised; drawing each span takes many times as long.
        QVERIFY2(timer.elapsed() < kDraws * 8, qPrintable(QString::number(timer.elapsed())));
    }
};

LUTHIEN_TEST(tst_span_index, TestSpanIndex)
#include "tst_span_index.moc"
