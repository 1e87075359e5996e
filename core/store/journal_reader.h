// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/journal.h"

#include <deque>
#include <memory>
#include <optional>
#include <string_view>

namespace luthien::store {

/// A place in a journal. Totally ordered within one journal.
struct JournalPosition
{
    std::uint64_t segment = 0;
    std::uint64_t offset = 0;
    std::uint64_t consumed = 0; ///< bytes of records before it, since this reader began
    auto operator<=>(const JournalPosition&) const = default;
};

/// Reads one journal from where the database has got to: first what earlier processes left, then what the worker
/// appends. Thread: the writer's.
class JournalReader
{
public:
    /// left = segments of earlier processes, ascending; start = the position in the database.
    JournalReader(std::shared_ptr<Journal> journal, std::vector<std::shared_ptr<Segment>> left, JournalPosition start);

    [[nodiscard]] Journal& journal() noexcept { return *m_journal; }
    [[nodiscard]] int producer() const noexcept { return m_journal->producer(); }
    [[nodiscard]] std::shared_ptr<Journal> sharedJournal() const noexcept { return m_journal; }

    /// The next record, if there is one. It stays readable until release() passes it.
    [[nodiscard]] std::optional<std::string_view> next();
    /// Where the record that next() gave begins; where the next one will begin.
    [[nodiscard]] const JournalPosition& recordPosition() const noexcept { return m_record; }
    [[nodiscard]] const JournalPosition& position() const noexcept { return m_position; }
    /// True once next() no longer gives records of earlier processes.
    [[nodiscard]] bool recovered() const noexcept
    {
        return m_index >= m_segments.size() || m_segments[m_index]->name().number >= m_liveFrom;
    }

    /// True if next() has gone past records or files that are not released.
    [[nodiscard]] bool hasPassed() const noexcept { return m_position != m_released; }
    /// What release() was last given.
    [[nodiscard]] const JournalPosition& released() const noexcept { return m_released; }
    /// Goes back there.
    void rewind();
    /// Everything before position is in the database: its files go.
    void release(const JournalPosition& position);
    /// Overwrites the records before until, which are released; those of earlier files are gone with them.
    void erase(const JournalPosition& until);
    /// Removes the files if everything in them is released. The worker is gone.
    void removeIfDrained();

private:
    void takeStarted();
    void leaveSegment();

    std::shared_ptr<Journal> m_journal;
    std::deque<std::shared_ptr<Segment>> m_segments; ///< from m_released.segment on
    std::size_t m_index = 0;                         ///< of the segment being read
    std::uint64_t m_liveFrom = 0;                    ///< segments before this number are of earlier processes
    JournalPosition m_record;
    JournalPosition m_position;
    JournalPosition m_released;
};

} // namespace luthien::store
