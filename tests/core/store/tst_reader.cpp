// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "recording.h"
#include "store/store.h"
#include "support/stored_events.h"
#include "support/test_registry.h"

#include <QtTest>

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <set>
#include <string>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::Body;
using luthien::test::eventsOf;
using luthien::test::openStore;
using luthien::test::RecordedCall;
using luthien::test::TestDatabase;
using namespace std::chrono_literals;

namespace {
constexpr auto kLong = 20s;

/// What no compression makes smaller.
std::string noise(std::mt19937_64& random, std::size_t bytes)
{
    std::string text(bytes, '\0');
    std::ranges::generate(text, [&random] { return static_cast<char>(random()); });
    return text;
}
} // namespace

class TestReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void eventsCanBeReadFromAnywhere();
    void aPageOfEventsIsBoundedInBytes();
    void pagesFollowTheCursor();
    void aDeadlineThatIsPastEndsWithTimeout();
    void unknownIdsAreNotFound();
};

void TestReader::eventsCanBeReadFromAnywhere()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    for (int i = 0; i < 40; ++i) {
        call.wire(std::to_string(i));
        if (i % 9 == 0)
            QVERIFY(store->flush(kLong));
    }
    QVERIFY(store->flush(kLong));
    const auto reader = store->openReader();
    for (std::uint32_t from = 0; from <= 41; ++from) {
        const auto page = (*reader)->events(call.id(), from, 7);
        QVERIFY(page);
        QCOMPARE(page->items.size(), std::size_t{std::min(7u, from > 40 ? 0 : 40 - from)});
        for (std::size_t i = 0; i < page->items.size(); ++i)
            QCOMPARE(page->items[i].bytes, std::to_string(from + i));
        QCOMPARE(page->next, from + 7 < 40 ? std::optional(from + 7) : std::nullopt);
    }
}

/// A long call is not held in memory at once, whatever was asked for.
void TestReader::aPageOfEventsIsBoundedInBytes()
{
    constexpr std::uint32_t kEvents = 20;
    const TestDatabase directory;
    const auto store = openStore(directory, 8 << 20);
    const auto sink = store->makeSink(0);
    std::mt19937_64 random(5);
    RecordedCall call(*sink, "s");
    for (std::uint32_t i = 0; i < kEvents; ++i) {
        call.wire(std::to_string(i) + noise(random, 512'000));
        QTRY_VERIFY(sink->hasRoom());
    }
    call.end();
    QVERIFY(store->flush(kLong));
    const auto reader = store->openReader();
    std::uint32_t seen = 0;
    int pages = 0;
    for (std::optional<std::uint32_t> from = 0; from; ++pages) {
        const auto page = (*reader)->events(call.id(), *from, Reader::kMaxPage);
        QVERIFY(page && !page->items.empty());
        std::size_t bytes = 0;
        for (const EventRow& event : page->items) {
            QCOMPARE(event.seq, seen++);
            bytes += event.bytes.size();
        }
        QVERIFY(bytes < Reader::kMaxEventBytes + 600'000);
        from = page->next;
    }
    QCOMPARE(seen, kEvents + 1);
    QCOMPARE(pages, 7);
    const auto events = eventsOf(**reader, call.id());
    QVERIFY(events && events->size() == kEvents + 1);
    for (std::uint32_t i = 0; i < kEvents; ++i)
        QVERIFY(events->at(i).bytes == call.bytes()[i]);
}

void TestReader::pagesFollowTheCursor()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    for (int i = 0; i < 25; ++i) // several with the same time
        RecordedCall(*sink, "s" + std::to_string(i), fromMicros(1'000'000 + i / 4)).end();
    for (int i = 0; i < 25; ++i)
        RecordedCall(*sink, "many", fromMicros(2'000'000 + i / 4)).end();
    QVERIFY(store->flush(kLong));
    auto reader = store->openReader();

    std::vector<std::string> seen;
    std::optional<Cursor> cursor;
    do {
        const auto page = (*reader)->sessions(cursor, 4);
        QVERIFY(page && page->items.size() <= 4);
        for (const SessionRow& row : page->items)
            seen.push_back(row.id);
        cursor = page->next ? std::optional(*cursorFromText(toText(*page->next))) : std::nullopt;
    } while (cursor);
    QCOMPARE(seen.size(), std::size_t{26});
    QCOMPARE(seen.front(), std::string("many"));
    QCOMPARE(std::set<std::string>(seen.begin(), seen.end()).size(), std::size_t{26});

    std::vector<CallId> up;
    std::vector<CallId> down;
    for (auto* const list : {&up, &down}) {
        cursor.reset();
        do {
            const auto page =
                (*reader)->callsOfSession("many", list == &up ? Order::Ascending : Order::Descending, cursor, 4);
            for (const CallRow& row : page->items)
                list->push_back(row.id);
            cursor = page->next;
        } while (cursor);
    }
    QCOMPARE(up.size(), std::size_t{25});
    std::ranges::reverse(down);
    QVERIFY(up == down);
}

void TestReader::aDeadlineThatIsPastEndsWithTimeout()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    std::vector<std::string> messages(3000, "x");
    const Body body(messages);
    RecordedCall call(*sink, "s");
    call.request(body.bytes, body.spans);
    QVERIFY(store->flush(kLong));
    auto reader = store->openReader();
    (*reader)->setDeadline(0ms);
    const auto failed = (*reader)->requestBody(call.id());
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, ErrorCode::Timeout);
    (*reader)->setDeadline(5s);
    QCOMPARE((*reader)->requestBody(call.id()).value(), body.bytes);
}

void TestReader::unknownIdsAreNotFound()
{
    const TestDatabase directory(TestDatabase::Content::Nothing);
    QCOMPARE(Reader::open(directory.location()).error().code, ErrorCode::NotFound);
    const auto store = openStore(directory);
    auto reader = store->openReader();
    const CallId unknown = CallId::make(fromMicros(1));
    QCOMPARE((*reader)->call(unknown).error().code, ErrorCode::NotFound);
    QCOMPARE((*reader)->events(unknown, 0, 1).error().code, ErrorCode::NotFound);
    QCOMPARE((*reader)->requestBody(unknown).error().code, ErrorCode::NotFound);
    QCOMPARE((*reader)->reply(unknown).error().code, ErrorCode::NotFound);
    QCOMPARE((*reader)->session("no").error().code, ErrorCode::NotFound);
    QVERIFY((*reader)->sessions({}, 10)->items.empty());
    QVERIFY(!cursorFromText("xyz"));
}

LUTHIEN_TEST(tst_reader, TestReader)
#include "tst_reader.moc"
