// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QThread>

#include <atomic>

namespace luthien {

/// A thread whose work is ordered before what follows join(). QThread::wait() orders it too, but inside of a library
/// that race detectors do not see into; this says so where they do. Thread: made, started and joined by one thread.
class Thread : public QThread
{
public:
    /// Waits until work() has returned; returns at once if the thread was never started.
    void join()
    {
        wait();
        (void)m_isDone.load(std::memory_order_acquire);
    }

protected:
    /// What the thread does.
    virtual void work() = 0;

private:
    void run() final
    {
        work();
        m_isDone.store(true, std::memory_order_release);
    }

    std::atomic<bool> m_isDone{false};
};

} // namespace luthien
