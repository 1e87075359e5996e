// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/proxy_status.h"

#include <QLocale>

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

} // namespace luthien::desktop
