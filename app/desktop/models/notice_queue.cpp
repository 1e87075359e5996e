// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/notice_queue.h"

#include <algorithm>
#include <utility>

namespace luthien::desktop {

void NoticeQueue::add(Notice notice)
{
    auto& waiting = m_waiting.at(static_cast<std::size_t>(notice.kind)).notice;
    if (waiting)
        notice.count += waiting->count;
    waiting = std::move(notice);
}

std::vector<Notice> NoticeQueue::due(SteadyPoint now)
{
    std::vector<Notice> notices;
    for (Waiting& waiting : m_waiting) {
        if (!waiting.notice || now < waiting.free)
            continue;
        notices.push_back(*std::exchange(waiting.notice, std::nullopt));
        waiting.free = now + kPause;
    }
    return notices;
}

std::optional<SteadyPoint> NoticeQueue::nextDue() const
{
    std::optional<SteadyPoint> next;
    for (const Waiting& waiting : m_waiting)
        if (waiting.notice)
            next = std::min(next.value_or(waiting.free), waiting.free);
    return next;
}

} // namespace luthien::desktop
