// SPDX-License-Identifier: Apache-2.0
#include "store/block.h"
#include "support/test_registry.h"

#include <QtTest>

#include <random>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;

class TestBlock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eventsOfEveryKindComeBack();
    void readingStopsWhenAsked();
    void damageIsNoticedWithoutReadingBeyondTheBlock();
};

namespace {
/// One event of each kind and direction; the clock is set back once.
std::vector<BlockEvent> sampleEvents()
{
    static const std::string bytes("\0bytes\xff of any kind", 20);
    std::vector<BlockEvent> events;
    for (int kind = 0; kind <= static_cast<int>(WireKind::End); ++kind) {
        for (const Direction direction : {Direction::Received, Direction::Sent}) {
            const auto seq = static_cast<std::uint32_t>(4'000'000'000 + events.size());
            const TimePoint at = fromMicros(kind == 5 ? -1'000'000 : 1'700'000'000'000'000 + kind * 1000);
            events.push_back({seq, at, direction, static_cast<WireKind>(kind),
                              std::string_view(bytes).substr(0, events.size() % bytes.size())});
        }
    }
    return events;
}

BlockBuilder blockOf(const std::vector<BlockEvent>& events)
{
    BlockBuilder block;
    for (const BlockEvent& event : events)
        block.add(event);
    return block;
}

bool isSame(const BlockEvent& a, const BlockEvent& b)
{
    return a.seq == b.seq && a.at == b.at && a.direction == b.direction && a.kind == b.kind && a.bytes == b.bytes;
}
} // namespace

void TestBlock::eventsOfEveryKindComeBack()
{
    const auto events = sampleEvents();
    BlockBuilder block = blockOf(events);
    for (int round = 0; round < 2; ++round) { // a cleared builder begins anew
        QCOMPARE(block.firstSeq(), events.front().seq);
        QCOMPARE(block.nextSeq(), events.back().seq + 1);
        std::vector<BlockEvent> read;
        const std::string raw = block.raw();
        QVERIFY(forEachEvent({block.firstSeq(), block.events(), block.start()}, raw, [&](const BlockEvent& event) {
            read.push_back(event);
            return true;
        }));
        QCOMPARE(read.size(), events.size());
        for (std::size_t i = 0; i < events.size(); ++i)
            QVERIFY(isSame(read[i], events[i]));
        block.clear();
        QVERIFY(block.isEmpty() && block.rawBytes() == 0);
        for (const BlockEvent& event : events)
            block.add(event);
    }
}

void TestBlock::readingStopsWhenAsked()
{
    const BlockBuilder block = blockOf(sampleEvents());
    int taken = 0;
    QVERIFY(forEachEvent({block.firstSeq(), block.events(), block.start()}, block.raw(),
                         [&](const BlockEvent&) { return ++taken < 3; }));
    QCOMPARE(taken, 3);
}

void TestBlock::damageIsNoticedWithoutReadingBeyondTheBlock()
{
    const BlockBuilder block = blockOf(sampleEvents());
    const std::string raw = block.raw();
    const BlockHead head{block.firstSeq(), block.events(), block.start()};
    std::size_t touched = 0;
    const auto touch = [&](const BlockEvent& event) {
        for (const char c : event.bytes)
            touched += static_cast<unsigned char>(c);
        return true;
    };
    for (std::size_t size = 0; size < raw.size(); ++size)
        QVERIFY(!forEachEvent(head, std::string(raw, 0, size), touch));
    QVERIFY(!forEachEvent({head.seq, head.events + 1, head.start}, raw, touch));
    std::mt19937 random(1);
    for (int i = 0; i < 5000; ++i) { // what is taken must lie inside; run under the address sanitizer
        std::string damaged = raw;
        damaged[random() % damaged.size()] = static_cast<char>(random());
        (void)forEachEvent(head, damaged, touch);
    }
    QVERIFY(touched > 0);
}

LUTHIEN_TEST(tst_block, TestBlock)
#include "tst_block.moc"
