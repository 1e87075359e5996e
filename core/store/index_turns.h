// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "store/search_index.h"

#include <chrono>

namespace luthien::store {

/// Lets words into the index when the writer has time for it: in short turns between its ticks, and while it has no
/// time at all in one each second. Where it fails it waits; what is recorded does not depend on it.
/// Thread: the writer's, on its connection.
class IndexTurns
{
public:
    /// Without a reader of texts nothing is ever taken in.
    IndexTurns(Database& database, const ReadTexts& read);

    /// Something was committed that may wait.
    void noteCommit() noexcept { m_waits = m_reads; }
    /// There is more to be done soon.
    [[nodiscard]] bool waits() const noexcept { return m_waits; }
    enum class Writer : std::uint8_t { Idle, Busy };
    void take(SteadyPoint now, Writer writer);
    /// Before the end: goes on until nothing waits, or so much time is over.
    void finish(std::chrono::milliseconds limit);

private:
    SearchIndex m_index;
    const bool m_reads;
    bool m_waits; ///< also what earlier processes left
    SteadyPoint m_notBefore;
    SteadyPoint m_dueAt; ///< also beside a busy writer
};

} // namespace luthien::store
