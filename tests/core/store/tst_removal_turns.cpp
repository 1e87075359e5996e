// SPDX-License-Identifier: Apache-2.0
#include "recording.h"
#include "set_clock.h"
#include "store/store.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QtTest>

#include <atomic>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

using namespace luthien;
using namespace luthien::store;
using namespace Qt::StringLiterals;
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
    void whatTheDatabaseRefusesHoldsNothingBack_data();
    void whatTheDatabaseRefusesHoldsNothingBack();
};

namespace {
constexpr auto kLimit = 60s;
const TimePoint kStart = fromMicros(1'700'000'000'000'000);

/// Counts the lines of the log that say something, as long as it lives.
class LogCounter
{
public:
    explicit LogCounter(const char* text)
    {
        s_text = QLatin1String(text);
        s_count = 0;
        m_before = qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString& line) {
            s_count += line.contains(s_text) ? 1 : 0;
        });
    }
    ~LogCounter() { qInstallMessageHandler(m_before); }
    LogCounter(const LogCounter&) = delete;
    LogCounter& operator=(const LogCounter&) = delete;

    [[nodiscard]] int count() const { return s_count; }

private:
    static inline QLatin1String s_text;
    static inline std::atomic<int> s_count = 0;
    QtMessageHandler m_before;
};

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

void TestRemovalTurns::whatTheDatabaseRefusesHoldsNothingBack_data()
{
    QTest::addColumn<QString>("event");
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("row");
    const QString call = QStringLiteral("SELECT min(id) FROM call");
    QTest::newRow("a call cannot be marked") << u"UPDATE OF removal"_s << u"call"_s << call;
    QTest::newRow("a call does not go") << u"DELETE"_s << u"call"_s << call;
    QTest::newRow("a node does not go") << u"DELETE"_s << u"node"_s << u"SELECT min(id) FROM node"_s;
    QTest::newRow("a text does not go") << u"DELETE"_s << u"content"_s << u"SELECT min(id) FROM content"_s;
    QTest::newRow("a session does not go") << u"DELETE"_s << u"session"_s << u"SELECT min(id) FROM session"_s;
}

void TestRemovalTurns::whatTheDatabaseRefusesHoldsNothingBack()
{
    QFETCH(const QString, event);
    QFETCH(const QString, table);
    QFETCH(const QString, row);
    const TestDatabase test;
    auto store = openStore(test, {}, nullptr);
    auto sink = store->makeSink(0);
    for (int i = 0; i < 30; ++i) {
        RecordedCall call(*sink, "s" + std::to_string(i % 2));
        const std::string number = std::to_string(10 + i); // texts that no other call has
        call.request(R"({"messages":["a)" + number + R"(","b)" + number + R"("]})", {{13, 5}, {19, 5}});
        call.end();
    }
    QVERIFY(store->flush(kLimit));
    QVERIFY(test.refuse(event, table, QStringLiteral("old.id = %1").arg(test.ask(row))));
    for (const char* const session : {"s0", "s1"})
        store->removeSession(session, [](const Result<void>&) {});
    LogCounter refusals("does not let go");
    const auto finished = store->finishRemovals(kLimit);
    QVERIFY(!finished);
    QCOMPARE(finished.error().code, ErrorCode::InvalidInput);
    const QString count = QStringLiteral("SELECT count(*) FROM ");
    QCOMPARE(test.ask(count + table), 1); // all the others are gone
    QCOMPARE(store->state(), StoreState::Ok);
    QVERIFY2(store->stateText().find("refuses 1 ") != std::string::npos, store->stateText().c_str());
    QVERIFY(!store->finishRemovals(kLimit)); // is not tried again, and not told
    QCOMPARE(refusals.count(), 1);

    QCOMPARE(test.texts({test.isSqlite() ? QStringLiteral("DROP TRIGGER refuse")
                                         : QStringLiteral("DROP TRIGGER refuse ON ") + table}),
             QStringList());
    sink.reset();
    store.reset();
    store = openStore(test, {}, nullptr);
    QVERIFY(store->finishRemovals(kLimit));
    QCOMPARE(store->stateText(), "");
    QCOMPARE(test.ask(count + table), 0);
}

LUTHIEN_TEST(tst_removal_turns, TestRemovalTurns)
#include "tst_removal_turns.moc"
