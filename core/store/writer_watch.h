// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace luthien::store {

/// Looks at the writer from outside its thread, which a disk that does not answer keeps for as long as it likes:
/// nothing in a process can end such a call, but it can be told. Thread: the writer's, except where told otherwise.
class WriterWatch
{
public:
    /// limit = how long one step may take. silent gets how long it has taken by then; it comes once for a step, on the
    /// watch's own thread, and never once the step is over.
    WriterWatch(std::chrono::milliseconds limit, std::function<void(std::chrono::milliseconds)> silent);
    ~WriterWatch();
    WriterWatch(const WriterWatch&) = delete;
    WriterWatch& operator=(const WriterWatch&) = delete;

    /// The writer is about to do something, and done with what it did.
    void begins() noexcept;
    /// The writer waits until there is something to do.
    void rests() noexcept;

private:
    void look();

    const std::chrono::milliseconds m_limit;
    const std::function<void(std::chrono::milliseconds)> m_silent;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::chrono::steady_clock::time_point m_begun;
    bool m_isWatching = false; ///< a step is under way, and was not told of
    bool m_isEnding = false;
    std::thread m_thread;
};

} // namespace luthien::store
