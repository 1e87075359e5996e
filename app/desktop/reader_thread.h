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

    void post(Job job);
    /// Ahead of everything posted. Only the newest few are kept; dropped is called, here, for the one that goes.
    void postForScreen(Job job, std::function<void()> dropped);

private:
    struct ScreenJob
    {
        Job run;
        std::function<void()> dropped;
    };
    void work();
    [[nodiscard]] Job next();

    Open m_open;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Job> m_jobs;
    std::deque<ScreenJob> m_screenJobs;
    store::Reader* m_reader = nullptr; ///< while it is open, for interrupt()
    bool m_ending = false;
    std::unique_ptr<QThread> m_thread;
};

} // namespace luthien::desktop
