// SPDX-License-Identifier: Apache-2.0
#include "store/next_segment.h"

#include <utility>

namespace luthien::store {

NextSegment::Taken NextSegment::take(std::uint64_t neededBytes)
{
    Taken taken;
    std::shared_ptr<Segment> tooSmall;
    {
        // In one step: a number taken after looking for a spare could be later than that of a spare kept in between.
        const std::lock_guard lock(m_mutex);
        taken.spare = std::exchange(m_spare, nullptr);
        if (taken.spare && taken.spare->size() < neededBytes)
            tooSmall = std::exchange(taken.spare, nullptr);
        if (!taken.spare)
            taken.number = m_number++;
    }
    if (tooSmall)
        tooSmall->unlink();
    return taken;
}

std::optional<std::uint64_t> NextSegment::reserve()
{
    const std::lock_guard lock(m_mutex);
    return m_spare ? std::nullopt : std::optional(m_number++);
}

void NextSegment::keep(std::shared_ptr<Segment> spare)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_number == spare->name().number + 1) {
            m_spare = std::move(spare);
            return;
        }
    }
    spare->unlink(); // the worker could not wait and made the next one itself
}

} // namespace luthien::store
