// SPDX-License-Identifier: Apache-2.0
#include "crash_events.h"
#include "recording.h"
#include "store/journal_reader.h"
#include "store/store.h"
#include "support/stored_events.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <map>
#include <random>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::Acknowledged;
using luthien::test::eventsOf;
using luthien::test::RecordedCall;
using luthien::test::TestDatabase;

namespace {
std::unique_ptr<Store> openStore(const TestDatabase& directory)
{
    StoreConfig config;
    config.directory = directory.path().toStdString();
    config.database = directory.url();
    config.segmentBytes = 128 << 10;
    config.ballastBytes = 64 << 10;
    auto store = Store::open(config);
    return store ? std::move(*store) : nullptr;
}

std::vector<DecisionRow> allDecisions(Reader& reader, CallId id)
{
    std::vector<DecisionRow> all;
    std::optional<Cursor> from;
    do {
        auto page = reader.decisionsOfCall(id, from, 1000);
        if (!page)
            return all;
        std::ranges::move(page->items, std::back_inserter(all));
        from = page->next;
    } while (from);
    return all;
}

/// Last acknowledged event of each call, and whether the call was over.
std::map<CallId, Acknowledged> lastAcknowledged(const QByteArray& pipe)
{
    std::map<CallId, Acknowledged> last;
    for (qsizetype at = 0; at + static_cast<qsizetype>(sizeof(Acknowledged)) <= pipe.size();
         at += sizeof(Acknowledged)) {
        Acknowledged done;
        std::memcpy(&done, pipe.constData() + at, sizeof done);
        last[CallId(done.call)] = done;
    }
    return last;
}
} // namespace

class TestCrash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void killedProcessesLoseNothingTheyWereTold();
    void replayingTheJournalAgainChangesNothing();
};

void TestCrash::killedProcessesLoseNothingTheyWereTold()
{
    const TestDatabase directory;
    std::mt19937 random(std::random_device{}());
    // The child records some 600,000 events a second, which PostgreSQL then has to take in.
    const int rounds = directory.isSqlite() ? 12 : 5;
    const unsigned longest = directory.isSqlite() ? 250 : 80;
    std::size_t checked = 0;
    std::size_t checkedDecisions = 0;
    for (int round = 0; round < rounds; ++round) {
        QProcess child;
        child.start(QCoreApplication::applicationDirPath() + QStringLiteral("/store_crash_child"),
                    {directory.path(), QString::number(random() % 100'000), QString::fromStdString(directory.url())});
        QVERIFY(child.waitForStarted());
        QVERIFY(child.waitForReadyRead(20'000));
        const auto killAt = std::chrono::steady_clock::now() + std::chrono::milliseconds(10 + random() % longest);
        QByteArray pipe = child.readAllStandardOutput();
        while (std::chrono::steady_clock::now() < killAt) {
            child.waitForReadyRead(2);
            pipe += child.readAllStandardOutput();
        }
        QCOMPARE(::kill(static_cast<pid_t>(child.processId()), SIGKILL), 0);
        child.waitForFinished();
        pipe += child.readAllStandardOutput();

        const auto store = openStore(directory);
        QVERIFY(store && store->flush(std::chrono::seconds(60))); // PostgreSQL needs longer than opening waits
        const auto reader = store->openReader();
        for (const auto& [id, last] : lastAcknowledged(pipe)) {
            const auto events = eventsOf(**reader, id);
            QVERIFY2(events, "an acknowledged call is missing");
            QVERIFY2(events->size() > last.seq, "an acknowledged event is missing");
            for (std::size_t i = 0; i < events->size(); ++i) {
                QCOMPARE((*events)[i].seq, static_cast<std::uint32_t>(i));
                if (i <= last.seq && !(last.isOver && i == last.seq))
                    QCOMPARE((*events)[i].bytes, luthien::test::crashBytes(id, (*events)[i].seq));
            }
            QCOMPARE(events->back().kind, WireKind::End);
            const auto call = (*reader)->call(id);
            QVERIFY(call && call->status != CallStatus::Open);
            QVERIFY(!last.isOver || call->status == CallStatus::Completed);
            const auto decisions = allDecisions(**reader, id);
            QVERIFY2(decisions.size() >= last.decisions, "an acknowledged decision is missing");
            for (std::size_t i = 0; i < decisions.size(); ++i) // in the order they were made, each once
                QCOMPARE(decisions[i].decision.original, luthien::test::crashBytes(id, static_cast<std::uint32_t>(i)));
            checkedDecisions += last.decisions;
            checked += last.seq + 1;
        }
        QVERIFY((*reader)->openCalls(10)->empty());
    }
    QCOMPARE(directory.ask(QStringLiteral("SELECT count(*) FROM (SELECT call_id, seq FROM block "
                                          "GROUP BY call_id, seq HAVING count(*) > 1) AS twice")),
             0);
    if (directory.isSqlite())
        QCOMPARE(directory.ask(QStringLiteral("SELECT integrity_check = 'ok' FROM pragma_integrity_check")), 1);
    QCOMPARE(directory.ask(QStringLiteral("SELECT count(*) FROM call")),
             directory.ask(QStringLiteral("SELECT CAST(sum(calls) AS BIGINT) FROM session")));
    QCOMPARE(directory.ask(QStringLiteral("SELECT count(*) FROM decision WHERE mode = 2")),
             directory.ask(QStringLiteral("SELECT CAST(sum(block_decisions) AS BIGINT) FROM session")));
    QCOMPARE(directory.ask(QStringLiteral("SELECT count(*) FROM decision WHERE mode = 1")),
             directory.ask(QStringLiteral("SELECT CAST(sum(shadow_decisions) AS BIGINT) FROM session")));
    qInfo("%zu acknowledged events and %zu decisions checked after %d kills", checked, checkedDecisions, rounds);
    QVERIFY(checked > 1000 && checkedDecisions > 100);
}

void TestCrash::replayingTheJournalAgainChangesNothing()
{
    const TestDatabase directory;
    QTemporaryDir copies;
    const auto journal = std::filesystem::path(directory.path().toStdString()) / "journal";
    const auto kept = std::filesystem::path(copies.path().toStdString()) / "journal";
    std::vector<CallId> ids;
    {
        const auto store = openStore(directory);
        const auto sink = store->makeSink(0);
        for (int i = 0; i < 6; ++i) {
            RecordedCall call(*sink, "s" + std::to_string(i % 2));
            call.request(R"({"a":[1,2]})", {{6, 1}, {8, 1}});
            for (int event = 0; event < 30; ++event)
                event % 3 == 0 ? call.splitAround("half", "between", "other half " + std::to_string(event))
                               : call.split("half", "other half " + std::to_string(event));
            for (int decision = 0; decision < 3; ++decision)
                call.decide("judged " + std::to_string(decision),
                            decision == 1 ? PolicyMode::Shadow : PolicyMode::Enforce);
            if (i != 4)
                call.end();
            ids.push_back(call.id());
        }
        std::filesystem::copy(journal, kept);
        QVERIFY(store->flush(std::chrono::seconds(20)));
    }
    const auto dump = [&] {
        std::string text;
        const auto store = openStore(directory);
        const auto reader = store->openReader();
        for (const CallId& id : ids) {
            text += toText((*reader)->call(id)->cursor) + std::to_string((*reader)->call(id)->freshFrom);
            const auto events = eventsOf(**reader, id);
            for (const EventRow& event : events ? *events : std::vector<EventRow>())
                text += std::to_string(event.seq) + event.bytes + '|';
            for (const DecisionRow& row : allDecisions(**reader, id))
                text += std::to_string(row.cursor.row) + row.decision.original + '|';
        }
        const auto sessions = (*reader)->sessions({}, 10);
        for (const SessionRow& row : sessions->items)
            text += row.id + std::to_string(row.calls) + ' ' + std::to_string(row.inputTokens) +
                    std::to_string(row.turns) + ' ' + std::to_string(row.decisions.block) + ' ' +
                    std::to_string(row.decisions.shadow);
        return text;
    };
    const std::string before = dump();
    QVERIFY(before.size() > 3000);

    std::vector<std::uint64_t> starts = {0};
    auto segment = Segment::openExisting(kept, Journal::scan(kept).value()[0].front());
    for (auto read = (*segment)->read(0); read.state == Segment::ReadState::Record; read = (*segment)->read(read.next))
        starts.push_back(read.next);
    QVERIFY(starts.size() > 300);
    for (std::size_t i = 0; i < starts.size(); i += 23) {
        std::filesystem::remove_all(journal);
        std::filesystem::copy(kept, journal);
        QCOMPARE(
            directory.ask(
                QStringLiteral("UPDATE journal_position SET segment = 0, position = %1 RETURNING 1").arg(starts[i])),
            1);
        QCOMPARE(dump(), before);
    }
}

LUTHIEN_TEST(tst_crash, TestCrash)
#include "tst_crash.moc"
