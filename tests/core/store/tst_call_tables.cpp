// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "recording.h"
#include "store/store.h"
#include "support/test_registry.h"

#include <QtTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <set>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::openStore;
using luthien::test::TestDatabase;
using namespace std::chrono_literals;

namespace {
constexpr auto kLong = 20s;
constexpr std::size_t kCalls = 240;
constexpr std::size_t kSessions = 4;
constexpr std::size_t kMostOpen = 30;
constexpr std::int64_t kFirstStart = 1'700'000'000'000'000;
constexpr std::int64_t kStartStep = 1000; // more than there are calls: no two times are the same
constexpr double kNano = 1e-9;

/// Records calls of some sessions through several workers at once, in an order of its own; what a call says of itself
/// is drawn by lot. Models are told to it alone: a call's row keeps the last one.
class Traffic
{
public:
    explicit Traffic(Store& store)
        : m_sinks{store.makeSink(0), store.makeSink(1), store.makeSink(2)}
        , m_starts(kCalls)
    {
        std::iota(m_starts.begin(), m_starts.end(), 0);
        std::ranges::shuffle(m_starts, m_random);
    }

    /// The next call begins, and others end.
    void turn(std::size_t i)
    {
        begin(i);
        while (m_open.size() > kMostOpen)
            endAny();
    }
    /// All but two of each session.
    void endMost()
    {
        std::array<std::size_t, kSessions> left{};
        std::ranges::shuffle(m_open, m_random);
        for (const Call& call : std::exchange(m_open, {})) {
            if (++left.at(call.number % kSessions) > 2)
                end(call);
        }
    }
    void goAway() { m_sinks = {}; }
    [[nodiscard]] const std::set<std::string>& models(const std::string& session) { return m_models[session]; }

private:
    struct Call
    {
        std::size_t number = 0;
        CallId id;
        TimePoint at;
        bool isOurs = false;
        std::uint32_t seq = 0;
    };

    template <typename Value, std::size_t kCount>
    const Value& oneOf(const std::array<Value, kCount>& values)
    {
        return values[m_random() % kCount];
    }
    std::int64_t below(std::int64_t count) { return static_cast<std::int64_t>(m_random()) % count; }
    bool isOneIn(std::int64_t count) { return below(count) == 0; }
    EventSink& sinkOf(const Call& call) { return *m_sinks.at(call.number % m_sinks.size()); }
    static std::string sessionOf(const Call& call) { return "s" + std::to_string(call.number % kSessions); }

    void begin(std::size_t i)
    {
        static constexpr std::array<std::string_view, 3> clients{"", "claude-code", "codex"};
        static constexpr std::array<std::string_view, 4> agents{"", "", "main", "explore"};
        static constexpr std::array<std::string_view, 4> previews{"", "", "fix the test", "go on"};
        static constexpr std::array<std::string_view, 3> models{"", "claude-a", "claude-b"};
        Call call{.number = i, .id = {}, .at = fromMicros(kFirstStart + m_starts[i] * kStartStep)};
        call.id = CallId::make(call.at);
        call.isOurs = isOneIn(10);
        CallOpened event;
        event.call = call.id;
        event.at = call.at;
        event.identity.session = sessionOf(call);
        event.identity.client = oneOf(clients);
        event.identity.agent = oneOf(agents);
        event.preview = oneOf(previews);
        event.model = oneOf(models);
        if (call.isOurs) {
            event.cause = CallId::make(call.at);
            event.causePolicy = "judge";
        }
        note(call, event.model);
        sinkOf(call).opened(event);
        sinkOf(call).wire({call.id, call.seq++, call.at, Direction::Received, WireKind::Text, false, "some bytes", {}});
        for (std::int64_t count = below(3); count > 0; --count)
            decide(call);
        m_open.push_back(call);
    }

    void decide(const Call& call)
    {
        Decision decision = test::sampleDecision(call.id, 0);
        decision.verdict = oneOf(std::array{Verdict::Continue, Verdict::Replace, Verdict::Block, Verdict::Hold});
        decision.mode = oneOf(std::array{PolicyMode::Shadow, PolicyMode::Enforce, PolicyMode::Enforce});
        decision.isRepeat = isOneIn(4);
        decision.original = "{\"n\":" + std::to_string(below(50)) + "}";
        sinkOf(call).decided(decision);
    }

    void endAny()
    {
        std::swap(m_open[m_random() % m_open.size()], m_open.back());
        end(m_open.back());
        m_open.pop_back();
    }

    void end(const Call& call)
    {
        CallEnded event;
        event.call = call.id;
        event.seq = call.seq;
        event.at =
            call.at + std::chrono::microseconds(below(100) * kStartStep + static_cast<std::int64_t>(call.number) + 1);
        event.status =
            oneOf(std::array{CallStatus::Completed, CallStatus::Completed, CallStatus::Completed, CallStatus::Cancelled,
                             CallStatus::Truncated, CallStatus::Failed, CallStatus::Blocked});
        event.stopReason = oneOf(std::array{StopReason::None, StopReason::EndTurn, StopReason::MaxTokens,
                                            StopReason::ToolUse, StopReason::PauseTurn});
        if (!isOneIn(3)) {
            event.usage.input = below(1000);
            event.usage.output = below(100);
        }
        // In one session nothing has a price.
        if (call.number % kSessions != 0 && !isOneIn(3))
            event.costNanoUsd = below(1'000'000);
        event.model = isOneIn(3) ? "claude-a-2025" : "";
        note(call, event.model);
        const std::string reply = "{\"id\":\"msg_" + std::to_string(below(100)) + "\"}";
        event.reply = reply;
        sinkOf(call).ended(event);
    }

    void note(const Call& call, std::string_view model)
    {
        if (!call.isOurs && !model.empty())
            m_models[sessionOf(call)].emplace(model);
    }

    std::mt19937 m_random{5};
    std::array<std::unique_ptr<EventSink>, 3> m_sinks;
    std::vector<std::int64_t> m_starts;
    std::vector<Call> m_open;
    std::map<std::string, std::set<std::string>> m_models; ///< by session
};

void countDecision(const Decision& decision, DecisionCounts& counts)
{
    if (decision.isRepeat || decision.verdict == Verdict::Continue)
        return;
    if (decision.mode == PolicyMode::Shadow) {
        ++counts.shadow;
        return;
    }
    counts.replace += decision.verdict == Verdict::Replace ? 1 : 0;
    counts.block += decision.verdict == Verdict::Block ? 1 : 0;
    counts.hold += decision.verdict == Verdict::Hold ? 1 : 0;
}

bool isTurn(const CallRow& call)
{
    return call.cause.isNil() && call.status == CallStatus::Completed &&
           (call.stopReason == StopReason::EndTurn || call.stopReason == StopReason::MaxTokens);
}

/// The calls by start; each adds what it has to the row.
void countCalls(const std::vector<CallRow>& calls, SessionRow& row)
{
    const auto takeFirst = [](std::string& known, const std::string& text) { known = known.empty() ? text : known; };
    std::set<std::string> agents;
    std::optional<std::int64_t> cost;
    TimePoint lastEnd;
    bool isOpen = false;
    for (const CallRow& call : calls) {
        ++row.calls;
        row.turns += isTurn(call) ? 1 : 0;
        row.inputTokens += call.usage.input.value_or(0);
        row.outputTokens += call.usage.output.value_or(0);
        if (call.costUsd)
            cost = cost.value_or(0) + std::llround(*call.costUsd / kNano);
        takeFirst(row.client, call.identity.client);
        if (!call.identity.agent.empty())
            agents.insert(call.identity.agent);
        takeFirst(row.preview, call.preview);
        row.lastAt = std::max({row.lastAt, call.startedAt, call.endedAt.value_or(call.startedAt)});
        isOpen = isOpen || call.status == CallStatus::Open;
        if (call.cause.isNil() && call.endedAt && *call.endedAt > lastEnd) {
            lastEnd = *call.endedAt;
            row.status = call.status;
        }
    }
    row.agents.assign(agents.begin(), agents.end());
    row.firstAt = calls.empty() ? TimePoint() : calls.front().startedAt;
    row.status = isOpen ? CallStatus::Open : row.status;
    row.costUsd = cost ? std::optional(static_cast<double>(*cost) * kNano) : std::nullopt;
}

/// What the tables hold of it: blocks count once their call is over.
std::int64_t bytesOf(const TestDatabase& database, const std::string& session)
{
    return database.ask(
        QStringLiteral(
            "SELECT coalesce((SELECT sum(length(block.data)) FROM block JOIN call ON call.id = block.call_id "
            "WHERE call.session_id = session.id AND call.status <> 0), 0) + "
            "coalesce((SELECT sum(length(content.data)) FROM content WHERE content.session_id = session.id), "
            "0) FROM session WHERE uid = '%1'")
            .arg(QString::fromStdString(session)));
}

SessionRow recounted(Reader& reader, const TestDatabase& database, const std::string& id)
{
    SessionRow row;
    row.id = id;
    const auto calls = reader.callsOfSession(id, Order::Ascending, {}, Reader::kMaxPage);
    const auto decisions = reader.decisionsOfSession(id, {}, Reader::kMaxPage);
    if (!calls || !decisions)
        return row;
    countCalls(calls->items, row);
    for (const DecisionRow& decision : decisions->items)
        countDecision(decision.decision, row.decisions);
    row.bytes = bytesOf(database, id);
    return row;
}

QString joined(const std::vector<std::string>& names)
{
    QStringList texts;
    for (const std::string& name : names)
        texts.append(QString::fromStdString(name));
    return texts.join(u'+');
}

QString textOf(const SessionRow& row)
{
    return QStringLiteral("%1: %2 calls, %3 turns, from %4 to %5, tokens %6/%7, cost %8, decisions %9")
               .arg(QString::fromStdString(row.id))
               .arg(row.calls)
               .arg(row.turns)
               .arg(toMicros(row.firstAt))
               .arg(toMicros(row.lastAt))
               .arg(row.inputTokens)
               .arg(row.outputTokens)
               .arg(row.costUsd ? QString::number(*row.costUsd, 'g', 17) : QStringLiteral("none"))
               .arg(QStringLiteral("%1/%2/%3/%4")
                        .arg(row.decisions.block)
                        .arg(row.decisions.replace)
                        .arg(row.decisions.hold)
                        .arg(row.decisions.shadow)) +
           QStringLiteral(", %1, bytes %2, client %3, agents %4, models %5, preview %6")
               .arg(QString::fromUtf8(callStatusName(row.status).data()))
               .arg(row.bytes)
               .arg(QString::fromStdString(row.client), joined(row.agents), joined(row.models),
                    QString::fromStdString(row.preview));
}
} // namespace

class TestCallTables : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void theSessionSummaryEqualsARecount();

private:
    static void compareAll(const Store& store, const TestDatabase& database, Traffic& traffic, bool isAnyOpen);
};

void TestCallTables::compareAll(const Store& store, const TestDatabase& database, Traffic& traffic, bool isAnyOpen)
{
    const auto reader = store.openReader();
    const auto sessions = (*reader)->sessions({}, 100);
    QCOMPARE(sessions->items.size(), kSessions);
    QCOMPARE((*reader)->sessionCount().value(), static_cast<std::int64_t>(kSessions));
    std::int64_t calls = 0;
    for (const SessionRow& session : sessions->items) {
        SessionRow recount = recounted(**reader, database, session.id);
        const auto& models = traffic.models(session.id);
        recount.models.assign(models.begin(), models.end());
        recount.cursor = {toMicros(recount.lastAt), session.cursor.row};
        QCOMPARE(textOf(session), textOf(recount));
        QVERIFY(session == recount);
        QCOMPARE((*reader)->callCount(session.id).value(), session.calls);
        QCOMPARE(session.status == CallStatus::Open, isAnyOpen);
        calls += session.calls;
    }
    QCOMPARE(calls, static_cast<std::int64_t>(kCalls));
}

void TestCallTables::theSessionSummaryEqualsARecount()
{
    const TestDatabase database;
    auto store = openStore(database);
    Traffic traffic(*store);
    for (std::size_t i = 0; i < kCalls; ++i) {
        traffic.turn(i);
        if (i % 50 == 0)
            QVERIFY(store->flush(kLong));
    }
    traffic.endMost();
    QVERIFY(store->flush(kLong));
    compareAll(*store, database, traffic, true);
    if (QTest::currentTestFailed())
        return;
    traffic.goAway();
    store.reset();
    store = openStore(database); // which closes the calls that were open
    compareAll(*store, database, traffic, false);
}

LUTHIEN_TEST(tst_call_tables, TestCallTables)
#include "tst_call_tables.moc"
