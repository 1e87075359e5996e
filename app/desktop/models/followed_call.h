// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/call_view.h"

namespace luthien::desktop {

/// A call on screen, and how its rows come to agree with the record and the live events. Thread: one at a time.
class FollowedCall
{
public:
    /// A call that began while we were watching: no step is missing.
    [[nodiscard]] static FollowedCall begun(const live::Opened& event);
    /// A call from the record. If it is open, steps after it may have been missed until the record proves otherwise.
    explicit FollowedCall(CallView stored);

    [[nodiscard]] CallView& view() noexcept { return m_view; }
    [[nodiscard]] const CallView& view() const noexcept { return m_view; }
    [[nodiscard]] CallId id() const noexcept { return m_view.call().id; }

    /// Takes a step: shown at once, or kept until the record has caught up with it.
    void take(const live::Delta& step);
    void take(const live::Ended& end);
    /// Steps were lost: only the record knows.
    void loseSteps();
    /// True if a commit that touches the call is a reason to read it.
    [[nodiscard]] bool wantsRecord() const noexcept;
    /// True if stored should take the place of the view; afterwards apply the steps kept with applyKept().
    [[nodiscard]] bool isReplacedBy(const CallView& stored) const noexcept;
    void applyKept();

private:
    enum class Sync { CatchingUp, Live, Done };
    FollowedCall(CallView view, Sync sync);

    CallView m_view;
    Sync m_sync;
    bool m_wasChanged = false; ///< something was sent that did not come so
    /// The last event that the record brought, before we saw the rest live; none = it brought none.
    std::optional<std::uint32_t> m_recordedTo;
    std::vector<live::Delta> m_kept;
    std::size_t m_keptBytes = 0;
};

} // namespace luthien::desktop
