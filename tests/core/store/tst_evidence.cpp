// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "recording.h"
#include "store/database.h"
#include "store/evidence.h"
#include "store/evidence_check.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::Body;
using luthien::test::openStore;
using luthien::test::RecordedCall;
using luthien::test::sampleDecision;
using luthien::test::TestDatabase;

class TestEvidence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void everyDecisionAndEveryEndIsALink();
    void aLinkCanBeComputedByOthers();
    void theChainGoesOnAfterARestart();
    void whatIsOlderThanTheChainIsTakenIn();
    void tamperingIsNamed_data();
    void tamperingIsNamed();
    void checkingCanBeStopped();
};

namespace {
constexpr auto kLong = std::chrono::seconds(20);

std::unique_ptr<Database> openDatabase(const TestDatabase& directory)
{
    return std::move(*Database::open(directory.location(), Access::ReadWrite));
}

/// Three calls: two that are over, with requests, changes and decisions, and one that is still open.
void record(EventSink& sink)
{
    const Body body({R"({"role":"user","content":"one"})", R"({"role":"user","content":"two"})"});
    RecordedCall first(sink, "s");
    first.request(body.bytes, body.spans);
    first.wire("data: {}\n\n");
    first.decide("original one");
    first.request(R"({"messages":[]})", {}, Direction::Sent); // asked again, with other words
    first.wire("data: {}\n\n");
    first.decide("original two");
    first.end(CallStatus::Completed, StopReason::EndTurn, R"({"id":"msg_2"})");
    RecordedCall second(sink, "s", fromMicros(1'700'000'001'000'000));
    second.request(body.bytes, body.spans);
    second.end();
    RecordedCall open(sink, "s", fromMicros(1'700'000'002'000'000));
    open.decide("original three");
}

EvidenceReport checked(const TestDatabase& directory)
{
    const auto report = checkEvidence(*openDatabase(directory));
    if (!report)
        qCritical("%s", report.error().toString().c_str());
    return report ? *report : EvidenceReport{{-1, {}}, std::nullopt};
}
} // namespace

void TestEvidence::everyDecisionAndEveryEndIsALink()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    record(*sink);
    QVERIFY(store->flush(kLong));
    const EvidenceReport report = checked(directory);
    QVERIFY2(!report.firstBreak, report.firstBreak ? report.firstBreak->what.c_str() : "");
    QCOMPARE(report.head.number, 5); // three decisions, two ends
    QCOMPARE((*store->openReader())->evidenceHead().value(), report.head);
    const auto page = (*store->openReader())->decisions({}, 10);
    QCOMPARE(page->items.size(), std::size_t{3});
    std::vector<std::int64_t> numbers;
    for (const DecisionRow& row : page->items) {
        QVERIFY(row.link.has_value());
        numbers.push_back(row.link->number);
        QCOMPARE(row.link->number == 1, row.link->previous == Digest{});
    }
    std::ranges::sort(numbers);
    QCOMPARE(numbers, (std::vector<std::int64_t>{1, 2, 5}));
}

void TestEvidence::aLinkCanBeComputedByOthers()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    Decision decision = sampleDecision(call.id(), 3);
    decision.id = *CallId::parse("019a0000-0000-7000-8000-000000000002");
    decision.call = call.id();
    decision.score = 0.1;
    decision.responseId = "resp_1";
    decision.isRepeat = true;
    sink->decided(decision);
    QVERIFY(store->flush(kLong));
    const auto row = (*store->openReader())->decisions({}, 1)->items.front();
    QVERIFY(row.decision == decision);
    // As docs/evidence.md says it is made.
    const std::string json =
        R"({"kind":"decision","id":"019a0000-0000-7000-8000-000000000002","call_id":")" + call.id().toString() +
        R"(","at":"2023-11-14T22:13:20.000003Z","seq":3,"policy_id":"destructive-sql","policy_version":")" +
        std::string(64, 'a') +
        R"(","mode":"enforce","verdict":"block","answered_by":"policy","score":"0.1",)"
        R"("reason":"DROP TABLE removes a table","agent_text":"[Tool call `Bash` was blocked by policy]",)"
        R"("tool":"Bash","tool_id":"toolu_1","response_id":"resp_1","conversation_id":null,"inference_call_id":null,)"
        R"("repeat":true,"matched":[{"pointer":"/command","start":9,"end":25}],"original_sha256":")" +
        toHex(Sha256::of(decision.original)) + R"(","final_sha256":null,"latency_us":42})";
    QCOMPARE(evidenceOf(*openDatabase(directory), EvidenceKind::Decision, row.cursor.row).value(), json);
    QCOMPARE(toHex(row.link->sha256), toHex(Sha256::of(std::string(32, '\0') + json)));
}

void TestEvidence::theChainGoesOnAfterARestart()
{
    const TestDatabase directory;
    {
        const auto store = openStore(directory);
        const auto sink = store->makeSink(0);
        record(*sink);
    }
    const auto store = openStore(directory); // ends the call that was left open
    const auto sink = store->makeSink(1);
    RecordedCall call(*sink, "s", fromMicros(1'700'000'009'000'000));
    call.end();
    QVERIFY(store->flush(kLong));
    const EvidenceReport report = checked(directory);
    QVERIFY2(!report.firstBreak, report.firstBreak ? report.firstBreak->what.c_str() : "");
    QCOMPARE(report.head.number, 7);
}

void TestEvidence::whatIsOlderThanTheChainIsTakenIn()
{
    const TestDatabase directory;
    {
        const auto store = openStore(directory);
        const auto sink = store->makeSink(0);
        record(*sink);
    }
    const EvidenceReport before = checked(directory);
    QCOMPARE(before.head.number, 5);
    for (const char* const sql : {"DELETE FROM evidence", "UPDATE call SET recorded_sha256 = NULL",
                                  "UPDATE store_state SET evidence_filled = 0"})
        QVERIFY(openDatabase(directory)->run(QLatin1String(sql)));
    const auto store = openStore(directory); // ends the call that was left open
    const EvidenceReport report = checked(directory);
    QVERIFY2(!report.firstBreak, report.firstBreak ? report.firstBreak->what.c_str() : "");
    QCOMPARE(report.head.number, 6);
}

void TestEvidence::tamperingIsNamed_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<std::int64_t>("link");
    const auto row = [](const char* name, const char* sql, std::int64_t link) {
        QTest::newRow(name) << QString::fromLatin1(sql) << link;
    };
    row("another verdict", "UPDATE decision SET verdict = 0 WHERE id = 2", 2);
    row("another reason", "UPDATE decision SET reason = reason || '!' WHERE id = 1", 1);
    row("a call that was not blocked", "UPDATE call SET status = 5 WHERE id = 1", 3);
    row("another session", "UPDATE session SET uid = 'other'", 3);
    row("a decision that is deleted", "DELETE FROM decision WHERE id = 2", 2);
    row("a link that is deleted", "DELETE FROM evidence WHERE id = 2", 2);
    row("a link that is deleted and closed over",
        "DELETE FROM evidence WHERE id = 2; UPDATE evidence SET id = -id WHERE id > 2; "
        "UPDATE evidence SET id = -id - 1 WHERE id < 0",
        2);
    row("two decisions that are swapped",
        "UPDATE evidence SET subject_id = -subject_id WHERE id < 3; "
        "UPDATE evidence SET subject_id = 3 + subject_id WHERE id < 3",
        1);
    row("two links that are swapped",
        "UPDATE evidence SET id = -id WHERE id IN (2, 3); UPDATE evidence SET id = 5 + id WHERE id < 0", 2);
    row("another hash", "UPDATE evidence SET sha256 = x'00' WHERE id = 4", 4);
    row("a flipped byte in the events",
        "UPDATE block SET data = CAST(substr(data, 1, length(data) - 1) || x'7f' AS BLOB) WHERE call_id = 2", 4);
    row("events that are gone", "DELETE FROM block WHERE call_id = 1", 3);
    row("a message that is exchanged",
        "UPDATE node SET content_id = (SELECT opening_content_id FROM request LIMIT 1) WHERE depth = 1", 3);
    row("another reply", "UPDATE call SET reply_content_id = sent_reply_content_id WHERE id = 1", 3);
    row("a flipped byte in a text", "UPDATE content SET data = x'00' WHERE id = 1", 0);
    row("a decision that is slipped in",
        "INSERT INTO decision (uid, call_id, session_id, at_us, seq, policy_id, policy_version, mode, verdict, "
        "answered_by, reason, agent_text, tool, tool_uid, matched, latency_us) "
        "SELECT x'01', call_id, session_id, at_us, seq, policy_id, policy_version, mode, verdict, answered_by, reason, "
        "agent_text, tool, tool_uid, matched, latency_us FROM decision WHERE id = 1",
        0);
}

void TestEvidence::tamperingIsNamed()
{
    QFETCH(QString, sql);
    QFETCH(std::int64_t, link);
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    record(*sink);
    QVERIFY(store->flush(kLong));
    QVERIFY(!checked(directory).firstBreak);
    for (const QString& statement : sql.split(QLatin1String("; "))) {
        const auto done = openDatabase(directory)->run(directory.inDialect(statement));
        QVERIFY2(done, done ? "" : done.error().toString().c_str());
    }
    const EvidenceReport report = checked(directory);
    QVERIFY(report.firstBreak.has_value());
    QCOMPARE(report.firstBreak->link, link);
    QVERIFY(!report.firstBreak->what.empty());
}

void TestEvidence::checkingCanBeStopped()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    record(*sink);
    QVERIFY(store->flush(kLong));
    const auto stopped = checkEvidence(*openDatabase(directory), [](std::int64_t) { return false; });
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Timeout);
}

LUTHIEN_TEST(tst_evidence, TestEvidence)
#include "tst_evidence.moc"
