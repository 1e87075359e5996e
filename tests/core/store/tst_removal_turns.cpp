// SPDX-License-Identifier: Apache-2.0
#include "recording.h"
#include "set_clock.h"
#include "store/store.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QtTest>

#include <mutex>
#include <set>
#include <utility>
#include <vector>

using namespace luthien;
using namespace luthien::store;
using namespace std::chrono_literals;
using luthien::test::RecordedCall;
using luthien::test::SetClock;
using luthien::test::TestDatabase;

/// When what is past its time is looked for, and who hears of it; what becomes of it is in tst_removal.
class TestRemovalTurns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void whatTimeTakesIsTold();
    void aShorterTimeCountsAtOnce();
};

namespace {
constexpr auto kLimit = 60s;
const TimePoint kStart = fromMicros(1'700'000'000'000'000);

std::unique_ptr<Store> openStore(const TestDatabase& database, const Retention& retention, const Clock* clock)
{
    StoreConfig config;
    config.directory = database.path().toStdString();
    config.database = database.url();
    config.segmentBytes = 1 << 20;
    config.ballastBytes = 0;
    config.retention = retention;
    config.clock = clock;
    auto opened = Store::open(config);
    if (!opened)
        qCritical("%s", opened.error().toString().c_str());
    return opened ? std::move(*opened) : nullptr;
}
} // namespace

void TestRemovalTurns::whatTimeTakesIsTold()
{
    const TestDatabase database;
    SetClock clock(kStart);
    std::mutex mutex;
    std::vector<CommitNotice> notices;
    const auto store = openStore(database, {.bodies = 24h, .metadata = 72h}, &clock);
    store->onCommit([&](const CommitNotice& notice) {
        const std::lock_guard lock(mutex);
        notices.push_back(notice);
    });
    const auto sink = store->makeSink(0);
    for (int i = 0; i < 50; ++i)
        RecordedCall(*sink, "s" + std::to_string(i % 5), kStart).end();
    RecordedCall(*sink, "young", kStart + 90h).end();
    QVERIFY(store->flush(kLimit));
    const std::set<std::string> expected{"s0", "s1", "s2", "s3", "s4"};
    for (const auto age : {48h, 96h}) { // texts, then the rest
        std::unique_lock lock(mutex);
        const std::uint64_t before = notices.back().number;
        notices.clear();
        lock.unlock();
        clock.set(kStart + age);
        QVERIFY(store->finishRemovals(kLimit));
        lock.lock();
        std::set<std::string> told;
        std::uint64_t last = before;
        for (const CommitNotice& notice : notices) {
            QVERIFY(notice.number > std::exchange(last, notice.number));
            told.insert(notice.sessions.begin(), notice.sessions.end());
        }
        QCOMPARE(told, expected);
    }
}

void TestRemovalTurns::aShorterTimeCountsAtOnce()
{
    const TestDatabase database;
    SetClock clock(kStart);
    const auto store = openStore(database, {}, &clock);
    const auto sink = store->makeSink(0);
    RecordedCall(*sink, "s", kStart).end();
    QVERIFY(store->flush(kLimit));
    clock.set(kStart + 96h);
    QVERIFY(store->finishRemovals(kLimit));
    const auto reader = store->openReader();
    QCOMPARE((*reader)->sessionCount().value(), 1);
    store->setRetention({.bodies = {}, .metadata = 24h});
    QVERIFY(store->finishRemovals(kLimit));
    QCOMPARE((*reader)->sessionCount().value(), 0);
    QCOMPARE((*reader)->session("s").error().code, ErrorCode::NotFound);
}

LUTHIEN_TEST(tst_removal_turns, TestRemovalTurns)
#include "tst_removal_turns.moc"
