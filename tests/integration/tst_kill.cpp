// SPDX-License-Identifier: Apache-2.0
// The whole program under load, killed at any instant. What anybody outside has seen of it is on record: the requests
// that the upstream got, each byte that a client got, and the decision behind each notice.
#include "app/daemon/daemon_fixture.h"
#include "integration/turn.h"
#include "store/evidence_check.h"
#include "store/reader.h"
#include "support/raw_client.h"
#include "support/stored_events.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QElapsedTimer>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <random>
#include <set>
#include <stop_token>
#include <thread>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::Api;
using conversation::CallStatus;
using conversation::Direction;
using conversation::WireKind;
using store::EventRow;

namespace {
constexpr int kAgents = 8;
constexpr int kMaxCalls = 200; ///< of one agent in a round
constexpr int kWords = 40;     ///< of a reply's text, an event each
constexpr int kCallsAConnection = 4;
constexpr int kRoundsBetweenChecks = 10; ///< of all that was ever recorded
constexpr unsigned kLongestMillis = 400; ///< from the ready line to the kill
constexpr qint64 kMostRecoveryMillis = 1000;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true;
#else
constexpr bool kIsSanitized = false;
#endif

const ScriptedCall kBlocked{"call_canary", "run_sql", R"({"sql":"DROP TABLE canary_orders"})"};
const ScriptedCall kAllowed{"call_fine", "run_sql", R"({"sql":"SELECT 1"})"};
const std::string kPlace = "@word@";
const std::string kNotice = "was blocked by policy";

/// What one client asked, and what it had of the answer when the program died.
struct Seen
{
    std::string request;
    bool isJudged = false;
    bool drops = false;
    RawClient::Reply reply;
};

/// The stream with its text as many events, no two alike.
std::vector<std::string> withManyWords(const std::vector<std::string>& events)
{
    std::vector<std::string> all;
    for (const std::string& event : events) {
        const std::size_t at = event.find(kPlace);
        for (int word = 0; word < (at == std::string::npos ? 1 : kWords); ++word) {
            all.push_back(event);
            if (at != std::string::npos)
                all.back().replace(at, kPlace.size(), "word " + std::to_string(word) + ' ');
        }
    }
    return all;
}

std::vector<std::string> cutAnyhow(const std::string& bytes, std::mt19937& random)
{
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < bytes.size(); at += pieces.back().size())
        pieces.push_back(bytes.substr(at, 1 + random() % 400));
    return pieces;
}

ScriptedReply play(const ScriptedRequest& request)
{
    const Api api = request.target.find("chat") != std::string::npos ? Api::OpenAiChat : Api::AnthropicMessages;
    const bool isStream = request.body.find(R"("stream":true)") != std::string::npos;
    const bool drops = request.body.find("drop it") != std::string::npos;
    const ScriptedTurn turn{kPlace, {kAllowed, drops ? kBlocked : kAllowed}};
    auto random = std::make_shared<std::mt19937>(static_cast<unsigned>(std::hash<std::string>()(request.body)));
    std::string bytes;
    if (!isStream)
        bytes = bodyOf(api, turn);
    for (const std::string& event : isStream ? withManyWords(streamOf(api, turn)) : std::vector<std::string>())
        bytes += event;
    return {.headers = {{"Content-Type", isStream ? "text/event-stream" : "application/json"}},
            .pieces = cutAnyhow(bytes, *random),
            .framing = isStream ? ScriptedReply::Framing::Chunked : ScriptedReply::Framing::Length,
            .beforePiece = [random](std::size_t) {
                std::this_thread::sleep_for(std::chrono::microseconds((*random)() % 3000)); // as a model writes
            }};
}

Seen nextQuestion(const std::string& agent, int number, std::mt19937& random)
{
    Seen seen{.isJudged = random() % 3 != 0, .drops = random() % 2 == 0};
    seen.request = std::string(R"({"model":")") + (seen.isJudged ? "judged" : "plain") +
                   R"(","max_tokens":99,"stream":)" + (random() % 5 == 0 ? "false" : "true") +
                   R"(,"messages":[{"role":"user","content":")" + agent + '-' + std::to_string(number) +
                   (seen.drops ? " drop it" : " look") + "\"}]}";
    return seen;
}

/// Asks until the program is gone.
std::vector<Seen> ask(std::uint16_t port, const std::string& session, const std::string& name, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<Seen> all;
    while (all.size() < kMaxCalls) {
        RawClient client(port);
        for (int i = 0; i < kCallsAConnection; ++i) {
            Seen seen = nextQuestion(name, static_cast<int>(all.size()), random);
            const char* const path = random() % 2 == 0 ? "/v1/messages" : "/v1/chat/completions";
            client.send(std::string("POST ") + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                        "\r\nContent-Type: application/json\r\nx-session-id: " + session +
                        "\r\nContent-Length: " + std::to_string(seen.request.size()) + "\r\n\r\n" + seen.request);
            seen.reply = client.readReply(false, 30s);
            all.push_back(std::move(seen));
            if (!all.back().reply.complete)
                return all;
        }
    }
    return all;
}

/// The next bytes a client got are this piece, or what of it had left.
bool fits(std::string_view piece, std::string_view body)
{
    return !piece.empty() && (body.starts_with(piece) || piece.starts_with(body));
}

/// The client's bytes are, one after another, events of the record: ours in their order, each in its turn, and those of
/// the upstream in theirs. If nothing of ours is among them, none of the upstream's may be missing.
bool isOnRecord(const std::vector<EventRow>& events, std::string_view body)
{
    std::vector<std::string_view> received;
    std::vector<std::string_view> ours;
    bool sawHead = false;
    for (const EventRow& event : events) {
        if (event.kind == WireKind::Request || event.kind == WireKind::End || event.bytes.empty())
            continue;
        if (event.direction == Direction::Sent)
            ours.push_back(event.bytes);
        else if (std::exchange(sawHead, true)) // the first is the reply's head
            received.push_back(event.bytes);
    }
    auto own = ours.begin();
    auto from = received.begin();
    while (!body.empty()) {
        auto piece = own;
        if (own != ours.end() && fits(*own, body)) {
            ++own;
        } else {
            while (!ours.empty() && from != received.end() && !fits(*from, body))
                ++from;
            if (from == received.end() || !fits(*from, body))
                return false;
            piece = from++;
        }
        body.remove_prefix(std::min(piece->size(), body.size()));
    }
    return true;
}

/// How long, while it lives, the machine kept a thread from running that only wants to sleep for a millisecond: so long
/// at least nobody else got a processor in time, either.
class Starvation
{
public:
    [[nodiscard]] qint64 millis() const { return m_micros / 1000; }

private:
    void probe(const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            const auto start = std::chrono::steady_clock::now();
            std::this_thread::sleep_for(1ms);
            const auto late = std::chrono::steady_clock::now() - start - 2ms; // a timer's own slack
            m_micros += std::max<qint64>(0, std::chrono::duration_cast<std::chrono::microseconds>(late).count());
        }
    }

    std::atomic<qint64> m_micros{0};
    std::jthread m_thread{[this](const std::stop_token& stop) { probe(stop); }};
};

unsigned numberFrom(const char* variable, unsigned otherwise)
{
    return qEnvironmentVariableIsSet(variable) ? static_cast<unsigned>(qEnvironmentVariableIntValue(variable))
                                               : otherwise;
}
} // namespace

class TestKill : public DaemonFixture
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addEngines(); }
    void whatAnybodySawIsOnRecord();
    void cleanup() { end(); }

private:
    void configure(const std::string& databaseUrl);
    void loadAndKill(int round);
    void killWhileItRecovers();
    void verifyRound(int round);
    void verifyCall(store::Reader& reader, const Seen& seen);
    void verifyRequests(store::Reader& reader, const std::string& session);
    void verifyDatabase();
    [[nodiscard]] store::DatabaseLocation location() const { return {path("data"), m_url}; }
    [[nodiscard]] static std::string sessionOf(int round) { return "round-" + std::to_string(round); }

    std::mt19937 m_random;
    std::string m_url;
    std::vector<Seen> m_seen; ///< in the last round
    std::size_t m_checkedBytes = 0;
    std::size_t m_checkedCalls = 0;
    std::size_t m_cutCalls = 0;
    std::size_t m_checkedNotices = 0;
};

void TestKill::configure(const std::string& databaseUrl)
{
    m_upstream = std::make_unique<ScriptedUpstream>(play);
    std::ofstream(path("config.yaml")) << "database: \"" << databaseUrl << "\"\nupstreams:\n"
                                       << "  - {name: anthropic, base_url: " << m_upstream->baseUrl()
                                       << ", api: anthropic-messages}\n  - {name: openai, base_url: "
                                       << m_upstream->baseUrl() << ", api: openai}\npolicies:\n"
                                       << "  - {id: sql, type: destructive-sql, mode: enforce, scope: {models: "
                                          "[judged]}}\n";
}

void TestKill::loadAndKill(int round)
{
    const std::string proxy = m_ready.at("proxy").as_string().c_str();
    const auto port = static_cast<std::uint16_t>(std::stoi(proxy.substr(proxy.rfind(':') + 1)));
    std::vector<std::vector<Seen>> seen(kAgents);
    const auto killAt = std::chrono::steady_clock::now() + std::chrono::milliseconds(20 + m_random() % kLongestMillis);
    {
        std::vector<std::jthread> agents;
        for (std::size_t i = 0; i < kAgents; ++i)
            agents.emplace_back([&, i, seed = static_cast<unsigned>(m_random())] {
                seen[i] = ask(port, sessionOf(round), sessionOf(round) + '-' + std::to_string(i), seed);
            });
        while (std::chrono::steady_clock::now() < killAt)
            m_server->waitForReadyRead(1); // its log must not fill the pipe
        m_server->kill();
        m_server->waitForFinished();
    }
    QCOMPARE(m_server->exitStatus(), QProcess::CrashExit);
    m_seen.clear();
    for (std::vector<Seen>& some : seen)
        std::ranges::move(some, std::back_inserter(m_seen));
}

void TestKill::killWhileItRecovers()
{
    startServing();
    QVERIFY(m_server->waitForStarted());
    const auto killAt = std::chrono::steady_clock::now() + std::chrono::milliseconds(m_random() % 80);
    while (std::chrono::steady_clock::now() < killAt)
        m_server->waitForReadyRead(1);
    m_server->kill();
    m_server->waitForFinished();
}

void TestKill::verifyCall(store::Reader& reader, const Seen& seen)
{
    const std::string text = seen.reply.header("x-luthien-call-id");
    const auto id = CallId::parse(text);
    QVERIFY2(id, text.c_str());
    const auto call = reader.call(*id);
    QVERIFY2(call, "a call that its client saw begin is not on record");
    QCOMPARE(call->status, seen.reply.complete ? CallStatus::Completed : call->status);
    QCOMPARE(reader.requestBody(*id).value(), seen.request);
    const auto events = eventsOf(reader, *id);
    QVERIFY(events && !events->empty());
    for (std::size_t i = 0; i < events->size(); ++i)
        QCOMPARE((*events)[i].seq, static_cast<std::uint32_t>(i));
    QCOMPARE(events->back().kind, WireKind::End);
    QVERIFY2(isOnRecord(*events, seen.reply.body), ("not on record: " + seen.reply.body).c_str());
    m_checkedBytes += seen.reply.body.size();
    ++m_checkedCalls;
    m_cutCalls += seen.reply.complete ? 0 : 1;

    const bool hasNotice = seen.reply.body.find(kNotice) != std::string::npos;
    if (seen.isJudged)
        QVERIFY2(seen.reply.body.find("canary") == std::string::npos, "a part of a blocked call reached the client");
    QVERIFY(!seen.reply.complete || hasNotice == (seen.isJudged && seen.drops));
    if (!hasNotice)
        return;
    const auto decisions = reader.decisionsOfCall(*id, std::nullopt, 10);
    QVERIFY(decisions);
    QVERIFY2(std::ranges::any_of(decisions->items,
                                 [](const store::DecisionRow& row) {
                                     return row.decision.verdict == conversation::Verdict::Block &&
                                            row.decision.mode == conversation::PolicyMode::Enforce &&
                                            row.decision.toolId == kBlocked.id;
                                 }),
             "a client saw a notice without a decision");
    ++m_checkedNotices;
}

/// Each request that left for the upstream is there, and none twice.
void TestKill::verifyRequests(store::Reader& reader, const std::string& session)
{
    std::set<std::string> recorded;
    std::optional<store::Cursor> from;
    do {
        const auto page = reader.callsOfSession(session, store::Order::Ascending, from, 1000);
        QVERIFY(page);
        for (const store::CallRow& call : page->items)
            QVERIFY2(recorded.insert(reader.requestBody(call.id).value()).second, "a call is on record twice");
        from = page->next;
    } while (from);
    for (const ScriptedRequest& request : m_upstream->requests()) {
        if (request.body.find('"' + session + '-') != std::string::npos) // one of an earlier round may be late
            QVERIFY2(recorded.contains(request.body),
                     ("the upstream got what is not on record: " + request.body).c_str());
    }
}

void TestKill::verifyDatabase()
{
    const auto database = store::Database::open(location(), store::Access::ReadOnly);
    QVERIFY(database);
    const auto ask = [&](const char* sql) { return (*database)->number(QLatin1String(sql))->value_or(-1); };
    QCOMPARE(ask("SELECT count(*) FROM (SELECT call_id, seq FROM block GROUP BY call_id, seq HAVING count(*) > 1) AS "
                 "twice"),
             0);
    QCOMPARE(ask("SELECT count(*) FROM call WHERE status = 0"), 0);
    QCOMPARE(ask("SELECT count(*) FROM call"), ask("SELECT CAST(coalesce(sum(calls), 0) AS BIGINT) FROM session"));
    QCOMPARE(ask("SELECT count(*) FROM decision"),
             ask("SELECT CAST(coalesce(sum(block_decisions), 0) AS BIGINT) FROM session"));
    if (location().isSqlite())
        QCOMPARE(ask("SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
    const auto report = store::checkEvidence(**database);
    QVERIFY(report);
    QVERIFY2(!report->firstBreak, report->firstBreak ? report->firstBreak->what.c_str() : "");
}

void TestKill::verifyRound(int round)
{
    const auto reader = store::Reader::open(location());
    QVERIFY(reader);
    for (const Seen& seen : m_seen) {
        if (seen.reply.status == 0)
            continue; // the program died before it answered
        QCOMPARE(seen.reply.status, 200);
        verifyCall(**reader, seen);
        if (QTest::currentTestFailed())
            return;
    }
    verifyRequests(**reader, sessionOf(round));
}

void TestKill::whatAnybodySawIsOnRecord()
{
    const TestDatabase database;
    m_url = database.url();
    const unsigned seed = numberFrom("LUTHIEN_KILL_SEED", std::random_device{}());
    const unsigned wanted = numberFrom("LUTHIEN_KILL_ROUNDS", 12);
    const int rounds = static_cast<int>(database.isSqlite() ? wanted : std::max(wanted / 4, 3U));
    qInfo("LUTHIEN_KILL_SEED=%u LUTHIEN_KILL_ROUNDS=%d", seed, rounds);
    m_random.seed(seed);
    m_checkedBytes = m_checkedCalls = m_cutCalls = m_checkedNotices = 0;
    std::vector<qint64> recoveries; // milliseconds, without those in which the machine ran nobody
    qint64 longest = 0;
    begin();
    configure(m_url);
    QVERIFY(serve());
    for (int round = 0; round < rounds && !QTest::currentTestFailed(); ++round) {
        loadAndKill(round);
        if (m_random() % 3 == 0)
            killWhileItRecovers();
        const Starvation starvation;
        QElapsedTimer recovery;
        recovery.start();
        QVERIFY(serve());
        longest = std::max(longest, recovery.elapsed());
        recoveries.push_back(recovery.elapsed() - starvation.millis());
        verifyRound(round);
        const bool isTurn = round % kRoundsBetweenChecks == 0 || round + 1 == rounds; // what breaks stays broken
        if (isTurn && !QTest::currentTestFailed())
            verifyDatabase();
        m_upstream->forgetRequests();
    }
    std::ranges::sort(recoveries);
    const qint64 median = recoveries.at(recoveries.size() / 2);
    qInfo("%d kills: %zu calls with %zu bytes and %zu notices that clients saw are on record, %zu of them cut; ready "
          "again after %lld ms (median), %lld ms at most, %lld ms with those in which the machine ran nobody",
          rounds, m_checkedCalls, m_checkedBytes, m_checkedNotices, m_cutCalls, static_cast<long long>(median),
          static_cast<long long>(recoveries.back()), static_cast<long long>(longest));
    QVERIFY(m_cutCalls > static_cast<std::size_t>(rounds) && m_checkedNotices > 0);
    QVERIFY2(kIsSanitized || recoveries.back() <= kMostRecoveryMillis, "it takes too long until it serves again");
}

LUTHIEN_TEST(tst_kill, TestKill)
#include "tst_kill.moc"
