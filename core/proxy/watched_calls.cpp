// SPDX-License-Identifier: Apache-2.0
#include "proxy/watched_calls.h"

#include <algorithm>
#include <utility>

namespace luthien::proxy {

void WatchedCalls::add(CallId call, std::size_t bytes, CutOff cutOff)
{
    m_entries.push_back({call, bytes, std::move(cutOff)});
    m_bytes += bytes;
    while (m_entries.size() > m_bounds.calls || m_bytes > m_bounds.bytes) {
        const Entry oldest = std::move(m_entries.front());
        m_entries.pop_front();
        m_bytes -= oldest.bytes;
        oldest.cutOff();
    }
}

void WatchedCalls::remove(CallId call)
{
    const auto entry = std::ranges::find(m_entries, call, &Entry::call);
    if (entry == m_entries.end())
        return;
    m_bytes -= entry->bytes;
    m_entries.erase(entry);
}

} // namespace luthien::proxy
