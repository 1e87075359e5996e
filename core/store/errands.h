// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
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

    enum class Patience : std::uint8_t {
        None,     ///< what fails is told
        UntilDone ///< what failed for a reason that may pass is first in line the next time, until the end
    };
    /// done is told once. After close() it is told at once. False = it is closed.
    bool add(Work work, Done done, Patience patience = Patience::None);
    [[nodiscard]] bool isEmpty() const;
    void close();
    /// Has each done that waits now; once it is closed, for the last time.
    void run(const std::function<Result<void>(const Work&)>& carryOut);

private:
    struct Errand
    {
        Work work;
        Done done;
        Patience patience;
    };

    mutable std::mutex m_mutex;
    std::deque<Errand> m_waiting;
    bool m_isClosed = false;
};

} // namespace luthien::store
