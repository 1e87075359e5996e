// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/proxy_status.h"

#include <QLocale>

#include <utility>

namespace luthien::desktop {

QString ProxyStatus::storedText() const
{
    const QLocale locale;
    const QString calls = m_calls == 1 ? tr("1 call") : tr("%1 calls").arg(locale.toString(m_calls));
    const QString sessions = m_sessions == 1 ? tr("1 session") : tr("%1 sessions").arg(locale.toString(m_sessions));
    return tr("Stored %1 in %2").arg(calls, sessions);
}

void ProxyStatus::setAddress(const QString& address)
{
    m_address = address;
    Q_EMIT changed();
}

void ProxyStatus::setTrouble(const Trouble& trouble)
{
    if (trouble == m_trouble)
        return;
    m_trouble = trouble;
    Q_EMIT changed();
}

void ProxyStatus::setLiveStreams(int count)
{
    if (count == m_liveStreams)
        return;
    m_liveStreams = count;
    Q_EMIT changed();
}

void ProxyStatus::setStored(qint64 calls, int sessions)
{
    if (calls == m_calls && sessions == m_sessions)
        return;
    m_calls = calls;
    m_sessions = sessions;
    Q_EMIT changed();
}

bool ProxyStatus::isPaused() const
{
    return m_switch.isPaused && m_switch.isPaused();
}

void ProxyStatus::setSwitch(Switch proxySwitch)
{
    m_switch = std::move(proxySwitch);
    Q_EMIT changed();
}

void ProxyStatus::setPaused(bool paused)
{
    if (!m_switch.pause || paused == isPaused())
        return;
    m_switchProblem.clear();
    if (paused)
        m_switch.pause();
    else if (const auto resumed = m_switch.resume(); !resumed)
        m_switchProblem = QString::fromStdString(resumed.error().toString());
    Q_EMIT changed();
}

void ProxyStatus::setPace(const Pace& pace)
{
    if (pace == m_pace)
        return;
    m_pace = pace;
    Q_EMIT changed();
}

QString ProxyStatus::delayText() const
{
    if (!m_pace.added)
        return {};
    const double millis = std::chrono::duration<double, std::milli>(*m_pace.added).count();
    return tr("Added delay %1 ms").arg(QLocale().toString(millis, 'f', millis < 10 ? 2 : 0));
}

QString ProxyStatus::paceText() const
{
    const double calls = m_pace.callsPerMinute;
    return tr("%1 calls/min").arg(QLocale().toString(calls, 'f', calls > 0 && calls < 10 ? 1 : 0));
}

} // namespace luthien::desktop
