// SPDX-License-Identifier: Apache-2.0
#include "archive/history_walk.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace luthien::archive {

namespace {
/// Hands out spans to threads and their findings back in order.
class SpanQueue
{
public:
    explicit SpanQueue(std::vector<store::HistorySpan> spans)
        : m_spans(std::move(spans))
    {
    }

    [[nodiscard]] std::size_t size() const noexcept { return m_spans.size(); }
    [[nodiscard]] const store::HistorySpan& at(std::size_t index) const { return m_spans[index]; }

    /// The next one's number. Waits while findings pile up; none = there are no more, or the work is over.
    std::optional<std::size_t> take()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_isOver || m_taken < m_given + kMaxAhead; });
        return m_isOver || m_taken == m_spans.size() ? std::nullopt : std::optional(m_taken++);
    }
    void put(std::size_t index, Result<Findings> findings)
    {
        const std::lock_guard lock(m_mutex);
        m_findings.emplace(index, std::move(findings));
        m_changed.notify_all();
    }
    /// A thread cannot work: whoever waits for findings gets this.
    void fail(const Error& error)
    {
        const std::lock_guard lock(m_mutex);
        m_failure = error;
        m_changed.notify_all();
    }
    /// The next findings, in the order of the spans.
    Result<Findings> next()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_failure || m_findings.contains(m_given); });
        if (m_failure)
            return *m_failure;
        auto node = m_findings.extract(m_given++);
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
    std::map<std::size_t, Result<Findings>> m_findings;
    std::optional<Error> m_failure;
    std::size_t m_taken = 0;
    std::size_t m_given = 0;
    bool m_isOver = false;
};

/// A query of a walk: ends when the walk does.
template <typename Query>
auto ask(const HistoryWalk& walk, store::HistoryReader& history, Query query) -> decltype(query())
{
    if (walk.until) {
        const auto left = *walk.until - std::chrono::steady_clock::now();
        history.startDeadline(std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left), {}));
    }
    const std::stop_callback ends(walk.stop, [&history] { history.interrupt(); });
    if (walk.stop.stop_requested())
        return Error{ErrorCode::Timeout, "the walk over the past was stopped", "history"};
    return query();
}

Result<std::vector<store::HistorySpan>> spansOf(const HistoryWalk& walk)
{
    const auto history = store::HistoryReader::open(walk.database, walk.filter);
    if (!history)
        return history.error();
    auto spans = ask(walk, **history, [&] { return (*history)->spans(); });
    if (spans && walk.order == WalkOrder::NewestFirst)
        std::ranges::reverse(*spans);
    return spans;
}

void work(const HistoryWalk& walk, const MakeCallJudge& makeJudge, SpanQueue& queue)
{
    // The connection belongs to this thread.
    const auto history = store::HistoryReader::open(walk.database, walk.filter);
    const auto judge = history ? makeJudge() : Result<CallJudge>(history.error());
    if (!judge) {
        queue.fail(judge.error());
        return;
    }
    while (const auto index = queue.take()) {
        auto calls = ask(walk, **history, [&] { return (*history)->calls(queue.at(*index)); });
        if (calls && walk.order == WalkOrder::NewestFirst)
            std::ranges::reverse(*calls);
        queue.put(*index, calls ? (*judge)(*calls) : Result<Findings>(calls.error()));
    }
}

Result<void> collect(SpanQueue& queue, const WalkProgress& progress)
{
    std::uint64_t all = 0;
    std::uint64_t done = 0;
    for (std::size_t i = 0; i < queue.size(); ++i)
        all += queue.at(i).calls;
    for (std::size_t i = 0; i < queue.size(); ++i) {
        const auto findings = queue.next();
        if (!findings)
            return findings.error();
        (*findings)();
        done += queue.at(i).calls;
        if (progress && !progress(done, all))
            return Error{ErrorCode::Timeout, "the walk over the past was stopped", "history"};
    }
    return {};
}
} // namespace

Result<void> walkHistory(const HistoryWalk& walk, const MakeCallJudge& makeJudge, const WalkProgress& progress)
{
    auto spans = spansOf(walk);
    if (!spans)
        return spans.error();
    SpanQueue queue(*std::move(spans));
    const std::size_t wanted = walk.threads != 0 ? walk.threads : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < std::min(wanted, queue.size()); ++i)
        threads.emplace_back([&] { work(walk, makeJudge, queue); });
    auto walked = collect(queue, progress);
    queue.end();
    for (std::thread& thread : threads)
        thread.join();
    return walked;
}

} // namespace luthien::archive
