// SPDX-License-Identifier: Apache-2.0
#include "live/commit_log.h"

#include <algorithm>

namespace luthien::live {

void CommitLog::add(Committed commit)
{
    const std::lock_guard lock(m_mutex);
    if (m_commits.size() == m_capacity)
        m_commits.pop_front();
    m_commits.push_back(std::move(commit));
}

std::optional<std::vector<Committed>> CommitLog::since(std::uint64_t number) const
{
    const std::lock_guard lock(m_mutex);
    if (m_commits.empty() || number > m_commits.back().commit || number + 1 < m_commits.front().commit)
        return std::nullopt;
    const auto first = std::ranges::upper_bound(m_commits, number, {}, &Committed::commit);
    return std::vector<Committed>(first, m_commits.end());
}

} // namespace luthien::live
