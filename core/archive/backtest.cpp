// SPDX-License-Identifier: Apache-2.0
#include "archive/backtest.h"

#include "archive/filtered_lists.h"
#include "archive/history_walk.h"
#include "archive/rehearsal.h"
#include "store/reader.h"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace luthien::archive {

using namespace conversation;

namespace {
namespace json = boost::json;

/// What came of one span.
struct SpanResult
{
    BacktestSummary sums;
    std::vector<BacktestChange> changes;
};

/// The strongest, and who gave it.
struct Strongest
{
    Verdict verdict = Verdict::Continue;
    std::string policy;
    std::string reason;

    void consider(Verdict other, const std::string& by, const std::string& why)
    {
        if (strength(other) > strength(verdict))
            *this = {other, by, why};
    }
};

void tell(const SpanResult& result, BacktestSummary& summary, const BacktestSinks& sinks)
{
    summary.calls += result.sums.calls;
    summary.wouldBlock += result.sums.wouldBlock;
    summary.wouldReplace += result.sums.wouldReplace;
    summary.wouldAsk += result.sums.wouldAsk;
    summary.changed += result.sums.changed;
    for (const BacktestChange& change : result.changes) {
        if (sinks.change)
            sinks.change(change);
    }
}

/// One thread's share of the work.
class Judge
{
public:
    static Result<std::unique_ptr<Judge>> make(const BacktestPlan& plan)
    {
        auto rehearsal = Rehearsal::make(plan.registry, plan.definitions, plan.services, Models::Silent);
        if (!rehearsal)
            return rehearsal.error();
        return std::unique_ptr<Judge>(new Judge(plan.database, plan.filter, *std::move(rehearsal)));
    }

    Result<SpanResult> judge(std::span<const store::PastCall> calls)
    {
        SpanResult result;
        for (const store::PastCall& call : calls) {
            const auto isWanted = matchesFilter(call.id);
            if (!isWanted)
                return isWanted.error();
            if (!*isWanted)
                continue;
            if (auto done = judge(call, result); !done)
                return done.error();
        }
        return result;
    }

private:
    Judge(store::DatabaseLocation database, store::HistoryFilter filter, std::unique_ptr<Rehearsal> rehearsal)
        : m_database(std::move(database))
        , m_filter(std::move(filter))
        , m_rehearsal(std::move(rehearsal))
    {
    }

    Result<void> judge(const store::PastCall& call, SpanResult& result)
    {
        policy::CallFacts facts{.call = call.id,
                                .api = call.api,
                                .identity = call.identity,
                                .upstream = call.upstream,
                                .model = call.model,
                                .path = call.path,
                                .stream = call.stream};
        const auto reply = call.reply.empty() ? Result<Response>(Response()) : responseFromJson(call.reply);
        if (!reply)
            return reply.error();
        Result<void> readable;
        const auto body = [&] {
            auto bytes = requestBody(call.id);
            if (!bytes)
                readable = bytes.error();
            return bytes ? *std::move(bytes) : std::string();
        };
        const Outcome outcome = m_rehearsal->call(facts, body, call.reply.empty() ? nullptr : &*reply);
        if (!readable)
            return readable;
        count(outcome, result.sums);
        compare(call, outcome, result);
        return {};
    }

    Result<store::Reader*> reader()
    {
        if (!m_reader) {
            auto opened = store::Reader::open(m_database);
            if (!opened)
                return opened.error();
            m_reader = *std::move(opened);
        }
        return m_reader.get();
    }

    /// What the database could not decide is decided here.
    Result<bool> matchesFilter(CallId id)
    {
        if (m_filter.expression.isAll())
            return true;
        const auto from = reader();
        if (!from)
            return from.error();
        if (!m_databaseDecides)
            m_databaseDecides = (*from)->condition(m_filter.expression, filter::SqlRows::Calls, m_filter.now).isExact;
        if (*m_databaseDecides)
            return true;
        const auto call = (*from)->call(id);
        return call ? FilteredLists(**from, m_filter.expression, m_filter.now).matches(*call)
                    : Result<bool>(call.error());
    }

    Result<std::string> requestBody(CallId call)
    {
        const auto from = reader();
        if (!from)
            return from.error();
        auto body = (*from)->requestBody(call);
        return !body && body.error().code == ErrorCode::NotFound ? Result<std::string>(std::string()) : body;
    }

    static void count(const Outcome& outcome, BacktestSummary& sums)
    {
        ++sums.calls;
        sums.wouldBlock += outcome.verdict == Verdict::Block ? 1 : 0;
        sums.wouldReplace += outcome.verdict == Verdict::Replace ? 1 : 0;
        sums.wouldAsk += outcome.verdict == Verdict::Hold ? 1 : 0;
    }

    void compare(const store::PastCall& call, const Outcome& outcome, SpanResult& result) const
    {
        Strongest was;
        Strongest would;
        for (const store::PastVerdict& past : call.verdicts) {
            was.consider(past.verdict, past.policyId, past.reason);
            if (std::ranges::find(m_rehearsal->policies(), past.policyId) == m_rehearsal->policies().end())
                would.consider(past.verdict, past.policyId, past.reason);
        }
        const Decision* const decision = outcome.deciding();
        would.consider(outcome.verdict, decision ? decision->policyId : std::string(),
                       decision ? decision->reason : std::string("A person or a model would be asked."));
        if (was.verdict == would.verdict)
            return;
        ++result.sums.changed;
        const Strongest& why = strength(would.verdict) > strength(was.verdict) ? would : was;
        result.changes.push_back({.call = call.id,
                                  .at = call.at,
                                  .session = call.identity.session,
                                  .was = was.verdict,
                                  .would = would.verdict,
                                  .policy = why.policy,
                                  .reason = why.reason});
    }

    store::DatabaseLocation m_database;
    store::HistoryFilter m_filter;
    std::optional<bool> m_databaseDecides; ///< all of the filter
    std::unique_ptr<Rehearsal> m_rehearsal;
    std::unique_ptr<store::Reader> m_reader; ///< only if requests or the filter are looked at
};

/// What one thread judges; its connections belong to it.
Result<CallJudge> makeJudge(const BacktestPlan& plan, BacktestSummary& summary, const BacktestSinks& sinks)
{
    auto made = Judge::make(plan);
    if (!made)
        return made.error();
    return CallJudge([judge = std::shared_ptr<Judge>(*std::move(made)), &summary,
                      &sinks](std::span<const store::PastCall> calls) -> Result<Findings> {
        auto result = judge->judge(calls);
        if (!result)
            return result.error();
        return Findings([result = *std::move(result), &summary, &sinks] { tell(result, summary, sinks); });
    });
}
} // namespace

Result<BacktestSummary> backtest(const BacktestPlan& plan, const BacktestSinks& sinks)
{
    const auto start = std::chrono::steady_clock::now();
    // What is wrong with the definitions shows before any work is done.
    if (auto sound = Rehearsal::make(plan.registry, plan.definitions, plan.services, Models::Silent); !sound)
        return sound.error();
    BacktestSummary summary;
    const auto walked = walkHistory(
        {.database = plan.database, .filter = plan.filter, .threads = plan.threads},
        [&] { return makeJudge(plan, summary, sinks); }, sinks.progress);
    if (!walked)
        return walked.error();
    summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return summary;
}

std::string toJson(const BacktestChange& change)
{
    const auto text = [](std::string_view bytes) {
        return bytes.empty() ? json::value(nullptr) : json::value(json::string_view(bytes.data(), bytes.size()));
    };
    return json::serialize(json::object{{"type", "change"},
                                        {"call_id", change.call.toString()},
                                        {"was", text(verdictName(change.was))},
                                        {"would", text(verdictName(change.would))},
                                        {"policy", text(change.policy)},
                                        {"reason", text(change.reason)}});
}

std::string toJson(const BacktestSummary& summary)
{
    return json::serialize(json::object{{"type", "summary"},
                                        {"calls", summary.calls},
                                        {"would_block", summary.wouldBlock},
                                        {"would_replace", summary.wouldReplace},
                                        {"would_ask", summary.wouldAsk},
                                        {"changed", summary.changed},
                                        {"seconds", summary.seconds}});
}

} // namespace luthien::archive
