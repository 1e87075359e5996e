// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/waiting_calls.h"

#include <algorithm>
#include <utility>

namespace luthien::desktop {

WaitingCalls::WaitingCalls(policy::ApprovalDesk& desk, QObject* parent)
    : QObject(parent)
    , m_desk(desk)
    , m_watch(desk.watch([this](const policy::Approval&) {
        // The desk is locked now; many changes in a row are looked at once.
        if (!m_isTold.exchange(true))
            QMetaObject::invokeMethod(this, &WaitingCalls::refresh, Qt::QueuedConnection);
    }))
{
    refresh();
}

void WaitingCalls::refresh()
{
    m_isTold = false;
    Since since;
    for (const policy::Approval& approval : m_desk.pending()) {
        const auto [first, isNew] = since.try_emplace(approval.question.call, toMicros(approval.askedAt));
        if (!isNew)
            first->second = std::min(first->second, toMicros(approval.askedAt));
    }
    if (since == m_since)
        return;
    m_since = std::move(since);
    Q_EMIT changed();
}

} // namespace luthien::desktop
