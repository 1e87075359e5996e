// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/pending_approvals.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/readable_json.h"
#include "desktop/models/visible_text.h"

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using policy::Approval;
using policy::ApprovalVerb;

namespace {
/// Of an id: its end, since ids that were made one after the other begin alike.
constexpr qsizetype kMaxName = 12;
} // namespace

PendingApprovals::PendingApprovals(policy::ApprovalDesk& desk, const Clock& clock, AnswerReach::TryRule tryRule,
                                   QObject* parent)
    : QObject(parent)
    , m_desk(desk)
    , m_clock(clock)
    , m_reach(desk, clock, std::move(tryRule))
    , m_watch(desk.watch([this](const Approval&) { noteChange(); }))
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
    refresh();
}

void PendingApprovals::noteChange()
{
    // The desk is locked now; many changes in a row are looked at once.
    if (!m_isTold.exchange(true))
        QMetaObject::invokeMethod(this, &PendingApprovals::refresh, Qt::QueuedConnection);
}

void PendingApprovals::refresh()
{
    m_isTold = false;
    std::vector<Approval> pending = m_desk.pending();
    m_count = static_cast<int>(pending.size());
    const bool isOther = pending.empty() ? m_shown.has_value() : !m_shown || m_shown->id != pending.front().id;
    if (isOther) {
        m_shown = pending.empty() ? std::nullopt : std::optional(std::move(pending.front()));
        const std::string raw = m_shown ? m_shown->question.arguments : std::string();
        m_arguments = visibleText(m_shown && !m_shown->question.isFreeText ? indentJson(raw) : raw);
        if (m_shown) {
            m_arming.start();
            m_seconds.start();
        } else {
            m_arming.stop();
            m_seconds.stop();
        }
        m_reach.follow(m_shown);
        Q_EMIT armedChanged();
        Q_EMIT timePassed();
    }
    Q_EMIT changed();
}

void PendingApprovals::tick()
{
    // Nobody tells of a deadline but the call that waits for it.
    if (secondsLeft() == 0)
        refresh();
    Q_EMIT timePassed();
}

QString PendingApprovals::promptId() const
{
    return m_shown ? fromUtf8(m_shown->id.toString()) : QString();
}

QString PendingApprovals::tool() const
{
    return m_shown ? visibleText(m_shown->question.tool) : QString();
}

QString PendingApprovals::policy() const
{
    if (!m_shown)
        return {};
    const policy::ApprovalQuestion& question = m_shown->question;
    return visibleText(question.policyName.empty() ? question.policyId : question.policyName);
}

QString PendingApprovals::reason() const
{
    return m_shown ? visibleText(m_shown->question.reason) : QString();
}

QString PendingApprovals::origin() const
{
    if (!m_shown)
        return {};
    const policy::ApprovalQuestion& question = m_shown->question;
    const auto shortened = [](const QString& text, qsizetype most) {
        return text.size() > most ? u'\u2026' + text.right(most) : text;
    };
    QStringList parts;
    if (!question.client.empty())
        parts += visibleText(question.client);
    if (!question.agent.empty())
        parts += tr("sub-agent %1").arg(shortened(visibleText(question.agent), kMaxName));
    if (!question.session.empty())
        parts += tr("session %1").arg(shortened(visibleText(question.session), kMaxName));
    if (!question.model.empty())
        parts += shortened(visibleText(question.model), 4 * kMaxName);
    return parts.join(u", "_s);
}

int PendingApprovals::secondsLeft() const
{
    if (!m_shown)
        return 0;
    return std::max(
        0, static_cast<int>(std::chrono::ceil<std::chrono::seconds>(m_shown->deadline - m_clock.now()).count()));
}

void PendingApprovals::allow(const QString& promptId)
{
    answer(promptId, {.verb = ApprovalVerb::Allow});
}

void PendingApprovals::deny(const QString& promptId, const QString& message)
{
    answer(promptId, {.verb = ApprovalVerb::Deny, .message = message.trimmed().toStdString()});
}

void PendingApprovals::answer(const QString& promptId, const policy::ApprovalAnswer& answer)
{
    if (!isArmed() || promptId != this->promptId())
        return;
    const auto done = m_desk.answer(m_shown->id, m_reach.applied(answer));
    m_problem = done ? QString() : tr("This answer did not count: %1").arg(visibleText(done.error().message));
    done ? m_problemEnds.stop() : m_problemEnds.start();
    refresh();
}

} // namespace luthien::desktop
