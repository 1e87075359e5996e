// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rows.h"

#include <list>
#include <string>
#include <unordered_map>

namespace luthien::desktop {

/// The rows of the sessions that were loaded last, so many at most. Thread: one at a time.
class HeldSessions
{
public:
    explicit HeldSessions(std::size_t most)
        : m_most(most)
    {
    }

    [[nodiscard]] std::size_t size() const noexcept { return m_rows.size(); }
    /// By its key in the database; null = it is not held.
    [[nodiscard]] const store::SessionRow* find(std::int64_t row) const;
    [[nodiscard]] const store::SessionRow* find(const std::string& id) const;
    /// Takes the place of what is held of it, or of the one that was loaded longest ago.
    void hold(const store::SessionRow& session);
    void drop(std::int64_t row);

private:
    struct Held
    {
        store::SessionRow row;
        std::list<std::int64_t>::iterator use;
    };
    std::size_t m_most;
    std::unordered_map<std::int64_t, Held> m_rows;
    std::list<std::int64_t> m_uses; ///< loaded longest ago first
    std::unordered_map<std::string, std::int64_t> m_rowOfId;
};

} // namespace luthien::desktop
