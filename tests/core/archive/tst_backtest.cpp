// SPDX-License-Identifier: Apache-2.0
#include "archive/backtest.h"
#include "core/archive/recorded_past.h"
#include "filter/parser.h"
#include "policy/builtin/builtin.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::conversation;
using archive::BacktestChange;
using archive::BacktestPlan;
using archive::test::bash;
using archive::test::PastReply;
using archive::test::RecordedPast;

class TestBacktest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aNewPolicyShowsWhatItWouldBlock();
    void aDraftTakesThePlaceOfWhatItDecidedThen();
    void theFilterNarrowsThePast();
    void aFilterNarrowsThePast_data();
    void aFilterNarrowsThePast();
    void whoWouldBeAskedIsNotAsked_data();
    void whoWouldBeAskedIsNotAsked();
    void manySpansComeInOrder();
    void itCanBeStopped();
    void aBadDefinitionIsRefused();

private:
    CallId record(const char* session, const char* command, const std::vector<std::string>& blockedBy = {},
                  const char* client = "c");
    [[nodiscard]] BacktestPlan plan(policy::Definition definition) const;

    std::unique_ptr<RecordedPast> m_past;
};

namespace {
const policy::Definition kSql{.id = "sql", .type = "destructive-sql"};

struct Told
{
    std::vector<BacktestChange> changes;
    archive::BacktestSummary summary;
};

Told run(const BacktestPlan& plan)
{
    Told told;
    const auto summary =
        backtest(plan, {.change = [&](const auto& change) { told.changes.push_back(change); }, .progress = {}});
    if (!summary)
        qCritical("%s", summary.error().toString().c_str());
    else
        told.summary = *summary;
    return told;
}
} // namespace

void TestBacktest::init()
{
    m_past = std::make_unique<RecordedPast>();
}

CallId TestBacktest::record(const char* session, const char* command, const std::vector<std::string>& blockedBy,
                            const char* client)
{
    PastReply reply{.session = session, .client = client, .blocks = {bash(command)}};
    for (const std::string& policy : blockedBy)
        reply.decisions.push_back({.policyId = policy, .verdict = Verdict::Block, .reason = "then"});
    return m_past->record(reply);
}

BacktestPlan TestBacktest::plan(policy::Definition definition) const
{
    [[maybe_unused]] const bool isFlushed = m_past->flush();
    return {.database = m_past->directory(),
            .filter = {},
            .registry = policy::builtin::registry(),
            .definitions = {std::move(definition)},
            .services = {},
            .threads = 2};
}

void TestBacktest::aNewPolicyShowsWhatItWouldBlock()
{
    const CallId drop = record("s", "psql -c 'DROP TABLE users'");
    record("s", "ls");
    record("s", "psql -c 'DROP TABLE a'", {"other"}); // was blocked anyway
    const Told told = run(plan(kSql));
    QCOMPARE(told.summary.calls, 3U);
    QCOMPARE(told.summary.wouldBlock, 2U);
    QCOMPARE(told.summary.changed, 1U);
    QCOMPARE(told.changes.size(), std::size_t{1});
    const BacktestChange& change = told.changes.front();
    QCOMPARE(change.call, drop);
    QCOMPARE(change.was, Verdict::Continue);
    QCOMPARE(change.would, Verdict::Block);
    QCOMPARE(change.policy, std::string("sql"));
    const std::string line = R"({"type":"change","call_id":")" + drop.toString() +
                             R"(","was":"continue","would":"block","policy":"sql","reason":")";
    const std::string last =
        R"({"type":"summary","calls":3,"would_block":2,"would_replace":0,"would_ask":0,"changed":1,)";
    QVERIFY(toJson(change).starts_with(line));
    QVERIFY(toJson(told.summary).starts_with(last));
}

void TestBacktest::aDraftTakesThePlaceOfWhatItDecidedThen()
{
    const CallId freed = record("s", "ls", {"sql"});
    record("s", "ls", {"sql", "other"}); // the other one still blocks it
    const Told told = run(plan(kSql));
    QCOMPARE(told.summary.wouldBlock, 0U);
    QCOMPARE(told.changes.size(), std::size_t{1});
    const BacktestChange& change = told.changes.front();
    const BacktestChange expected{.call = freed,
                                  .at = change.at,
                                  .session = "s",
                                  .was = Verdict::Block,
                                  .would = Verdict::Continue,
                                  .policy = "sql",
                                  .reason = "then"};
    QCOMPARE(change, expected);
}

void TestBacktest::theFilterNarrowsThePast()
{
    record("one", "ls");
    record("two", "ls", {}, "x");
    record("two", "ls");
    auto only = plan(kSql);
    only.filter.session = "two";
    QCOMPARE(run(only).summary.calls, 2U);
    only.filter.client = "x";
    QCOMPARE(run(only).summary.calls, 1U);
    only.filter = {.session = {}, .client = {}, .model = {}, .since = m_past->now()};
    QCOMPARE(run(only).summary.calls, 1U);
    only.filter.session = "none";
    QCOMPARE(run(only).summary.calls, 0U);
}

void TestBacktest::aFilterNarrowsThePast_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<int>("calls");
    QTest::newRow("by what the database knows") << QByteArray("session:two -client:x") << 1;
    QTest::newRow("by what it does not") << QByteArray("tool:Bash arg.command:ls*") << 2;
    QTest::newRow("by both") << QByteArray("session:two arg.command~/rm/") << 1;
    QTest::newRow("to nothing") << QByteArray("session:one arg.command~/rm/") << 0;
}

void TestBacktest::aFilterNarrowsThePast()
{
    QFETCH(QByteArray, filter);
    QFETCH(int, calls);
    record("one", "ls");
    record("two", "ls -l", {}, "x");
    record("two", "rm x");
    auto only = plan(kSql);
    only.filter.expression = *filter::parseFilter(filter.toStdString());
    only.filter.now = m_past->now();
    QCOMPARE(run(only).summary.calls, static_cast<std::uint64_t>(calls));
}

void TestBacktest::whoWouldBeAskedIsNotAsked_data()
{
    QTest::addColumn<std::string>("type");
    QTest::addColumn<std::string>("config");
    QTest::newRow("a person") << std::string("approval") << std::string("{}");
    QTest::newRow("a model") << std::string("llm-judge")
                             << std::string(R"({"upstream":"a","model":"m","instructions":"be careful"})");
}

void TestBacktest::whoWouldBeAskedIsNotAsked()
{
    QFETCH(std::string, type);
    QFETCH(std::string, config);
    record("s", "ls");
    const Told told = run(plan({.id = "ask", .type = type, .config = config}));
    QCOMPARE(told.summary.wouldAsk, 1U);
    QCOMPARE(told.changes.size(), std::size_t{1});
    QCOMPARE(told.changes.front().would, Verdict::Hold);
}

void TestBacktest::manySpansComeInOrder()
{
    std::vector<CallId> dropped;
    for (int i = 0; i < 2000; ++i) {
        const CallId call = record("s", i % 10 == 0 ? "psql -c 'DROP TABLE users'" : "ls");
        if (i % 10 == 0)
            dropped.push_back(call);
    }
    std::vector<CallId> told;
    std::uint64_t last = 0;
    const auto summary = backtest(plan(kSql), {.change = [&](const auto& change) { told.push_back(change.call); },
                                               .progress =
                                                   [&](std::uint64_t done, std::uint64_t calls) {
                                                       const bool grows = done > last && calls == 2000;
                                                       last = done;
                                                       return grows;
                                                   }});
    QVERIFY2(summary, summary ? "" : summary.error().toString().c_str());
    QCOMPARE(last, 2000U);
    QCOMPARE(summary->calls, 2000U);
    QVERIFY(told == dropped);
}

void TestBacktest::itCanBeStopped()
{
    record("s", "ls");
    const auto stopped =
        backtest(plan(kSql), {.change = {}, .progress = [](std::uint64_t, std::uint64_t) { return false; }});
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Timeout);
}

void TestBacktest::aBadDefinitionIsRefused()
{
    const auto refused = backtest(plan({.id = "sql", .type = "no-such-type"}), {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
}

LUTHIEN_TEST(tst_backtest, TestBacktest)
#include "tst_backtest.moc"
