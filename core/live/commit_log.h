// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "live/live_event.h"

#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace luthien::live {

/// The last commits, so that a reader which was away for a moment hears what it missed. Thread: any.
class CommitLog
{
public:
    explicit CommitLog(std::size_t capacity = 1024)
        : m_capacity(capacity)
    {
    }

    /// Where the store stands at the start; nothing if a commit came first.
    void startAt(std::uint64_t number);
    /// Commits come in order; one from elsewhere gets the number of the last that was not. Gives its number.
    std::uint64_t add(Committed commit);
    [[nodiscard]] std::uint64_t last() const;
    /// The commits after number, and those from elsewhere that came with it, whether they were told or not; none = they
    /// are no longer known, or number is from another store.
    [[nodiscard]] std::optional<std::vector<Committed>> since(std::uint64_t number) const;

private:
    const std::size_t m_capacity;
    mutable std::mutex m_mutex;
    std::deque<Committed> m_commits;
    std::uint64_t m_last = 0;
    std::uint64_t m_first = 0; ///< since() knows everything from this number on
    bool m_hasStarted = false;
};

} // namespace luthien::live
