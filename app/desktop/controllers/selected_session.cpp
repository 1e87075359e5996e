// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/selected_session.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/session_texts.h"
#include "desktop/models/visible_text.h"

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using conversation::CallStatus;

QString SelectedSession::title() const
{
    return sessionTitle(m_session);
}

QString SelectedSession::statusText() const
{
    return m_isKnown ? sessionStatus(m_session) : QString();
}

bool SelectedSession::isLive() const
{
    return m_isKnown && m_session.status == CallStatus::Open;
}

bool SelectedSession::isFailed() const
{
    return m_session.status == CallStatus::Failed || m_session.status == CallStatus::Truncated ||
           m_session.status == CallStatus::Blocked;
}

QString SelectedSession::figures() const
{
    if (!m_isKnown)
        return {};
    QStringList parts;
    if (!m_session.client.empty())
        parts += visibleText(m_session.client);
    parts += callsText(m_session.calls);
    if (const auto tokens = m_session.inputTokens + m_session.outputTokens; tokens > 0)
        parts += tr("%1 tokens").arg(countText(tokens));
    if (!isLive() && m_session.lastAt > m_session.firstAt)
        parts += durationText(m_session.lastAt - m_session.firstAt);
    return parts.join(u"  ·  "_s);
}

void SelectedSession::show(const store::SessionRow& session)
{
    // What is known already is told again on every change of any session.
    if (session != m_session)
        m_error.clear();
    m_session = session;
    m_isKnown = true;
    Q_EMIT changed();
}

void SelectedSession::expect(const QString& id)
{
    if (id == sessionId())
        return;
    m_session = {};
    m_session.id = id.toStdString();
    m_isKnown = false;
    m_error.clear();
    Q_EMIT changed();
}

void SelectedSession::fail(const QString& id, const QString& error)
{
    if (id != sessionId())
        return;
    m_error = error;
    Q_EMIT changed();
}

void SelectedSession::retry()
{
    m_error.clear();
    Q_EMIT changed();
    Q_EMIT retried(sessionId());
}

} // namespace luthien::desktop
