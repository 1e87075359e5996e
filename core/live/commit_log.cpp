// SPDX-License-Identifier: Apache-2.0
#include "live/commit_log.h"

#include <algorithm>

namespace luthien::live {

void CommitLog::startAt(std::uint64_t number)
{
    const std::lock_guard lock(m_mutex);
    if (!m_hasStarted)
        m_last = m_first = number;
    m_hasStarted = true;
}

std::uint64_t CommitLog::add(Committed commit)
{
    const std::lock_guard lock(m_mutex);
    if (!m_hasStarted && commit.isElsewhere)
        return m_last; // nobody has begun to follow
    if (!m_hasStarted)
        m_first = commit.commit - 1;
    m_hasStarted = true;
    if (commit.isElsewhere)
        commit.commit = m_last;
    if (m_commits.size() == m_capacity) {
        const Committed& oldest = m_commits.front();
        m_first = std::max(m_first, oldest.commit + (oldest.isElsewhere ? 1 : 0));
        m_commits.pop_front();
    }
    m_last = commit.commit;
    m_commits.push_back(std::move(commit));
    return m_last;
}

std::uint64_t CommitLog::last() const
{
    const std::lock_guard lock(m_mutex);
    return m_last;
}

std::optional<std::vector<Committed>> CommitLog::since(std::uint64_t number) const
{
    const std::lock_guard lock(m_mutex);
    if (number > m_last || number < m_first)
        return std::nullopt;
    const auto first = std::ranges::find_if(m_commits, [number](const Committed& commit) {
        return commit.commit > number || (commit.isElsewhere && commit.commit == number);
    });
    return std::vector<Committed>(first, m_commits.end());
}

} // namespace luthien::live
