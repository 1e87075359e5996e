// SPDX-License-Identifier: Apache-2.0
#include "archive/backtest.h"

#include "archive/rehearsal.h"
#include "store/reader.h"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
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

int strength(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Continue:
        return 0;
    case Verdict::Replace:
        return 1;
    case Verdict::Hold:
        return 2;
    case Verdict::Block:
        return 3;
    }
    return 0;
}

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

/// One thread's share of the work.
class Judge
{
public:
    static Result<std::unique_ptr<Judge>> make(const BacktestPlan& plan)
    {
        auto history = store::HistoryReader::open(plan.directory, plan.filter);
        auto rehearsal = Rehearsal::make(plan.registry, plan.definitions, plan.services, Models::Silent);
        if (!history || !rehearsal)
            return history ? rehearsal.error() : history.error();
        return std::unique_ptr<Judge>(new Judge(plan.directory, *std::move(history), *std::move(rehearsal)));
    }

    Result<SpanResult> judge(const store::HistorySpan& span)
    {
        const auto calls = m_history->calls(span);
        if (!calls)
            return calls.error();
        SpanResult result;
        for (const store::PastCall& call : *calls) {
            if (auto done = judge(call, result); !done)
                return done.error();
        }
        return result;
    }

private:
    Judge(std::filesystem::path directory, std::unique_ptr<store::HistoryReader> history,
          std::unique_ptr<Rehearsal> rehearsal)
        : m_directory(std::move(directory))
        , m_history(std::move(history))
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

    Result<std::string> requestBody(CallId call)
    {
        if (!m_reader) {
            auto opened = store::Reader::open(m_directory);
            if (!opened)
                return opened.error();
            m_reader = *std::move(opened);
        }
        auto body = m_reader->requestBody(call);
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
        result.changes.push_back({call.id, was.verdict, would.verdict, why.policy, why.reason});
    }

    std::filesystem::path m_directory;
    std::unique_ptr<store::HistoryReader> m_history;
    std::unique_ptr<Rehearsal> m_rehearsal;
    std::unique_ptr<store::Reader> m_reader; ///< only if requests are looked at
};

/// Hands out spans to threads and their results back in order.
class SpanQueue
{
public:
    explicit SpanQueue(std::vector<store::HistorySpan> spans)
        : m_spans(std::move(spans))
    {
    }

    [[nodiscard]] std::size_t size() const noexcept { return m_spans.size(); }
    [[nodiscard]] const store::HistorySpan& at(std::size_t index) const { return m_spans[index]; }

    /// The next one's number. Waits while results pile up; none = there are no more, or the work is over.
    std::optional<std::size_t> take()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_isOver || m_taken < m_given + kMaxAhead; });
        return m_isOver || m_taken == m_spans.size() ? std::nullopt : std::optional(m_taken++);
    }
    void put(std::size_t index, Result<SpanResult> result)
    {
        const std::lock_guard lock(m_mutex);
        m_results.emplace(index, std::move(result));
        m_changed.notify_all();
    }
    /// A thread cannot work: whoever waits for a result gets this.
    void fail(const Error& error)
    {
        const std::lock_guard lock(m_mutex);
        m_failure = error;
        m_changed.notify_all();
    }
    /// The next result, in the order of the spans.
    Result<SpanResult> next()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_failure || m_results.contains(m_given); });
        if (m_failure)
            return *m_failure;
        auto node = m_results.extract(m_given++);
        m_changed.notify_all();
        return std::move(node.mapped());
    }
    void end()
    {
        const std::lock_guard lock(m_mutex);
        m_isOver = true;
        m_changed.notify_all();
    }

private:
    static constexpr std::size_t kMaxAhead = 64;

    const std::vector<store::HistorySpan> m_spans;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::size_t, Result<SpanResult>> m_results;
    std::optional<Error> m_failure;
    std::size_t m_taken = 0;
    std::size_t m_given = 0;
    bool m_isOver = false;
};

void work(const BacktestPlan& plan, SpanQueue& queue)
{
    const auto judge = Judge::make(plan); // its connections belong to this thread
    if (!judge) {
        queue.fail(judge.error());
        return;
    }
    while (const auto index = queue.take())
        queue.put(*index, (*judge)->judge(queue.at(*index)));
}

Result<BacktestSummary> collect(SpanQueue& queue, const BacktestSinks& sinks)
{
    std::uint64_t all = 0;
    std::uint64_t done = 0;
    for (std::size_t i = 0; i < queue.size(); ++i)
        all += queue.at(i).calls;
    BacktestSummary summary;
    for (std::size_t i = 0; i < queue.size(); ++i) {
        const auto result = queue.next();
        if (!result)
            return result.error();
        summary.calls += result->sums.calls;
        summary.wouldBlock += result->sums.wouldBlock;
        summary.wouldReplace += result->sums.wouldReplace;
        summary.wouldAsk += result->sums.wouldAsk;
        summary.changed += result->sums.changed;
        for (const BacktestChange& change : result->changes) {
            if (sinks.change)
                sinks.change(change);
        }
        done += queue.at(i).calls;
        if (sinks.progress && !sinks.progress(done, all))
            return Error{ErrorCode::Timeout, "the backtest was stopped", "backtest"};
    }
    return summary;
}
} // namespace

Result<BacktestSummary> backtest(const BacktestPlan& plan, const BacktestSinks& sinks)
{
    const auto start = std::chrono::steady_clock::now();
    // What is wrong with the definitions shows before any work is done.
    if (auto sound = Rehearsal::make(plan.registry, plan.definitions, plan.services, Models::Silent); !sound)
        return sound.error();
    auto history = store::HistoryReader::open(plan.directory, plan.filter);
    auto spans = history ? (*history)->spans() : Result<std::vector<store::HistorySpan>>(history.error());
    if (!spans)
        return spans.error();
    SpanQueue queue(*std::move(spans));
    const std::size_t wanted = plan.threads != 0 ? plan.threads : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < std::min(wanted, queue.size()); ++i)
        threads.emplace_back([&plan, &queue] { work(plan, queue); });
    auto summary = collect(queue, sinks);
    queue.end();
    for (std::thread& thread : threads)
        thread.join();
    if (summary)
        summary->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
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
