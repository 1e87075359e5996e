// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "live/live_event.h"

#include <string>
#include <unordered_map>

namespace luthien::desktop {

/// Which calls are open, and in which sessions, as far as the live feed told. Thread: one at a time.
class OpenCalls
{
public:
    void apply(const live::Event& event);
    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_calls.size()); }
    [[nodiscard]] bool isOpen(const std::string& session) const { return m_sessions.contains(session); }

private:
    std::unordered_map<CallId, std::string> m_calls; ///< and their sessions
    std::unordered_map<std::string, int> m_sessions; ///< and how many open calls they have
};

} // namespace luthien::desktop
