// SPDX-License-Identifier: Apache-2.0
#include "live/commit_log.h"

#include <algorithm>

namespace luthien::live {

void CommitLog::startAt(std::uint64_t number)
{
    const std::lock_guard lock(m_mutex);
    if (m_commits.empty())
        m_last = number;
}

void CommitLog::add(Committed commit)
{
    const std::lock_guard lock(m_mutex);
    if (m_commits.size() == m_capacity)
        m_commits.pop_front();
    m_last = commit.commit;
    m_commits.push_back(std::move(commit));
}

std::uint64_t CommitLog::last() const
{
    const std::lock_guard lock(m_mutex);
    return m_last;
}

std::optional<std::vector<Committed>> CommitLog::since(std::uint64_t number) const
{
    const std::lock_guard lock(m_mutex);
    if (number == m_last)
        return std::vector<Committed>();
    if (number > m_last || m_commits.empty() || number + 1 < m_commits.front().commit)
        return std::nullopt;
    const auto first = std::ranges::upper_bound(m_commits, number, {}, &Committed::commit);
    return std::vector<Committed>(first, m_commits.end());
}

} // namespace luthien::live
