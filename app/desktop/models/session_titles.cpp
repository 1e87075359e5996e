// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/session_titles.h"

#include "desktop/models/session_texts.h"

#include <utility>

namespace luthien::desktop {

SessionTitles::SessionTitles(SessionSource& source, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_source(source)
    , m_clock(clock)
{
    connect(&source, &SessionSource::found, this, [this](const std::shared_ptr<const LoadedSessions>& loaded) {
        if (loaded->token == m_search.token)
            take(*loaded);
    });
}

void SessionTitles::refresh()
{
    m_reading.clear();
    m_search = {.token = m_search.token + 1, .filter = {}, .now = m_clock.now(), .from = {}};
    m_source.find(m_search);
}

void SessionTitles::take(const LoadedSessions& loaded)
{
    if (!loaded.error.isEmpty())
        return;
    for (const store::SessionRow& session : loaded.items)
        if (m_reading.size() < kMost)
            m_reading.push_back({.session = QString::fromStdString(session.id), .text = sessionTitle(session)});
    if (loaded.next && m_reading.size() < kMost) {
        m_search.from = loaded.next;
        m_source.find(m_search);
        return;
    }
    m_titles = std::exchange(m_reading, {});
    Q_EMIT changed();
}

} // namespace luthien::desktop
