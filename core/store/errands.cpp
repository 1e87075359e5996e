// SPDX-License-Identifier: Apache-2.0
#include "store/errands.h"

#include "base/logging.h"
#include "store/store_condition.h"

#include <iterator>
#include <utility>

namespace luthien::store {

bool Errands::add(Work work, Done done)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_isClosed) {
            m_waiting.push_back({std::move(work), std::move(done)});
            return true;
        }
    }
    if (done)
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
    {
        const std::lock_guard lock(m_mutex);
        errands.swap(m_waiting);
    }
    std::deque<Errand> later;
    for (Errand& errand : errands) {
        const auto done = carryOut(errand.work);
        if (errand.done)
            errand.done(done);
        else if (!done && isTrouble(done.error()))
            later.push_back(std::move(errand));
        else if (!done)
            qCWarning(lcStore, "%s", done.error().toString().c_str());
    }
    postpone(std::move(later));
}

void Errands::postpone(std::deque<Errand> errands)
{
    const std::lock_guard lock(m_mutex);
    if (m_isClosed && !errands.empty())
        qCWarning(lcStore, "%zu notes about policies are not in the database", errands.size());
    else
        m_waiting.insert(m_waiting.begin(), std::make_move_iterator(errands.begin()),
                         std::make_move_iterator(errands.end()));
}

} // namespace luthien::store
