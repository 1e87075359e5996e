// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/next_segment.h"
#include "store/step.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::store {

/// How much all journals together may hold that is not in the database yet. Thread: any.
struct JournalBudget
{
    explicit JournalBudget(std::uint64_t quotaBytes)
        : quota(quotaBytes)
    {
    }
    /// An eighth stays free for what callers have read before they are told to stop. That is a promise of ours to
    /// them: append() itself never refuses because of the quota.
    [[nodiscard]] bool hasRoom() const noexcept { return backlog.load(std::memory_order_relaxed) <= quota - quota / 8; }

    /// False = the disk refused a file to at least one journal when it was asked last.
    [[nodiscard]] bool hasDisk() const noexcept { return refused.load(std::memory_order_relaxed) == 0; }

    /// False = the disk has not answered a worker for long.
    [[nodiscard]] bool isAnswered() const noexcept { return silentFor.load() == std::chrono::milliseconds(0); }

    /// Of a journal that begins; lives as long as this.
    [[nodiscard]] std::shared_ptr<Step> addStep();
    [[nodiscard]] std::vector<std::shared_ptr<Step>> steps() const;

    const std::uint64_t quota;
    std::atomic<std::uint64_t> backlog{0};
    std::atomic<int> refused{0};                                                    ///< journals
    std::atomic<std::chrono::milliseconds> silentFor{std::chrono::milliseconds(0)}; ///< the disk; 0 = it is not

private:
    mutable std::mutex m_mutex; ///< never held across a system call
    std::vector<std::shared_ptr<Step>> m_steps;
};

/// The journal of one worker: a row of segments, of which the worker writes the last and the writer thread reads and
/// removes the first. A spare is made by the writer thread before it is needed.
class Journal
{
public:
    Journal(std::filesystem::path directory, int producer, std::uint64_t firstNumber, std::uint64_t segmentBytes,
            std::shared_ptr<JournalBudget> budget);

    /// Segments found in directory, by producer, ascending. Errors: Io.
    [[nodiscard]] static Result<std::map<int, std::vector<SegmentName>>> scan(const std::filesystem::path& directory);

    [[nodiscard]] int producer() const noexcept { return m_producer; }
    [[nodiscard]] JournalBudget& budget() noexcept { return *m_budget; }

    /// Appends head + body. If the disk has no room for another segment, the record waits in memory, hasRoom() turns
    /// false and the append is repeated later. Thread: the worker's.
    void append(std::string_view head, std::string_view body);
    /// Thread: the worker's.
    [[nodiscard]] bool hasRoom();

    /// Nothing comes any more. What waits in memory is tried once more; what finds no room is lost, and the log says
    /// so. Thread: the worker's.
    void close();

    /// Makes the spare and prefaults pages where needed. Thread: the writer's.
    void maintain();
    /// The worker is gone. Thread: the writer's.
    void removeSpare();
    /// Segments begun since the last call. Thread: the writer's.
    [[nodiscard]] std::vector<std::shared_ptr<Segment>> takeStarted();
    [[nodiscard]] bool allocationFailed() const noexcept { return m_allocationFailed.load(std::memory_order_relaxed); }

private:
    [[nodiscard]] bool store(std::string_view head, std::string_view body);
    [[nodiscard]] bool rotate(std::uint64_t neededBytes);
    void retryWaiting();
    [[nodiscard]] std::shared_ptr<Segment> allocate(std::uint64_t number, std::uint64_t bytes);
    void makeSpare();

    const std::filesystem::path m_directory;
    const int m_producer;
    const std::uint64_t m_segmentBytes;
    const std::shared_ptr<JournalBudget> m_budget;
    const std::shared_ptr<Step> m_step; ///< the worker's

    std::shared_ptr<Segment> m_current; ///< the worker's
    std::deque<std::string> m_waiting;  ///< the worker's: records the disk had no room for

    NextSegment m_next;
    std::mutex m_mutex; ///< never held across a system call
    std::shared_ptr<Segment> m_lastStarted;
    std::vector<std::shared_ptr<Segment>> m_started;
    std::atomic<bool> m_allocationFailed{false};
};

} // namespace luthien::store
