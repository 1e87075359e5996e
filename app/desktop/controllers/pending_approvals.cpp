// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/pending_approvals.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <algorithm>

namespace luthien::desktop {

using namespace std::chrono_literals;
using policy::Approval;
using policy::ApprovalVerb;

PendingApprovals::PendingApprovals(policy::ApprovalDesk& desk, const Clock& clock, AnswerReach::TryRule tryRule,
                                   QObject* parent)
    : QObject(parent)
    , m_desk(desk)
    , m_clock(clock)
    , m_list(clock)
    , m_reach(desk, clock, std::move(tryRule))
    , m_watch(desk.watch([this](const Approval& approval) { noteChange(approval); }))
{
    m_arming.setSingleShot(true);
    m_arming.setInterval(kArmsAfter);
    connect(&m_arming, &QTimer::timeout, this, &PendingApprovals::armedChanged);
    m_seconds.setInterval(1s);
    connect(&m_seconds, &QTimer::timeout, this, &PendingApprovals::tick);
    m_problemEnds.setSingleShot(true);
    m_problemEnds.setInterval(8s);
    connect(&m_problemEnds, &QTimer::timeout, this, [this] {
        m_problem.clear();
        Q_EMIT changed();
    });
    for (const Approval& approval : desk.pending())
        m_list.take(approval);
    refresh();
}

void PendingApprovals::noteChange(const Approval& approval)
{
    // The desk is locked now; many changes in a row are looked at once.
    const std::scoped_lock lock(m_mutex);
    m_told.push_back(approval);
    if (m_told.size() == 1)
        QMetaObject::invokeMethod(this, &PendingApprovals::refresh, Qt::QueuedConnection);
}

void PendingApprovals::refresh()
{
    std::vector<Approval> told;
    {
        const std::scoped_lock lock(m_mutex);
        told.swap(m_told);
    }
    for (const Approval& approval : told)
        m_list.take(approval);
    const CallId shown = m_shown.approval() ? m_shown.approval()->id : CallId();
    const Approval* still = m_list.find(shown);
    if (still && (still->isPending() || m_isBrowsed))
        m_shown.show(*still);
    else
        showApproval(m_list.nextWaiting(shown));
    if (count() > 0 && !m_seconds.isActive())
        m_seconds.start();
    if (std::ranges::any_of(told, [](const Approval& approval) { return !approval.isPending(); }))
        Q_EMIT settled();
    Q_EMIT timePassed();
    Q_EMIT changed();
}

void PendingApprovals::showApproval(const Approval* approval)
{
    // A copy: keeping it may drop others from the list that it stands in.
    const std::optional<Approval> shown = approval ? std::optional(*approval) : std::nullopt;
    m_list.keep(shown ? shown->id : CallId());
    m_shown.show(shown);
    m_reach.follow(shown);
    m_edit.follow(shown);
    rearm();
    Q_EMIT timePassed();
    Q_EMIT changed();
}

void PendingApprovals::tick()
{
    // Nobody tells of a deadline but the call that waits for it.
    m_desk.expire();
    m_list.passTime();
    if (count() == 0)
        m_seconds.stop();
    Q_EMIT timePassed();
}

bool PendingApprovals::isArmed() const
{
    return m_isAttended && !m_arming.isActive() && m_shown.approval() && m_shown.approval()->isPending();
}

int PendingApprovals::secondsLeft() const
{
    return m_shown.approval() && m_shown.approval()->isPending() ? m_list.secondsLeft(*m_shown.approval()) : 0;
}

bool PendingApprovals::clockStands() const
{
    return m_shown.approval() && m_shown.approval()->isPending() && m_shown.approval()->clockStandsUntil &&
           *m_shown.approval()->clockStandsUntil > m_clock.now();
}

void PendingApprovals::setAttended(bool attended)
{
    if (attended == m_isAttended)
        return;
    m_isAttended = attended;
    rearm();
}

void PendingApprovals::setBrowsed(bool browsed)
{
    if (browsed == m_isBrowsed)
        return;
    m_isBrowsed = browsed;
    rearm();
    refresh();
}

void PendingApprovals::setPaused(bool paused)
{
    if (paused)
        m_desk.pause();
    else
        m_desk.resume();
    refresh();
}

void PendingApprovals::rearm()
{
    m_arming.start();
    Q_EMIT armedChanged();
}

void PendingApprovals::show(const QString& promptId)
{
    const std::optional<CallId> id = CallId::parse(promptId.toStdString());
    const Approval* approval = id ? m_list.find(*id) : nullptr;
    if (approval && promptId != this->promptId())
        showApproval(approval);
}

void PendingApprovals::step(int rows)
{
    const CallId shown = m_shown.approval() ? m_shown.approval()->id : CallId();
    if (const Approval* approval = m_list.neighbour(shown, rows))
        showApproval(approval);
}

void PendingApprovals::next()
{
    const CallId shown = m_shown.approval() ? m_shown.approval()->id : CallId();
    const Approval* approval = m_list.nextWaiting(shown);
    if (approval && approval->id != shown)
        showApproval(approval);
}

void PendingApprovals::touch()
{
    if (!m_shown.approval() || !m_shown.approval()->isPending() || clockStands())
        return;
    // Too late is told by the desk itself.
    (void)m_desk.stopClock(m_shown.approval()->id);
    refresh();
}

void PendingApprovals::allow(const QString& promptId)
{
    answer(promptId, m_reach.applied({.verb = ApprovalVerb::Allow}));
}

void PendingApprovals::allowEdited(const QString& promptId)
{
    if (m_edit.isReady())
        answer(promptId, m_edit.answer());
}

void PendingApprovals::deny(const QString& promptId, const QString& message)
{
    answer(promptId, m_reach.applied({.verb = ApprovalVerb::Deny, .message = message.trimmed().toStdString()}));
}

void PendingApprovals::answer(const QString& promptId, const policy::ApprovalAnswer& answer)
{
    if (!isArmed() || promptId.isEmpty() || promptId != this->promptId())
        return;
    const CallId id = m_shown.approval()->id;
    const auto done = m_desk.answer(id, answer);
    m_problem = done ? QString() : tr("This answer did not count: %1").arg(visibleText(done.error().message));
    done ? m_problemEnds.stop() : m_problemEnds.start();
    refresh();
    // Who has answered goes on; an answer that did not count leaves them where they are.
    if (done && m_isBrowsed)
        showApproval(m_list.nextWaiting(id));
}

} // namespace luthien::desktop
