// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <deque>
#include <functional>
#include <mutex>

namespace luthien::store {

class Database;

/// What is to be written besides the journals, in the order in which it came. Thread: any; run() is the writer's.
class Errands
{
public:
    using Work = std::function<Result<void>(Database&)>;
    using Done = std::function<void(Result<void>)>;

    /// done is told once; empty = nobody waits for an answer. After close() it is told at once. False = it is closed.
    bool add(Work work, Done done);
    [[nodiscard]] bool isEmpty() const;
    void close();
    /// Has each done that waits now. What failed for a reason that may pass, and nobody waits for, is first in line the
    /// next time; there is no such once it is closed.
    void run(const std::function<Result<void>(const Work&)>& carryOut);

private:
    struct Errand
    {
        Work work;
        Done done;
    };
    void postpone(std::deque<Errand> errands);

    mutable std::mutex m_mutex;
    std::deque<Errand> m_waiting;
    bool m_isClosed = false;
};

} // namespace luthien::store
