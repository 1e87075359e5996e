// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "recording.h"
#include "store/postgres_bus.h"
#include "store/store.h"
#include "support/stored_events.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <map>
#include <mutex>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::eventsOf;
using luthien::test::RecordedCall;
using luthien::test::TestDatabase;
using namespace std::chrono_literals;

namespace {
constexpr auto kLong = 20s;
const QString kListeners = QStringLiteral(" FROM pg_stat_activity WHERE datname = current_database() "
                                          "AND application_name = 'luthien bus'");

/// What one instance was told of the commits of others.
class Heard
{
public:
    void take(const CommitNotice& notice)
    {
        if (notice.instance == 0)
            return;
        const std::lock_guard lock(m_mutex);
        m_isInOrder = m_isInOrder && notice.number >= m_last[notice.instance];
        m_last[notice.instance] = notice.number;
        ++m_notices;
        for (const TouchedCall& call : notice.calls)
            m_calls[call.id] = call;
    }
    [[nodiscard]] bool knows(const RecordedCall& call, CallStatus status) const
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_calls.find(call.id());
        return found != m_calls.end() && found->second.status == status && found->second.hasEvents &&
               found->second.lastSeq + 1 == call.nextSeq();
    }
    [[nodiscard]] std::string sessionOf(const RecordedCall& call) const
    {
        const std::lock_guard lock(m_mutex);
        return m_calls.at(call.id()).session;
    }
    [[nodiscard]] std::size_t calls() const
    {
        const std::lock_guard lock(m_mutex);
        return m_calls.size();
    }
    [[nodiscard]] int notices() const
    {
        const std::lock_guard lock(m_mutex);
        return m_notices;
    }
    [[nodiscard]] bool isInOrder() const
    {
        const std::lock_guard lock(m_mutex);
        return m_isInOrder;
    }

private:
    mutable std::mutex m_mutex;
    std::map<CallId, TouchedCall> m_calls;
    std::map<std::int64_t, std::uint64_t> m_last;
    int m_notices = 0;
    bool m_isInOrder = true;
};

/// An instance on the database, and what it hears.
struct Instance
{
    explicit Instance(const TestDatabase& database, std::chrono::milliseconds look = 60s)
    {
        auto opened = Store::open({.directory = directory.path().toStdString(),
                                   .database = database.url(),
                                   .segmentBytes = 1 << 20,
                                   .ballastBytes = 0,
                                   .blockInterval = 10ms,
                                   .bus = {.look = look},
                                   .metrics = &metrics});
        if (!opened) {
            qCritical("%s", opened.error().toString().c_str());
            return;
        }
        store = *std::move(opened);
        store->onCommit([this](const CommitNotice& notice) { heard.take(notice); });
        sink = store->makeSink(0);
    }
    ~Instance()
    {
        sink.reset();
        store.reset();
    }
    [[nodiscard]] QString name() const
    {
        QFile file(directory.filePath(QStringLiteral("instance-id")));
        return file.open(QIODevice::ReadOnly) ? QString::fromLatin1(file.readAll()) : QString();
    }
    [[nodiscard]] bool listens() const { return metrics.value(Metric::BusConnections) > 0; }

    QTemporaryDir directory;
    Metrics metrics;
    Heard heard;
    std::unique_ptr<Store> store;
    std::unique_ptr<EventSink> sink;
};
} // namespace

class TestPostgresBus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void commitsOfOthersAreHeard();
    void ofManyCallsAllAreHeard();
    void whatWasMissedIsFound();
    void aHintThatNeverCameIsMissed();
    void foreignNoticesAreLeftOut();
    void aNumberThatIsMadeUpHidesNothing_data();
    void aNumberThatIsMadeUpHidesNothing();
    void localDatabasesHaveNone();
};

void TestPostgresBus::commitsOfOthersAreHeard()
{
    const TestDatabase database(QStringLiteral("postgres"));
    Instance first(database);
    Instance second(database);
    QVERIFY(first.store && second.store);
    QTRY_VERIFY_WITH_TIMEOUT(first.listens() && second.listens(), 20'000);
    RecordedCall call(*first.sink, "a session");
    call.wire("one");
    QTRY_VERIFY_WITH_TIMEOUT(second.heard.knows(call, CallStatus::Open), 20'000);
    QCOMPARE(second.heard.sessionOf(call), std::string("a session"));
    // As soon as it is heard, it can be read.
    QCOMPARE(eventsOf(**second.store->openReader(), call.id())->size(), std::size_t{1});
    call.wire("two");
    call.end();
    QTRY_VERIFY_WITH_TIMEOUT(second.heard.knows(call, CallStatus::Completed), 20'000);

    RecordedCall answer(*second.sink, "the other way");
    answer.end();
    QTRY_VERIFY_WITH_TIMEOUT(first.heard.knows(answer, CallStatus::Completed), 20'000);
    QCOMPARE(first.heard.calls(), std::size_t{1}); // nobody hears of its own
    QVERIFY(first.heard.isInOrder() && second.heard.isInOrder());
    QCOMPARE(second.metrics.value(Metric::BusCatchUps), std::uint64_t{0});
}

void TestPostgresBus::ofManyCallsAllAreHeard()
{
    const TestDatabase database(QStringLiteral("postgres"));
    Instance first(database);
    Instance second(database);
    QTRY_VERIFY_WITH_TIMEOUT(first.listens() && second.listens(), 20'000);
    std::vector<RecordedCall> calls;
    for (int i = 0; i < 600; ++i) { // more than fit into one notice
        calls.emplace_back(*first.sink, "session-" + std::to_string(i));
        calls.back().wire("x");
    }
    for (RecordedCall& call : calls)
        call.end();
    QVERIFY(first.store->flush(kLong));
    QTRY_VERIFY_WITH_TIMEOUT(
        std::ranges::all_of(calls,
                            [&](const RecordedCall& call) { return second.heard.knows(call, CallStatus::Completed); }),
        20'000);
    QVERIFY(second.heard.isInOrder());
    // Commits that come close together are told of together.
    QVERIFY2(second.heard.notices() < 200, qPrintable(QString::number(second.heard.notices())));
}

void TestPostgresBus::whatWasMissedIsFound()
{
    const TestDatabase database(QStringLiteral("postgres"));
    Instance first(database);
    Instance second(database);
    QTRY_VERIFY_WITH_TIMEOUT(first.listens() && second.listens(), 20'000);
    RecordedCall old(*first.sink, "before");
    old.end();
    QTRY_VERIFY_WITH_TIMEOUT(second.heard.knows(old, CallStatus::Completed), 20'000);
    for (int round = 0; round < 3; ++round) {
        const auto connections = second.metrics.value(Metric::BusConnections);
        QVERIFY(database.ask(QStringLiteral("SELECT count(pg_terminate_backend(pid))") + kListeners) >= 1);
        // Some of this is committed while nobody listens.
        RecordedCall ended(*first.sink, "ended " + std::to_string(round));
        ended.wire("x");
        ended.end();
        RecordedCall open(*first.sink, "open " + std::to_string(round));
        open.wire("y");
        QVERIFY(first.store->flush(kLong));
        QTRY_VERIFY_WITH_TIMEOUT(second.heard.knows(ended, CallStatus::Completed), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(second.heard.knows(open, CallStatus::Open), 20'000);
        open.end();
        QTRY_VERIFY_WITH_TIMEOUT(second.heard.knows(open, CallStatus::Completed), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(second.metrics.value(Metric::BusConnections) > connections, 20'000);
    }
    QVERIFY(second.heard.isInOrder());
    QVERIFY2(second.metrics.value(Metric::BusConnections) <= 8, "it connects in a storm");
}

void TestPostgresBus::aHintThatNeverCameIsMissed()
{
    const TestDatabase database(QStringLiteral("postgres"));
    Instance first(database);
    Instance second(database, 50ms);
    QTRY_VERIFY_WITH_TIMEOUT(first.listens() && second.listens(), 20'000);
    // A commit nobody was told of: made by the database, not by the program.
    RecordedCall call(*first.sink, "s");
    call.end();
    QTRY_VERIFY_WITH_TIMEOUT(second.heard.knows(call, CallStatus::Completed), 20'000);
    const int notices = second.heard.notices();
    QCOMPARE(database.ask(QStringLiteral("UPDATE store_state SET commit_number = commit_number + 1 WHERE id = (SELECT "
                                         "instance_id FROM call LIMIT 1) RETURNING 1")),
             1);
    QCOMPARE(database.ask(QStringLiteral("UPDATE call SET status = 0 RETURNING 1")), 1);
    QTRY_VERIFY_WITH_TIMEOUT(second.heard.knows(call, CallStatus::Open), 20'000);
    QVERIFY(second.heard.notices() > notices);
    QVERIFY(second.metrics.value(Metric::BusCatchUps) >= 1);
}

void TestPostgresBus::foreignNoticesAreLeftOut()
{
    const TestDatabase database(QStringLiteral("postgres"));
    Instance first(database);
    Instance second(database);
    QTRY_VERIFY_WITH_TIMEOUT(first.listens() && second.listens(), 20'000);
    for (const char* text : {"", "nonsense", "[1,99,1,1,0,[[\"x\"]]]", "{\"a\":1}"})
        QVERIFY(database.connect()->run(QStringLiteral("NOTIFY luthien_commits, '%1'").arg(QLatin1String(text))));
    RecordedCall call(*first.sink, "s");
    call.end();
    QTRY_VERIFY_WITH_TIMEOUT(second.heard.knows(call, CallStatus::Completed), 20'000);
    QCOMPARE(second.heard.calls(), std::size_t{1});
    QCOMPARE(second.metrics.value(Metric::BusConnections), std::uint64_t{1});
}

void TestPostgresBus::aNumberThatIsMadeUpHidesNothing_data()
{
    QTest::addColumn<qlonglong>("ahead");
    QTest::addColumn<bool>("isKnown");
    QTest::newRow("far ahead of an instance that was heard") << 1'000'000'000'000LL << true;
    QTest::newRow("a little ahead of it") << 500LL << true;
    QTest::newRow("far ahead of one that was not") << 1'000'000'000'000LL << false;
}

/// Whoever may connect to the database may send notices.
void TestPostgresBus::aNumberThatIsMadeUpHidesNothing()
{
    QFETCH(qlonglong, ahead);
    QFETCH(bool, isKnown);
    const TestDatabase database(QStringLiteral("postgres"));
    Instance first(database);
    Instance second(database, 200ms);
    QTRY_VERIFY_WITH_TIMEOUT(first.listens() && second.listens(), 20'000);
    RecordedCall call(*first.sink, "s");
    if (isKnown) {
        call.wire("x");
        QTRY_VERIFY_WITH_TIMEOUT(second.heard.knows(call, CallStatus::Open), 20'000);
    }
    const auto instance = database.ask(QStringLiteral("SELECT id FROM instance WHERE uid = '%1'").arg(first.name()));
    const auto number =
        database.ask(QStringLiteral("SELECT commit_number FROM store_state WHERE id = %1").arg(instance));
    CommitHint hint{.first = 1, .notice = {}};
    hint.notice.number = static_cast<std::uint64_t>(number + ahead);
    hint.notice.instance = instance;
    hint.notice.evidenceHead = ahead;
    hint.notice.calls.push_back({.id = CallId::make(fromMicros(1)), .session = "made up"});
    const auto liar = database.connect();
    QVERIFY(liar->begin() && liar->notify("luthien_commits", encodeHint(hint)) && liar->commit());
    // What nobody is told of is found all the same.
    call.end();
    QTRY_VERIFY_WITH_TIMEOUT(second.heard.knows(call, CallStatus::Completed), 20'000);
    // The number comes last: whoever finds it before the row it stands for looks no more.
    QCOMPARE(database.ask(QStringLiteral("UPDATE call SET status = 0 RETURNING 1")), 1);
    QCOMPARE(database.ask(QStringLiteral("UPDATE store_state SET commit_number = commit_number + 1 WHERE id = %1 "
                                         "RETURNING 1")
                              .arg(instance)),
             1);
    QTRY_VERIFY_WITH_TIMEOUT(second.heard.knows(call, CallStatus::Open), 20'000);
    QVERIFY(second.heard.isInOrder() || ahead == 500);
}

void TestPostgresBus::localDatabasesHaveNone()
{
    const QTemporaryDir directory;
    QVERIFY(makeInstanceBus(DatabaseLocation(directory.path().toStdString()), {}, nullptr) == nullptr);
}

LUTHIEN_TEST(tst_postgres_bus, TestPostgresBus)
#include "tst_postgres_bus.moc"
