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
    void whatIsRemovedIsCovered();
    void whatIsRemovedWithoutALinkIsNamed_data();
    void whatIsRemovedWithoutALinkIsNamed();
    void numbersOfRowsMayComeAgain();
    void aRecomputedChainIsNotSigned();
    void keysComeAndGo();
    void aHeadKeptElsewhereIsInTheChain();
    void checkingCanBeStopped();
    void aSessionIsCheckedAlone_data();
    void aSessionIsCheckedAlone();

private:
    /// One database for all rows of a test, made once for each engine. It must not be changed.
    const TestDatabase& shared(const char* name, bool (*fill)(const TestDatabase& empty));

    std::map<QString, std::unique_ptr<TestDatabase>> m_shared;
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

EvidenceReport checked(const TestDatabase& directory, const EvidenceCheck& check = {})
{
    const auto report = checkEvidence(*openDatabase(directory), check);
    if (!report)
        qCritical("%s", report.error().toString().c_str());
    return report ? *report : EvidenceReport{.head = {-1, {}}};
}

/// What is wrong, with the number of the link; empty = nothing is.
std::string breakOf(const EvidenceReport& report)
{
    return report.firstBreak ? std::to_string(report.firstBreak->link) + ' ' + report.firstBreak->what : std::string();
}

/// Everything that record() records is in the database, and nobody writes to it any more.
void recordAndClose(const TestDatabase& directory, std::shared_ptr<const EvidenceKey> key = {})
{
    const auto store = openStore(directory);
    store->setEvidenceKey(std::move(key));
    record(*store->makeSink(0));
}

/// Statements separated by "; ". False, with a line that says why, if one cannot be run.
bool runAll(Database& database, const TestDatabase& directory, const QString& sql)
{
    for (const QString& statement : sql.split(QLatin1String("; "), Qt::SkipEmptyParts)) {
        if (const auto done = database.run(directory.inDialect(statement)); !done) {
            qCritical("%s", done.error().toString().c_str());
            return false;
        }
    }
    return true;
}

/// What a check finds after some statements, which are taken back then; none = nothing, or they cannot be run.
std::optional<EvidenceBreak> breakAfter(const TestDatabase& directory, const QString& sql)
{
    const auto database = openDatabase(directory);
    if (!database->begin() || !runAll(*database, directory, sql))
        return std::nullopt;
    const auto report = checkEvidence(*database);
    database->rollback();
    return report ? report->firstBreak : std::nullopt;
}

/// Removes as a store does: the link first, then the rows, in one transaction.
bool remove(const TestDatabase& directory, RemovalReason reason, const std::vector<RemovedSubject>& subjects,
            const QString& sql)
{
    const auto database = openDatabase(directory);
    EvidenceChain chain(*database);
    const auto done = database->begin() && chain.addRemoval(reason, subjects) && runAll(*database, directory, sql);
    return done && database->commit();
}

const QString kRemoveFirstCall = QStringLiteral(
    "DELETE FROM decision WHERE call_id = 1; DELETE FROM block WHERE call_id = 1; DELETE FROM request WHERE call_id = "
    "1; DELETE FROM call WHERE id = 1");
const std::vector<RemovedSubject> kFirstCall{
    {EvidenceKind::Decision, 2}, {EvidenceKind::Call, 1}, {EvidenceKind::Decision, 1}};
const QString kRemoveFirstBodies = QStringLiteral(
    "DELETE FROM block WHERE call_id = 1; DELETE FROM request WHERE call_id = 1; UPDATE call SET removal = 2, "
    "reply_content_id = NULL, sent_reply_content_id = NULL WHERE id = 1; UPDATE decision SET original_content_id = "
    "NULL, final_content_id "
    "= NULL WHERE call_id = 1");

std::shared_ptr<const EvidenceKey> keyOf(char digit)
{
    return std::make_shared<const EvidenceKey>(*EvidenceKey::parse(std::string(64, digit)));
}

/// Changes a decision and computes every later link anew, as somebody does who can write the database and has read
/// docs/evidence.md.
bool forge(const TestDatabase& directory, std::int64_t decision)
{
    const auto database = openDatabase(directory);
    bool done =
        runAll(*database, directory, QStringLiteral("UPDATE decision SET reason = 'fine' WHERE id = %1").arg(decision));
    Digest previous{};
    const auto head = readEvidenceHead(*database)->number;
    for (std::int64_t number = 1; done && number <= head; ++number) {
        const auto column = [&](const char* name) {
            return database
                ->number(QStringLiteral("SELECT %1 FROM evidence WHERE id = %2").arg(QLatin1String(name)).arg(number))
                ->value_or(0);
        };
        previous = linkDigest(
            previous, evidenceOf(*database, static_cast<EvidenceKind>(column("kind")), column("subject_id"))->value());
        done = runAll(*database, directory,
                      QStringLiteral("UPDATE evidence SET sha256 = x'%1' WHERE id = %2")
                          .arg(QString::fromStdString(toHex(previous)))
                          .arg(number));
    }
    return done;
}
} // namespace

const TestDatabase& TestEvidence::shared(const char* name, bool (*fill)(const TestDatabase& empty))
{
    QFETCH_GLOBAL(QString, engine);
    std::unique_ptr<TestDatabase>& test = m_shared[engine + QLatin1String(name)];
    if (!test) {
        test = std::make_unique<TestDatabase>();
        if (!fill(*test))
            qCritical("the database for the test is not as it should be");
    }
    return *test;
}

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
    row("a call that is hidden, as if its texts were removed", "UPDATE call SET removal = 2 WHERE id = 2", 4);
    row("a call that is hidden, as if it were removed", "UPDATE call SET removal = 3 WHERE id = 1", 3);
    row("another hash", "UPDATE evidence SET sha256 = x'00' WHERE id = 4", 4);
    row("a flipped byte in the events",
        "UPDATE block SET data = CAST(substr(data, 1, length(data) - 1) || x'7f' AS BLOB) WHERE call_id = 2", 4);
    row("events that are gone", "DELETE FROM block WHERE call_id = 1", 3);
    row("a message that is exchanged",
        "UPDATE node SET content_id = (SELECT opening_content_id FROM request LIMIT 1) WHERE depth = 1", 3);
    row("another reply", "UPDATE call SET reply_content_id = sent_reply_content_id WHERE id = 1", 3);
    row("a flipped byte in a text", "UPDATE content SET data = x'00' WHERE id = 1", 0);
    row("the newest link is gone, its decision is not", "DELETE FROM evidence WHERE id = 5", 0);
    row("a call that is gone with all that belongs to it",
        "DELETE FROM decision WHERE call_id = 1; DELETE FROM block WHERE call_id = 1; DELETE FROM request WHERE "
        "call_id = 1; DELETE FROM call WHERE id = 1",
        1);
    row("a signature that nobody can have made", "UPDATE evidence SET hmac = x'00' WHERE id = 3", 3);
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
    const TestDatabase& directory = shared("recorded", [](const TestDatabase& empty) {
        recordAndClose(empty);
        return checked(empty) == EvidenceReport{.head = checked(empty).head, .stretches = {{1, 5, {}, false}}};
    });
    const auto broken = breakAfter(directory, sql);
    QVERIFY(broken.has_value());
    QCOMPARE(broken->link, link);
    QVERIFY(!broken->what.empty());
}

void TestEvidence::whatIsRemovedIsCovered()
{
    const TestDatabase directory;
    recordAndClose(directory);
    // The texts of the first call go, in two steps, then all of it does; the second call goes as a whole.
    QVERIFY(remove(directory, RemovalReason::BodiesRetention, kFirstCall,
                   QStringLiteral("UPDATE call SET removal = 1 WHERE id = 1; DELETE FROM request WHERE call_id = 1")));
    QCOMPARE(breakOf(checked(directory)), std::string());
    QVERIFY(remove(directory, RemovalReason::BodiesRetention, {}, kRemoveFirstBodies));
    EvidenceReport report = checked(directory);
    QCOMPARE(breakOf(report), std::string());
    QCOMPARE(report.bodiless, 3);
    QCOMPARE(report.head.number, 6);
    QVERIFY(remove(directory, RemovalReason::MetadataRetention, kFirstCall, kRemoveFirstCall));
    QVERIFY(remove(directory, RemovalReason::Person, {{EvidenceKind::Call, 2}},
                   QString(kRemoveFirstCall).replace(QLatin1String("= 1"), QLatin1String("= 2"))));
    QVERIFY(remove(directory, RemovalReason::Person, {{EvidenceKind::Call, 2}}, QString())); // is gone already
    report = checked(directory);
    QCOMPARE(breakOf(report), std::string());
    QCOMPARE(report.removed, 4);
    QCOMPARE(report.bodiless, 0);
    QCOMPARE(report.head.number, 8);
    // As docs/evidence.md says it is made.
    const auto database = openDatabase(directory);
    const std::string json = evidenceOf(*database, EvidenceKind::Removal, 3)->value();
    const std::string begin = "{\"kind\":\"removal\",\"at\":\"20";
    const std::string middle = "Z\",\"reason\":\"person\",\"links\":1,\"sha256\":\"";
    QVERIFY2(json.starts_with(begin), json.c_str());
    QVERIFY2(json.find(middle) != std::string::npos, json.c_str());
}

void TestEvidence::whatIsRemovedWithoutALinkIsNamed_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<std::int64_t>("link");
    const auto row = [](const char* name, const char* sql, std::int64_t link) {
        QTest::newRow(name) << QString::fromLatin1(sql) << link;
    };
    row("another decision, said to be removed too",
        "DELETE FROM decision WHERE id = 3; UPDATE evidence SET removal = 6, subject_id = NULL WHERE id = 5", 6);
    row("the same, and the count is mended",
        "DELETE FROM decision WHERE id = 3; UPDATE evidence SET removal = 6, subject_id = NULL WHERE id = 5; UPDATE "
        "evidence_removal SET links = 4 WHERE id = 1",
        6);
    row("a decision, said to be removed by a link that is none",
        "DELETE FROM decision WHERE id = 3; UPDATE evidence SET removal = 7, subject_id = NULL WHERE id = 5", 5);
    row("a decision, said to be removed by a link about something else",
        "DELETE FROM decision WHERE id = 3; UPDATE evidence SET removal = 4, subject_id = NULL WHERE id = 5", 5);
    row("a decision of which only the texts are said to be removed",
        "DELETE FROM decision WHERE id = 3; UPDATE evidence SET bodies_removal = 7 WHERE id = 5", 5);
    row("a row, in the name of a link about texts",
        "DELETE FROM block WHERE call_id = 2; DELETE FROM request WHERE call_id = 2; DELETE FROM call WHERE id = 2; "
        "UPDATE evidence SET removal = 7, subject_id = NULL WHERE id = 4",
        4);
    row("texts, in the name of a link about rows",
        "DELETE FROM block WHERE call_id = 2; UPDATE evidence SET bodies_removal = 6 WHERE id = 4", 4);
    row("a link about a removal itself", "UPDATE evidence SET removal = 7, subject_id = NULL WHERE id = 6", 1);
    row("another reason", "UPDATE evidence_removal SET reason = 3 WHERE id = 1", 6);
    row("another hash of what is gone", "UPDATE evidence SET sha256 = x'00' WHERE id = 2", 2);
    row("a link that was covered is no longer", "UPDATE evidence SET removal = NULL WHERE id = 2", 2);
    row("texts put where there are none any more", "UPDATE call SET reply_content_id = 1 WHERE id = 2", 4);
    row("events put where there are none any more",
        "INSERT INTO block (call_id, seq, events, start_us, raw_bytes, codec, data) VALUES (2, 0, 1, 1700000001000000, "
        "1, 0, x'00')",
        4);
    row("a request put where there are none any more",
        "INSERT INTO request (call_id, seq, direction, at_us, headers_content_id, opening_content_id, raw_bytes) "
        "VALUES "
        "(2, 0, 0, 1700000001000000, 1, 1, 1)",
        4);
    row("the same, of a call that is said to have all its texts",
        "UPDATE call SET removal = 0 WHERE id = 2; INSERT INTO request (call_id, seq, direction, at_us, "
        "headers_content_id, opening_content_id, raw_bytes) VALUES (2, 0, 0, 1700000001000000, 1, 1, 1)",
        4);
    row("texts that are said to be there again", "UPDATE call SET removal = 0 WHERE id = 2", 4);
    row("a call that is hidden once its texts are gone", "UPDATE call SET removal = 3 WHERE id = 2", 4);
    row("another status of what has no texts", "UPDATE call SET status = 5 WHERE id = 2", 4);
    row("another hash of a text that is gone", "UPDATE call SET reply_sha256 = x'00' WHERE id = 2", 4);
}

void TestEvidence::whatIsRemovedWithoutALinkIsNamed()
{
    QFETCH(QString, sql);
    QFETCH(std::int64_t, link);
    const TestDatabase& directory = shared("removed", [](const TestDatabase& empty) {
        recordAndClose(empty);
        return remove(empty, RemovalReason::Person, kFirstCall, kRemoveFirstCall) &&
               remove(empty, RemovalReason::BodiesRetention, {{EvidenceKind::Call, 2}},
                      QString(kRemoveFirstBodies).replace(QLatin1String("= 1"), QLatin1String("= 2"))) &&
               breakOf(checked(empty)).empty();
    });
    const auto broken = breakAfter(directory, sql);
    QVERIFY(broken.has_value());
    QCOMPARE(broken->link, link);
}

/// SQLite gives the number of the newest row again once that one is deleted.
void TestEvidence::numbersOfRowsMayComeAgain()
{
    const TestDatabase directory;
    recordAndClose(directory);
    QVERIFY(remove(directory, RemovalReason::Person, {{EvidenceKind::Decision, 3}},
                   QStringLiteral("DELETE FROM decision WHERE id = 3")));
    const auto store = openStore(directory);
    const auto sink = store->makeSink(1);
    RecordedCall call(*sink, "t", fromMicros(1'700'000'009'000'000));
    call.decide("original four");
    call.end();
    QVERIFY(store->flush(kLong));
    const EvidenceReport report = checked(directory);
    QCOMPARE(breakOf(report), std::string());
    QCOMPARE(report.removed, 1);
}

void TestEvidence::aRecomputedChainIsNotSigned()
{
    const TestDatabase directory;
    const auto key = keyOf('a');
    recordAndClose(directory, key);
    const EvidenceReport report = checked(directory, {.key = key.get()});
    QCOMPARE(breakOf(report), std::string());
    QCOMPARE(report.stretches, (std::vector<SignedStretch>{{1, 6, key->id(), true}})); // the first is about the key
    QVERIFY(forge(directory, 2));
    QCOMPARE(breakOf(checked(directory)), std::string()); // nothing in the database tells
    QCOMPARE(checked(directory, {.key = key.get()}).firstBreak->link, 3);
    QVERIFY(
        runAll(*openDatabase(directory), directory, QStringLiteral("UPDATE evidence SET hmac = NULL WHERE id > 2")));
    QCOMPARE(checked(directory).firstBreak->link, 3);
    // Without its first link, the key was never in force; then the numbers do not fit.
    QVERIFY(runAll(*openDatabase(directory), directory,
                   QStringLiteral("UPDATE evidence SET hmac = NULL; DELETE FROM evidence WHERE id = 1")));
    QCOMPARE(checked(directory).firstBreak->link, 1);
}

void TestEvidence::keysComeAndGo()
{
    const TestDatabase directory;
    const std::vector<std::shared_ptr<const EvidenceKey>> keys{nullptr, keyOf('a'), keyOf('a'), keyOf('b'), nullptr};
    for (std::size_t run = 0; run < keys.size(); ++run) {
        const auto store = openStore(directory);
        store->setEvidenceKey(keys[run]);
        const auto sink = store->makeSink(static_cast<int>(run));
        RecordedCall call(*sink, "s", fromMicros(1'700'000'000'000'000 + static_cast<std::int64_t>(run)));
        call.decide("x");
        call.end();
        QVERIFY(store->flush(kLong));
        QCOMPARE((*store->openReader())->evidenceKeyId().value(), keys[run] ? keys[run]->id() : std::string());
    }
    const EvidenceReport report = checked(directory, {.key = keys[3].get()});
    QCOMPARE(breakOf(report), std::string());
    QCOMPARE(report.stretches,
             (std::vector<SignedStretch>{
                 {1, 2, {}, false}, {3, 7, keys[1]->id(), false}, {8, 10, keys[3]->id(), true}, {11, 13, {}, false}}));
    QVERIFY(keys[1]->id() != keys[3]->id());
}

void TestEvidence::aHeadKeptElsewhereIsInTheChain()
{
    const TestDatabase directory;
    recordAndClose(directory);
    const EvidenceHead kept = checked(directory).head;
    QCOMPARE(kept.number, 5);
    QCOMPARE(breakOf(checked(directory, {.keptHead = kept})), std::string());
    QVERIFY(forge(directory, 2));
    QCOMPARE(breakOf(checked(directory)), std::string());
    QCOMPARE(checked(directory, {.keptHead = kept}).firstBreak->link, 5);
    // The newest decision is cut off, and its link with it.
    QVERIFY(runAll(*openDatabase(directory), directory,
                   QStringLiteral("DELETE FROM evidence WHERE id = 5; DELETE FROM decision WHERE id = 3")));
    QCOMPARE(breakOf(checked(directory)), std::string());
    QCOMPARE(breakOf(checked(directory, {.keptHead = kept})),
             std::string("5 the chain ends at link 4, but link 5 was kept elsewhere"));
}

void TestEvidence::checkingCanBeStopped()
{
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    record(*sink);
    QVERIFY(store->flush(kLong));
    const auto stopped = checkEvidence(*openDatabase(directory), {.progress = [](std::int64_t) { return false; }});
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Timeout);
}

void TestEvidence::aSessionIsCheckedAlone_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("what"); // of session "s"; empty = it holds
    const QString other = QStringLiteral("SELECT call.id FROM call JOIN session ON session.id = call.session_id WHERE "
                                         "session.uid = 'other'");
    QTest::newRow("nothing is changed") << QString() << QString();
    QTest::newRow("a decision") << QStringLiteral("UPDATE decision SET reason = 'fine' WHERE id = 2")
                                << QStringLiteral("the decision that link 2 is about is not what was recorded");
    QTest::newRow("a byte of an event") << QStringLiteral("UPDATE block SET data = x'00' WHERE call_id = 1")
                                        << QStringLiteral("the requests or events of the call that link 3");
    QTest::newRow("a byte of a message")
        << QStringLiteral("UPDATE content SET data = x'00' WHERE id = (SELECT min(content_id) FROM node)")
        << QStringLiteral("the stored text ");
    QTest::newRow("a text that was judged")
        << QStringLiteral("UPDATE content SET data = x'00' WHERE id = (SELECT original_content_id FROM decision "
                          "WHERE id = 1)")
        << QStringLiteral("the stored text ");
    QTest::newRow("a link") << QStringLiteral("UPDATE evidence SET removal = 9, subject_id = NULL WHERE id = 3")
                            << QStringLiteral("is in no link");
    QTest::newRow("the link before one") << QStringLiteral("DELETE FROM evidence WHERE id = 2")
                                         << QStringLiteral("is in no link");
    QTest::newRow("a byte of another session")
        << QStringLiteral("UPDATE block SET data = x'00' WHERE call_id IN (%1)").arg(other) << QString();
    QTest::newRow("a decision of another session")
        << QStringLiteral("UPDATE decision SET reason = 'fine' WHERE call_id IN (%1)").arg(other) << QString();
}

void TestEvidence::aSessionIsCheckedAlone()
{
    const TestDatabase& directory = shared("two sessions", [](const TestDatabase& empty) {
        const auto store = openStore(empty);
        const auto sink = store->makeSink(0);
        record(*sink);
        RecordedCall other(*sink, "other", fromMicros(1'700'000'003'000'000));
        other.request("{}");
        other.decide("original four");
        other.end();
        return store->flush(kLong).hasValue();
    });
    QFETCH(QString, sql);
    QFETCH(QString, what);
    const auto database = openDatabase(directory);
    QVERIFY(database->begin() && runAll(*database, directory, sql));
    const auto report = checkEvidenceOfSession(*database, "s");
    const auto other = checkEvidenceOfSession(*database, "other");
    const auto whole = checkEvidence(*database);
    const auto nobody = checkEvidenceOfSession(*database, "nobody");
    database->rollback();
    QVERIFY2(report, report ? "" : report.error().toString().c_str());
    const QString found = QString::fromStdString(report->firstBreak ? report->firstBreak->what : std::string());
    QVERIFY2(what.isEmpty() ? found.isEmpty() : found.contains(what), qPrintable(found));
    QVERIFY(what.isEmpty() ? report->links == 5 : report->links < 5); // three decisions, two ends
    QCOMPARE(other->firstBreak.has_value(), what.isEmpty() && !sql.isEmpty());
    QCOMPARE(whole->firstBreak.has_value(), !sql.isEmpty());
    QCOMPARE(nobody.error().code, ErrorCode::NotFound);
}

LUTHIEN_TEST(tst_evidence, TestEvidence)
#include "tst_evidence.moc"
