// SPDX-License-Identifier: Apache-2.0
#include "recording.h"
#include "store/database.h"
#include "store/journal_record.h"
#include "store/store.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <set>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::RecordedCall;
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

class TestRejectedCalls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneRefusedCallStopsNoOther_data();
    void oneRefusedCallStopsNoOther();

private:
    [[nodiscard]] std::unique_ptr<Store> openStore(const QTemporaryDir& directory);
    [[nodiscard]] static std::set<std::int64_t> eventsAnywhere(const QTemporaryDir& directory, Reader& reader,
                                                               CallId call);
    Metrics m_metrics;
};

std::unique_ptr<Store> TestRejectedCalls::openStore(const QTemporaryDir& directory)
{
    StoreConfig config;
    config.directory = directory.path().toStdString();
    config.segmentBytes = 1 << 20;
    config.ballastBytes = 0;
    config.metrics = &m_metrics;
    auto store = Store::open(config);
    return store ? std::move(*store) : nullptr;
}

/// Events of the call in its own tables or among those set aside.
std::set<std::int64_t> TestRejectedCalls::eventsAnywhere(const QTemporaryDir& directory, Reader& reader, CallId call)
{
    Seen seen(call);
    if (const auto events = reader.events(call, 0, 100)) {
        seen.numbers.insert(-1);
        for (const EventRow& event : *events)
            seen.numbers.insert(event.seq);
        const auto decisions = reader.decisionsOfCall(call, {}, 100);
        for (const DecisionRow& row : decisions ? decisions->items : std::vector<DecisionRow>())
            seen.decided(row.decision);
    }
    {
        auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("rejected"));
        database.setDatabaseName(directory.filePath(QStringLiteral("luthien.db")));
        QSqlQuery query(database.open() ? database : QSqlDatabase());
        query.exec(QStringLiteral("SELECT data FROM rejected_record"));
        while (query.next()) {
            if (!decode(query.value(0).toByteArray().toStdString(), seen))
                seen.numbers.insert(-2);
        }
    }
    QSqlDatabase::removeDatabase(QStringLiteral("rejected"));
    return seen.numbers;
}

void TestRejectedCalls::oneRefusedCallStopsNoOther_data()
{
    QTest::addColumn<QString>("refusal");
    QTest::addColumn<bool>("hasRow");
    const QString ofCall = QStringLiteral("WHEN (SELECT model FROM call WHERE id = new.call_id) = 'poison'");
    QTest::newRow("its opening") << QStringLiteral("BEFORE INSERT ON call WHEN new.model = 'poison'") << false;
    QTest::newRow("its request") << QStringLiteral("BEFORE INSERT ON request ") + ofCall << true;
    QTest::newRow("its events") << QStringLiteral("BEFORE INSERT ON block ") + ofCall << true;
    QTest::newRow("its decision") << QStringLiteral("BEFORE INSERT ON decision ") + ofCall << true;
    QTest::newRow("its end") << QStringLiteral("BEFORE UPDATE OF ended_us ON call "
                                               "WHEN old.model = 'poison' AND new.http_status = 200")
                             << true;
    QTest::newRow("every end of it") << QStringLiteral("BEFORE UPDATE OF ended_us ON call WHEN old.model = 'poison'")
                                     << true;
}

void TestRejectedCalls::oneRefusedCallStopsNoOther()
{
    QFETCH(QString, refusal);
    QFETCH(bool, hasRow);
    QTemporaryDir directory;
    auto store = openStore(directory);
    {
        const auto database = Database::open(directory.path().toStdString(), Database::Access::ReadWrite);
        QVERIFY((*database)->run(
            QStringLiteral("CREATE TRIGGER refuse %1 BEGIN SELECT RAISE(ABORT, 'no'); END").arg(refusal)));
    }
    const auto errorsBefore = m_metrics.value(Metric::StoreErrors);
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
    QCOMPARE(m_metrics.value(Metric::StoreErrors), errorsBefore + 5);

    // A restart must neither try again nor forget.
    sink.reset();
    store.reset();
    store = openStore(directory);
    QCOMPARE(store->state(), StoreState::Ok);
    QCOMPARE(m_metrics.value(Metric::StoreErrors), errorsBefore + 5);
    const auto reader = store->openReader();
    QCOMPARE((*reader)->call(before.id())->status, CallStatus::Completed);
    QCOMPARE((*reader)->call(open.id())->status, CallStatus::Truncated);
    QCOMPARE((*reader)->call(refused.id()).hasValue(), hasRow);
    QCOMPARE(eventsAnywhere(directory, **reader, refused.id()), (std::set<std::int64_t>{-1, 0, 1, 2, 3, 1001}));
}

LUTHIEN_TEST(tst_rejected_calls, TestRejectedCalls)
#include "tst_rejected_calls.moc"
