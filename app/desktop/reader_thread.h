// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/reader.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

class QThread;

namespace luthien::desktop {

/// The thread that reads the store for the window, over one connection of its own. What is on screen goes first, the
/// newest wish before older ones; the rest follows in order. Thread: any, the destructor excepted.
class ReaderThread
{
public:
    using Open = std::function<Result<std::unique_ptr<store::Reader>>()>;
    /// Gets the reader, or why there is none.
    using Job = std::function<void(const Result<store::Reader*>&)>;

    explicit ReaderThread(Open open);
    /// Interrupts a running query and waits; jobs not begun are dropped.
    ~ReaderThread();
    ReaderThread(const ReaderThread&) = delete;
    ReaderThread& operator=(const ReaderThread&) = delete;

    /// Returns the job's number, counted from 1.
    std::uint64_t post(Job job);
    /// Ahead of everything posted. Only the newest few are kept; dropped is called, here, for the one that goes.
    void postForScreen(Job job, std::function<void()> dropped);
    /// If this posted job runs: its query ends with a Timeout. Others are left alone.
    void interrupt(std::uint64_t job);

private:
    struct ScreenJob
    {
        Job run;
        std::function<void()> dropped;
    };
    void work();
    struct PostedJob
    {
        Job run;
        std::uint64_t number = 0; ///< 0 = for the screen
    };
    [[nodiscard]] PostedJob next();

    Open m_open;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<PostedJob> m_jobs;
    std::deque<ScreenJob> m_screenJobs;
    std::uint64_t m_posted = 0;        ///< jobs so far
    std::uint64_t m_running = 0;       ///< number of the posted job that runs
    store::Reader* m_reader = nullptr; ///< while it is open, for interrupt()
    bool m_ending = false;
    std::unique_ptr<QThread> m_thread;
};

} // namespace luthien::desktop
