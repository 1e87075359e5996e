// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/journal.h"
#include "store/step.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace luthien::store {

/// Looks at the writer and at those who append to journals from outside of their threads, which a disk that does not
/// answer keeps for as long as it likes: nothing in a process can end such a call, but it can be told. Thread: any.
class WriterWatch
{
public:
    /// How long one step may take.
    struct Limits
    {
        std::chrono::milliseconds writer;
        std::chrono::milliseconds journals;
    };

    /// silent gets for how long the writer has been at one step; it comes once for a step, on the watch's own thread.
    /// What journals wait for is told by their budget.
    WriterWatch(Limits limits, std::shared_ptr<JournalBudget> budget,
                std::function<void(std::chrono::milliseconds)> silent);
    ~WriterWatch();
    WriterWatch(const WriterWatch&) = delete;
    WriterWatch& operator=(const WriterWatch&) = delete;

    /// Of the writer.
    [[nodiscard]] Step& writer() noexcept { return m_writer; }

private:
    void work();
    void lookAtWriter(SteadyPoint now);
    void lookAtJournals(SteadyPoint now);

    const Limits m_limits;
    const std::shared_ptr<JournalBudget> m_budget;
    const std::function<void(std::chrono::milliseconds)> m_silent;
    Step m_writer;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_isEnding = false;

    // The thread's own.
    Silence m_ofWriter;
    bool m_wasTold = false;
    std::map<const Step*, Silence> m_ofJournals;
    std::thread m_thread;
};

} // namespace luthien::store
