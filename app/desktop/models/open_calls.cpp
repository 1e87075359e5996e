// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/open_calls.h"

namespace luthien::desktop {

void OpenCalls::apply(const live::Event& event)
{
    if (const auto* const begun = std::get_if<live::Opened>(&event)) {
        if (m_calls.emplace(begun->call, begun->identity.session).second)
            ++m_sessions[begun->identity.session];
        return;
    }
    const auto* const end = std::get_if<live::Ended>(&event);
    const auto open = end == nullptr ? m_calls.end() : m_calls.find(end->call);
    if (open == m_calls.end())
        return;
    if (--m_sessions[open->second] <= 0)
        m_sessions.erase(open->second);
    m_calls.erase(open);
}

} // namespace luthien::desktop
