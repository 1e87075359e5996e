// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "recording.h"
#include "store/call_recorder.h"
#include "store/database.h"
#include "store/evidence.h"
#include "store/evidence_check.h"
#include "store/instance.h"
#include "store/segment.h"
#include "store/store.h"
#include "support/stored_events.h"
#include "support/test_registry.h"

#include <QtTest>

#include <algorithm>
#include <random>

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

std::string message(std::string_view role, std::string_view text)
{
    return R"({"role":")" + std::string(role) + R"(","content":")" + std::string(text) + R"("})";
}

std::string randomBytes(std::mt19937& random, std::size_t size)
{
    std::string bytes(size, '\0');
    std::ranges::generate(bytes, [&random] { return static_cast<char>(random()); });
    return bytes;
}
} // namespace

class TestCallRecorder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void aJournalOfAnEarlierReleaseIsReplayed();
    void whatIsAskedForAPolicyCountsApart();
    void severalRequestsAndRepliesOfACallStandInOrder();
    void aLongReplyIsMergedPartByPart_data();
    void aLongReplyIsMergedPartByPart();
    void anEventThatNeverEndsIsSetAside();
    void callsLeftOpenAreEndedSomeAtATime();
};

void TestCallRecorder::aJournalOfAnEarlierReleaseIsReplayed()
{
    const TestDatabase directory;
    const auto journal = std::filesystem::path(directory.path().toStdString()) / "journal";
    std::filesystem::create_directory(journal);
    std::filesystem::copy(std::filesystem::path(qgetenv("LUTHIEN_SOURCE_DIR").toStdString()) /
                              "tests/data/journal/written-by-0.1.0.journal",
                          journal / SegmentName{0, 1}.fileName());
    const auto store = openStore(directory); // ends the last call, which was open
    const auto reader = store->openReader();
    const auto calls = (*reader)->callsOfSession("old-session", Order::Ascending, {}, 10);
    QCOMPARE(calls->items.size(), std::size_t{3});
    const CallRow& first = calls->items.front();
    QCOMPARE(first.status, CallStatus::Completed);
    QVERIFY(first.cause.isNil());
    QVERIFY(!first.costUsd);
    QCOMPARE((*reader)->requestBody(first.id).value(), Body({R"({"role":"user","content":"hello"})"}).bytes);
    QCOMPARE(eventsOf(**reader, first.id)->at(2).bytes, std::string("data: {\"type\":\"message_stop\"}\n\n"));
    const auto decisions = (*reader)->decisionsOfCall(first.id, {}, 10);
    QCOMPARE(decisions->items.size(), std::size_t{1});
    QCOMPARE(decisions->items.front().decision.score, std::optional(0.5));
    QVERIFY(!decisions->items.front().decision.isRepeat);
    QCOMPARE(eventsOf(**reader, calls->items[1].id)->at(1).bytes, std::string("data: one two\n\n"));
    QCOMPARE(calls->items[2].status, CallStatus::Truncated);
    QCOMPARE((*reader)->evidenceHead()->number, 4);
}

void TestCallRecorder::whatIsAskedForAPolicyCountsApart()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    CallOpened judge;
    judge.call = CallId::make(fromMicros(1));
    judge.at = fromMicros(1'700'000'000'500'000);
    judge.identity.session = "s";
    judge.model = "judge-model";
    judge.cause = call.id();
    judge.causePolicy = "judge";
    sink->opened(judge);
    call.end();
    CallEnded end;
    end.call = judge.call;
    end.at = fromMicros(1'700'000'009'000'000);
    end.status = CallStatus::Failed;
    end.stopReason = StopReason::EndTurn;
    end.costNanoUsd = 2'500'000'000;
    sink->ended(end);
    QVERIFY(store->flush(kLong));
    const auto reader = store->openReader();
    const auto row = (*reader)->call(judge.call);
    QCOMPARE(row->cause, call.id());
    QCOMPARE(row->causePolicy, std::string("judge"));
    QCOMPARE(row->costUsd, std::optional(2.5));
    const auto session = (*reader)->session("s");
    QCOMPARE(session->calls, 2);
    QCOMPARE(session->turns, 1);
    QCOMPARE(session->status, CallStatus::Completed);
    QCOMPARE(session->models, std::vector<std::string>{"claude-test"});
    QCOMPARE(session->costUsd, std::optional(2.5));
}

void TestCallRecorder::severalRequestsAndRepliesOfACallStandInOrder()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    const Body asked({message("user", "one")});
    const Body retried({message("user", "one"), message("user", "not so")});
    call.request(asked.bytes, asked.spans);
    call.wire("the first reply");
    call.request(retried.bytes, retried.spans, Direction::Sent);
    call.wire("the second reply");
    call.end();
    RecordedCall next(*sink, "s", fromMicros(1'700'000'001'000'000));
    const Body later({message("user", "one"), message("user", "two")});
    next.request(later.bytes, later.spans);
    QVERIFY(store->flush(kLong));
    const auto reader = store->openReader();
    QCOMPARE(eventsOf(**reader, call.id())->at(3).bytes, std::string("the second reply"));
    QCOMPARE(eventsOf(**reader, call.id())->at(2).direction, Direction::Sent);
    QCOMPARE((*reader)->requestBody(call.id()).value(), asked.bytes); // what the client asked
    QCOMPARE((*reader)->messages(call.id(), 0, 10)->size(), std::size_t{1});
    QCOMPARE((*reader)->call(call.id())->messageCount, 1U);
    QCOMPARE((*reader)->call(next.id())->freshFrom, 1U); // what we sent instead is no part of the conversation
}

void TestCallRecorder::aLongReplyIsMergedPartByPart_data()
{
    QTest::addColumn<bool>("restarts");
    QTest::newRow("in one run") << false;
    QTest::newRow("after a restart, read again") << true;
}

void TestCallRecorder::aLongReplyIsMergedPartByPart()
{
    QFETCH(bool, restarts);
    constexpr int kEvents = 150; // each a block of its own, until they are merged
    const TestDatabase directory;
    auto store = openStore(directory);
    auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    call.request("{}");
    std::mt19937 random(1);
    for (int i = 0; i < kEvents; ++i)
        call.wire(randomBytes(random, i % 50 == 0 ? kMaxWireBytes : 70'000));
    if (restarts) {
        QVERIFY(store->flush(kLong));
        sink.reset();
        store.reset();
        store = openStore(directory);
    } else {
        call.end();
    }
    QVERIFY(store->flush(kLong));
    const auto reader = store->openReader();
    const auto events = eventsOf(**reader, call.id());
    QVERIFY(events);
    QCOMPARE(events->size(), std::size_t{kEvents + 2});
    for (std::size_t seq = 0; seq < events->size(); ++seq) {
        QCOMPARE((*events)[seq].seq, static_cast<std::uint32_t>(seq));
        QVERIFY(seq >= call.bytes().size() || (*events)[seq].bytes == call.bytes()[seq]);
    }
    const auto most = directory.ask(QStringLiteral("SELECT max(raw_bytes) FROM block"));
    QVERIFY2(most <= 1 << 20, qPrintable(QString::number(most)));
    QVERIFY(directory.ask(QStringLiteral("SELECT count(*) FROM block")) < 20);
    const auto report = checkEvidence(*directory.connect());
    QVERIFY(report && report->links == 1 && !report->firstBreak);
}

void TestCallRecorder::anEventThatNeverEndsIsSetAside()
{
    const TestDatabase directory;
    const auto store = openStore(directory, 1 << 20, 64 << 20);
    const auto sink = store->makeSink(0);
    RecordedCall endless(*sink, "s");
    endless.request("{}");
    const std::string part(1 << 20, 'x');
    for (int i = 0; i < 100; ++i) { // more than the journal may hold
        QTRY_VERIFY_WITH_TIMEOUT(sink->hasRoom(), 20'000);
        endless.partial(part);
    }
    RecordedCall other(*sink, "s");
    other.end();
    QVERIFY(store->flush(kLong));
    QCOMPARE((*store->openReader())->call(other.id())->status, CallStatus::Completed);
    QCOMPARE((*store->openReader())->call(endless.id())->status, CallStatus::Truncated);
    // All of what came is kept.
    QCOMPARE(directory.ask(QStringLiteral("SELECT count(*) FROM rejected_record WHERE length(data) > 1000000")), 100);
}

void TestCallRecorder::callsLeftOpenAreEndedSomeAtATime()
{
    const TestDatabase directory;
    auto store = openStore(directory);
    auto sink = store->makeSink(0);
    std::vector<CallId> calls;
    for (int i = 0; i < 3; ++i) {
        RecordedCall call(*sink, "s");
        call.request("{}");
        call.wire("the begin of an answer");
        calls.push_back(call.id());
    }
    QVERIFY(store->flush(kLong));
    sink.reset();
    store.reset();

    const auto database = directory.connect();
    QVERIFY(joinInstance(*database, directory.location().directory));
    EvidenceChain evidence(*database);
    CallRecorder recorder(*database, evidence, {}, {});
    QVERIFY(recorder.loadRejected());
    const auto isEndedNext = [&](const CallId& id, bool areAll) {
        QCOMPARE(recorder.endAbandoned(1), areAll);
        const auto notice = recorder.commit();
        QVERIFY(notice && notice->has_value());
        QCOMPARE((*notice)->calls.size(), std::size_t{1});
        QVERIFY((*notice)->calls.front().id == id); // the oldest of those that are left
        QCOMPARE((*notice)->calls.front().status, CallStatus::Truncated);
    };
    isEndedNext(calls[0], false);
    isEndedNext(calls[1], false);
    isEndedNext(calls[2], true);
    QVERIFY(recorder.endAbandoned(1)); // and nothing is left to do
    QVERIFY(!recorder.hasWritten());
}

LUTHIEN_TEST(tst_call_recorder, TestCallRecorder)
#include "tst_call_recorder.moc"
