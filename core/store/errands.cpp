// SPDX-License-Identifier: Apache-2.0
#include "store/errands.h"

#include "store/store_condition.h"

#include <iterator>
#include <utility>

namespace luthien::store {

bool Errands::add(Work work, Done done, Patience patience)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_isClosed) {
            m_waiting.push_back({std::move(work), std::move(done), patience});
            return true;
        }
    }
    done(Error{ErrorCode::Unavailable, "the store is closed", "store"});
    return false;
}

bool Errands::isEmpty() const
{
    const std::lock_guard lock(m_mutex);
    return m_waiting.empty();
}

void Errands::close()
{
    const std::lock_guard lock(m_mutex);
    m_isClosed = true;
}

void Errands::run(const std::function<Result<void>(const Work&)>& carryOut)
{
    std::deque<Errand> errands;
    bool isLastTime = false;
    {
        const std::lock_guard lock(m_mutex);
        errands.swap(m_waiting);
        isLastTime = m_isClosed;
    }
    std::deque<Errand> later;
    for (Errand& errand : errands) {
        const auto done = carryOut(errand.work);
        if (!done && !isLastTime && errand.patience == Patience::UntilDone && isTrouble(done.error()))
            later.push_back(std::move(errand));
        else
            errand.done(done);
    }
    const std::lock_guard lock(m_mutex);
    m_waiting.insert(m_waiting.begin(), std::make_move_iterator(later.begin()), std::make_move_iterator(later.end()));
}

} // namespace luthien::store
