// SPDX-License-Identifier: Apache-2.0
#include "recording.h"
#include "store/database.h"
#include "store/journal_record.h"
#include "store/store.h"
#include "support/stored_events.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QtTest>

#include <future>
#include <set>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::eventsOf;
using luthien::test::RecordedCall;
using luthien::test::TestDatabase;
using namespace std::chrono_literals;

namespace {
constexpr auto kLong = 20s;

/// Notes which events of one call there are; its opening counts as -1, a decision at event n as 1000 + n.
class Seen final : public EventSink
{
public:
    explicit Seen(CallId call)
        : m_call(call)
    {
    }
    void opened(const CallOpened& event) override { note(event.call, -1); }
    void request(const RequestRecorded& event) override { note(event.call, event.seq); }
    void wire(const WireEvent& event) override { note(event.call, event.seq); }
    void decided(const Decision& decision) override { note(decision.call, 1000 + decision.seq); }
    void ended(const CallEnded& event) override { note(event.call, event.seq); }
    [[nodiscard]] bool hasRoom() const override { return true; }

    std::set<std::int64_t> numbers;

private:
    void note(CallId call, std::int64_t number)
    {
        if (call == m_call)
            numbers.insert(number);
    }
    CallId m_call;
};
} // namespace

namespace {
const QString kAnyEnd = QStringLiteral("old.model = 'poison'");

/// Says of each call what its own end would have said.
class AnsweredCall final : public CutCall
{
public:
    void read(const WireEvent&) override {}
    void describe(CallEnded& ended) override { ended.httpStatus = 200; }
};
} // namespace

class TestRejectedCalls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void oneRefusedCallStopsNoOther_data();
    void oneRefusedCallStopsNoOther();
    void aRefusalFarBehindHalfAnEventIsCounted();
    void whatComesAfterItsSessionIsNotKept();
    void aLinkThatIsTakenBackIsNotAnnounced();

private:
    [[nodiscard]] std::unique_ptr<Store> openStore(const TestDatabase& directory);
    [[nodiscard]] static std::set<std::int64_t> eventsAnywhere(const TestDatabase& directory, Reader& reader,
                                                               CallId call);
    Metrics m_metrics;
};

std::unique_ptr<Store> TestRejectedCalls::openStore(const TestDatabase& directory)
{
    StoreConfig config;
    config.directory = directory.path().toStdString();
    config.database = directory.url();
    config.segmentBytes = 1 << 20;
    config.ballastBytes = 0;
    config.metrics = &m_metrics;
    config.readCutCall = [](const CutCallAsked&) { return std::make_unique<AnsweredCall>(); };
    auto store = Store::open(config);
    return store ? std::move(*store) : nullptr;
}

/// Events of the call in its own tables or among those set aside.
std::set<std::int64_t> TestRejectedCalls::eventsAnywhere(const TestDatabase& directory, Reader& reader, CallId call)
{
    Seen seen(call);
    if (const auto events = eventsOf(reader, call)) {
        seen.numbers.insert(-1);
        for (const EventRow& event : *events)
            seen.numbers.insert(event.seq);
        const auto decisions = reader.decisionsOfCall(call, {}, 100);
        for (const DecisionRow& row : decisions ? decisions->items : std::vector<DecisionRow>())
            seen.decided(row.decision);
    }
    const auto database = directory.connect();
    const auto list = database->statement("list_rejected_records");
    if (!list || !(*list)->bindId(":call", call).exec())
        return {};
    auto row = (*list)->next();
    for (; row && *row; row = (*list)->next()) {
        if (!decode((*list)->blob(0), seen))
            seen.numbers.insert(-2);
    }
    return seen.numbers;
}

void TestRejectedCalls::oneRefusedCallStopsNoOther_data()
{
    QTest::addColumn<QString>("event");
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("condition");
    QTest::addColumn<bool>("hasRow");
    const QString ofCall = QStringLiteral("(SELECT model FROM call WHERE id = new.call_id) = 'poison'");
    const QString insert = QStringLiteral("INSERT");
    const QString end = QStringLiteral("UPDATE OF ended_us");
    QTest::newRow("its opening") << insert << QStringLiteral("call") << QStringLiteral("new.model = 'poison'") << false;
    QTest::newRow("its request") << insert << QStringLiteral("request") << ofCall << true;
    QTest::newRow("its events") << insert << QStringLiteral("block") << ofCall << true;
    QTest::newRow("its decision") << insert << QStringLiteral("decision") << ofCall << true;
    QTest::newRow("its end") << end << QStringLiteral("call")
                             << QStringLiteral("old.model = 'poison' AND new.http_status = 200") << true;
    QTest::newRow("every end of it") << end << QStringLiteral("call") << kAnyEnd << true;
}

void TestRejectedCalls::oneRefusedCallStopsNoOther()
{
    QFETCH(QString, event);
    QFETCH(QString, table);
    QFETCH(QString, condition);
    QFETCH(bool, hasRow);
    const TestDatabase directory;
    auto store = openStore(directory);
    QVERIFY(directory.refuse(event, table, condition));
    // Where calls share a statement, the first error does not tell whose it is.
    const auto errorsExpected = m_metrics.value(Metric::StoreErrors) + (directory.isSqlite() ? 5 : 6);
    auto sink = store->makeSink(0);
    RecordedCall before(*sink, "s");
    RecordedCall refused(*sink, "s", fromMicros(1'700'000'000'000'000), "hello", "poison");
    RecordedCall open(*sink, "s");
    QVERIFY(store->flush(kLong));
    refused.request("{}");
    refused.wire("one");
    refused.decide("one");
    before.wire("x");
    QVERIFY(store->flush(kLong));
    refused.wire("two");
    refused.end();
    before.end();
    QVERIFY(store->flush(kLong));
    QTRY_COMPARE(store->state(), StoreState::Ok);
    QCOMPARE(m_metrics.value(Metric::StoreErrors), errorsExpected);

    // A restart must neither try again nor forget.
    sink.reset();
    store.reset();
    store = openStore(directory);
    QCOMPARE(store->state(), StoreState::Ok);
    QCOMPARE(m_metrics.value(Metric::StoreErrors), errorsExpected);
    const auto reader = store->openReader();
    QCOMPARE((*reader)->call(before.id())->status, CallStatus::Completed);
    QCOMPARE((*reader)->call(open.id())->status, CallStatus::Truncated);
    const auto row = (*reader)->call(refused.id());
    QCOMPARE(row.hasValue(), hasRow);
    if (row) // closed without what may have been refused, if that can be written at all
        QCOMPARE(row->status, condition == kAnyEnd ? CallStatus::Open : CallStatus::Truncated);
    QCOMPARE(eventsAnywhere(directory, **reader, refused.id()), (std::set<std::int64_t>{-1, 0, 1, 2, 3, 1001}));
}

/// Half an event keeps the journal from there on, and after each refusal all of it is read again in several commits.
void TestRejectedCalls::aRefusalFarBehindHalfAnEventIsCounted()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    QVERIFY(directory.refuse(QStringLiteral("INSERT"), QStringLiteral("call"), QStringLiteral("new.model = 'poison'")));
    const auto sink = store->makeSink(0);
    RecordedCall half(*sink, "s");
    half.partial("data: {\"ha");
    RecordedCall between(*sink, "s");
    for (int i = 0; i < (directory.isSqlite() ? 40 : 4); ++i) {
        between.wire(std::string(256 << 10, 'x'));
        QVERIFY(store->flush(kLong));
    }
    RecordedCall refused(*sink, "s", fromMicros(1'700'000'000'000'000), "hello", "poison");
    RecordedCall after(*sink, "s");
    after.end();
    QVERIFY(store->flush(kLong));
    QTRY_COMPARE(store->state(), StoreState::Ok);
    QCOMPARE(directory.ask(QStringLiteral("SELECT count(*) FROM rejected_call")), 1);
    QCOMPARE((*store->openReader())->call(after.id())->status, CallStatus::Completed);
}

void TestRejectedCalls::whatComesAfterItsSessionIsNotKept()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    QVERIFY(directory.refuse(QStringLiteral("INSERT"), QStringLiteral("call"), QStringLiteral("new.model = 'poison'")));
    const auto sink = store->makeSink(0);
    RecordedCall other(*sink, "s");
    other.end();
    RecordedCall refused(*sink, "s", fromMicros(1'700'000'000'000'000), "hello", "poison");
    refused.request("{}");
    QVERIFY(store->flush(kLong));
    QTRY_COMPARE(store->state(), StoreState::Ok);
    const auto kept = [&] { return directory.ask(QStringLiteral("SELECT count(*) FROM rejected_record")); };
    QVERIFY(kept() > 0);
    std::promise<bool> removed;
    store->removeSession("s", [&](const Result<void>& done) { removed.set_value(done.hasValue()); });
    QVERIFY(removed.get_future().get());
    QVERIFY(store->finishRemovals(kLong));
    QCOMPARE(kept(), 0);
    refused.wire("what nobody can delete any more");
    refused.end();
    QVERIFY(store->flush(kLong));
    QCOMPARE(store->state(), StoreState::Ok);
    QCOMPARE(kept(), 0);
}

void TestRejectedCalls::aLinkThatIsTakenBackIsNotAnnounced()
{
    const TestDatabase directory;
    const auto head = [&] { return directory.ask(QStringLiteral("SELECT coalesce(max(id), 0) FROM evidence")); };
    std::vector<std::pair<std::int64_t, std::int64_t>> heads; // announced, in the table
    auto store = openStore(directory);
    // Its session refuses every end of it: the first one, and the one that setting it aside makes.
    QVERIFY(directory.refuse(QStringLiteral("UPDATE OF open_calls"), QStringLiteral("session"),
                             QStringLiteral("new.uid = 'poison' AND new.open_calls < old.open_calls")));
    store->onCommit([&](const CommitNotice& notice) { heads.emplace_back(notice.evidenceHead, head()); });
    const auto sink = store->makeSink(0);
    RecordedCall other(*sink, "s");
    other.end();
    RecordedCall refused(*sink, "poison");
    QVERIFY(store->flush(kLong));
    QCOMPARE(head(), 1);
    refused.end();
    QVERIFY(store->flush(kLong));
    QTRY_COMPARE(store->state(), StoreState::Ok);
    QCOMPARE(directory.ask(QStringLiteral("SELECT open_calls FROM session WHERE uid = 'poison'")), 1);
    RecordedCall later(*sink, "s");
    later.end();
    QVERIFY(store->flush(kLong));
    QCOMPARE(head(), 2);
    store.reset();
    QVERIFY(heads.size() >= 3);
    for (const auto& [announced, stored] : heads)
        QVERIFY2(announced == 0 || announced == stored, qPrintable(QString::number(announced)));
}

LUTHIEN_TEST(tst_rejected_calls, TestRejectedCalls)
#include "tst_rejected_calls.moc"
