// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/followed_call.h"

namespace luthien::desktop {

using conversation::CallStatus;

namespace {
// Between two commits a stream sends far less; beyond it the record is read again later.
constexpr std::size_t kKeptBytes = 1024 * 1024;

store::CallRow callRow(const live::Opened& event)
{
    store::CallRow call;
    call.id = event.call;
    call.identity = event.identity;
    call.upstream = event.upstream;
    call.api = event.api;
    call.method = event.method;
    call.path = event.path;
    call.model = event.model;
    call.stream = event.stream;
    call.startedAt = event.at;
    call.preview = event.preview;
    call.cause = event.cause;
    call.causePolicy = event.causePolicy;
    return call;
}
} // namespace

FollowedCall::FollowedCall(CallView view, Sync sync)
    : m_view(std::move(view))
    , m_sync(sync)
{
}

FollowedCall::FollowedCall(CallView stored)
    : FollowedCall(std::move(stored), Sync::CatchingUp)
{
    if (m_view.call().status != CallStatus::Open)
        m_sync = Sync::Done;
}

FollowedCall FollowedCall::begun(const live::Opened& event)
{
    return {CallView(callRow(event)), Sync::Live};
}

void FollowedCall::take(const live::Delta& step)
{
    // What was sent differs from what came only where a policy changed it. The model's own words are shown; what the
    // agent got instead is complete only when the reply is, so the record tells it then.
    if (step.direction == conversation::Direction::Sent)
        m_wasChanged = true;
    if (step.direction == conversation::Direction::Sent || m_sync == Sync::Done)
        return;
    if (m_sync == Sync::Live) {
        // Not by what is shown: one event may bring several steps.
        if (!m_recordedTo || step.firstSeq > *m_recordedTo)
            return m_view.apply(step);
        if (step.seq <= *m_recordedTo)
            return;
        // Steps that the hub joined, the first of which the record had already: only the record can part them.
        m_sync = Sync::CatchingUp;
    }
    if (m_keptBytes > kKeptBytes) {
        m_kept.clear();
        m_keptBytes = 0;
    }
    m_keptBytes += step.text.size();
    m_kept.push_back(step);
}

void FollowedCall::take(const live::Ended& end)
{
    if (m_sync == Sync::Live)
        m_view.finish(end);
    // Otherwise the record tells the end together with what was missed before it.
}

void FollowedCall::loseSteps()
{
    if (m_sync == Sync::Live)
        m_sync = Sync::CatchingUp;
    // What was kept is from before those that are missing: together they would look whole.
    m_kept.clear();
    m_keptBytes = 0;
}

bool FollowedCall::wantsRecord() const noexcept
{
    const bool wantsSent = m_wasChanged && !m_view.hasSent() && m_view.call().status != CallStatus::Open;
    return m_sync == Sync::CatchingUp || (m_sync == Sync::Live && (!m_view.hasRequest() || wantsSent));
}

bool FollowedCall::isReplacedBy(const CallView& stored) const noexcept
{
    return m_sync == Sync::CatchingUp &&
           (stored.call().status != CallStatus::Open || stored.lastSeq() >= m_view.lastSeq());
}

void FollowedCall::applyKept()
{
    if (m_view.call().status != CallStatus::Open) {
        m_sync = Sync::Done;
        m_kept.clear();
        return;
    }
    // Complete only if the record reaches into what was kept: else steps between the two may be missing. A step that
    // straddles the record's end cannot be split, so it too waits for the next commit.
    const auto stored = m_view.lastSeq();
    if (m_kept.empty() || !stored || m_kept.front().seq > *stored)
        return;
    for (const live::Delta& step : m_kept)
        if (step.firstSeq <= *stored && step.seq > *stored)
            return;
    for (const live::Delta& step : m_kept)
        if (step.firstSeq > *stored)
            m_view.apply(step);
    m_kept.clear();
    m_keptBytes = 0;
    m_recordedTo = stored;
    m_sync = Sync::Live;
}

} // namespace luthien::desktop
