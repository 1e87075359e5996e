// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "recording.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::openStore;
using luthien::test::RecordedCall;
using luthien::test::sampleDecision;
using luthien::test::TestDatabase;

class TestDecisionTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void aDecisionComesBackAsItWasRecorded();
    void onlyWhatWasDoneCounts();
    void aDecisionIsRecordedOnce();
    void listsFollowTheirCursors();
    void pagesEndEarlyWhenTheirTextsAreLong();
    void whatTheClientGotInsteadIsKept();
    void thoseAboutKeptRepliesComeOldestFirst();
};

namespace {
constexpr auto kLong = std::chrono::seconds(20);

/// Every id of a list, read in pages of so many rows.
template <typename List>
std::vector<CallId> idsOf(List list)
{
    std::vector<CallId> ids;
    std::optional<Cursor> from;
    do {
        const auto page = list(from);
        if (!page)
            return {};
        for (const DecisionRow& row : page->items)
            ids.push_back(row.decision.id);
        from = page->next;
    } while (from);
    return ids;
}
} // namespace

void TestDecisionTable::aDecisionComesBackAsItWasRecorded()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "session-1");
    Decision full = sampleDecision(call.id(), 3);
    full.mode = PolicyMode::Shadow;
    full.answeredBy = AnsweredBy::Error;
    full.score = 0.75;
    full.matched = {{"/command/~1x", 7, 40}, {"", 0, 3}};
    full.original = std::string("bytes \0 and \xff", 13);
    full.final = "less";
    full.responseId = "resp_1";
    full.conversationId = "conv_1";
    full.inference = CallId::make(fromMicros(9));
    full.isRepeat = true;
    Decision bare{.id = CallId::make(fromMicros(7)), .call = call.id(), .at = fromMicros(8), .seq = 5};
    sink->decided(full);
    sink->decided(bare);
    QVERIFY(store->flush(kLong));
    const auto reader = store->openReader();
    const auto page = (*reader)->decisionsOfCall(call.id(), {}, 10);
    QVERIFY2(page, page ? "" : page.error().toString().c_str());
    QCOMPARE(page->items.size(), std::size_t{2});
    QVERIFY(page->items[0].decision == full);
    QVERIFY(page->items[1].decision == bare);
    QCOMPARE(page->items[0].session, std::string("session-1"));
    QVERIFY(!page->next);
    const CallId unknown = CallId::make(fromMicros(1));
    QCOMPARE((*reader)->decisionsOfCall(unknown, {}, 10).error().code, ErrorCode::NotFound);
}

void TestDecisionTable::onlyWhatWasDoneCounts()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    const auto decide = [&](PolicyMode mode, Verdict verdict) {
        Decision decision = sampleDecision(call.id(), 1);
        decision.mode = mode;
        decision.verdict = verdict;
        sink->decided(decision);
    };
    for (const Verdict verdict : {Verdict::Continue, Verdict::Block, Verdict::Replace, Verdict::Hold, Verdict::Block})
        decide(PolicyMode::Enforce, verdict);
    for (const Verdict verdict : {Verdict::Continue, Verdict::Block, Verdict::Block, Verdict::Replace})
        decide(PolicyMode::Shadow, verdict);
    Decision repeated = sampleDecision(call.id(), 2);
    repeated.isRepeat = true;
    sink->decided(repeated);
    QVERIFY(store->flush(kLong));
    const DecisionCounts counts{.block = 2, .replace = 1, .hold = 1, .shadow = 3};
    QVERIFY((*store->openReader())->session("s")->decisions == counts);
    QVERIFY((*store->openReader())->sessions({}, 1)->items.front().decisions == counts);
}

void TestDecisionTable::aDecisionIsRecordedOnce()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    const Decision decision = sampleDecision(call.id(), 1);
    sink->decided(decision);
    QVERIFY(store->flush(kLong));
    sink->decided(decision);
    call.end();
    sink->decided(sampleDecision(call.id(), 1)); // nothing follows an end
    sink->decided(sampleDecision(CallId::make(fromMicros(1)), 1));
    QVERIFY(store->flush(kLong));
    const auto reader = store->openReader();
    QCOMPARE((*reader)->decisions({}, 10)->items.size(), std::size_t{1});
    QCOMPARE((*reader)->session("s")->decisions.block, 1);
    QCOMPARE(store->state(), StoreState::Ok);
}

void TestDecisionTable::listsFollowTheirCursors()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    RecordedCall one(*sink, "one");
    RecordedCall other(*sink, "other");
    std::vector<CallId> bySeq;
    std::vector<CallId> byTime;
    for (std::uint32_t i = 0; i < 25; ++i) { // several of the same time, several of the same event
        Decision decision = sampleDecision(one.id(), 10 + i / 3);
        decision.at = fromMicros(1'700'000'000'000'000 + i / 4);
        sink->decided(decision);
        bySeq.push_back(decision.id);
    }
    byTime = bySeq;
    std::ranges::reverse(byTime);
    Decision later = sampleDecision(other.id(), 2);
    later.at = fromMicros(1'800'000'000'000'000);
    sink->decided(later);
    QVERIFY(store->flush(kLong));
    const auto reader = store->openReader();
    QVERIFY(idsOf([&](auto from) { return (*reader)->decisionsOfCall(one.id(), from, 4); }) == bySeq);
    QVERIFY(idsOf([&](auto from) { return (*reader)->decisionsOfSession("one", from, 4); }) == byTime);
    byTime.insert(byTime.begin(), later.id);
    QVERIFY(idsOf([&](auto from) { return (*reader)->decisions(from, 4); }) == byTime);
}

void TestDecisionTable::pagesEndEarlyWhenTheirTextsAreLong()
{
    const TestDatabase directory;
    const auto store = openStore(directory, 32 << 20);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    for (char letter = 'a'; letter < 'f'; ++letter) {
        Decision decision = sampleDecision(call.id(), 1);
        decision.original.assign(Reader::kMaxPageBytes / 2, letter);
        sink->decided(decision);
    }
    QVERIFY(store->flush(kLong));
    const auto reader = store->openReader();
    QCOMPARE((*reader)->decisionsOfCall(call.id(), {}, 100)->items.size(), std::size_t{2});
    QCOMPARE(idsOf([&](auto from) { return (*reader)->decisionsOfCall(call.id(), from, 100); }).size(), std::size_t{5});
}

void TestDecisionTable::whatTheClientGotInsteadIsKept()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    RecordedCall same(*sink, "s");
    same.end();
    RecordedCall changed(*sink, "s");
    changed.end(CallStatus::Completed, StopReason::EndTurn, R"({"id":"msg_1","blocks":[]})");
    QVERIFY(store->flush(kLong));
    const auto reader = store->openReader();
    QCOMPARE((*reader)->sentReply(same.id()).value(), std::string());
    QCOMPARE((*reader)->sentReply(changed.id()).value(), std::string(R"({"id":"msg_1","blocks":[]})"));
    QCOMPARE((*reader)->reply(changed.id()).value(), std::string(R"({"id":"msg_1"})"));
    QCOMPARE((*reader)->sentReply(CallId::make(fromMicros(1))).error().code, ErrorCode::NotFound);
}

void TestDecisionTable::thoseAboutKeptRepliesComeOldestFirst()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    constexpr std::int64_t kStart = 1'700'000'000'000'000;
    std::vector<CallId> kept;
    for (std::uint32_t i = 0; i < 6; ++i) {
        Decision decision = sampleDecision(call.id(), i);
        decision.at = fromMicros(kStart + i);
        decision.responseId = i % 3 == 1 ? "resp_1" : "";
        decision.conversationId = i % 3 == 2 ? "conv_1" : "";
        if (i % 3 != 0)
            kept.push_back(decision.id);
        sink->decided(decision);
    }
    QVERIFY(store->flush(kLong));
    const auto reader = store->openReader();
    QVERIFY(idsOf([&](auto from) { return (*reader)->decisionsOfKeptReplies(from, 1); }) == kept);
    const auto since = (*reader)->decisionsOfKeptReplies(Cursor{kStart + 4, 0}, 10);
    QCOMPARE(since->items.size(), std::size_t{2});
    QCOMPARE(since->items.front().decision.id, kept[2]);
}

LUTHIEN_TEST(tst_decision_table, TestDecisionTable)
#include "tst_decision_table.moc"
