// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "policy/approval_desk.h"

#include <QObject>

#include <atomic>
#include <memory>
#include <unordered_map>

namespace luthien::desktop {

/// Which calls wait for a person, and since when, for the views that show it. Thread: GUI.
class WaitingCalls : public QObject
{
    Q_OBJECT

public:
    /// Microseconds since 1970, by call.
    using Since = std::unordered_map<CallId, std::int64_t>;

    /// The desk outlives this.
    explicit WaitingCalls(policy::ApprovalDesk& desk, QObject* parent = nullptr);

    [[nodiscard]] const Since& since() const noexcept { return m_since; }

Q_SIGNALS:
    void changed();

private:
    void refresh();

    policy::ApprovalDesk& m_desk;
    std::atomic<bool> m_isTold = false;
    Since m_since;
    std::unique_ptr<policy::ApprovalWatch> m_watch; ///< last: it ends before what it tells
};

} // namespace luthien::desktop
