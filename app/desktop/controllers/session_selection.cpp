// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/session_selection.h"

#include <algorithm>

namespace luthien::desktop {

SessionSelection::SessionSelection(SessionsModel& model, QObject* parent)
    : QObject(parent)
    , m_model(model)
{
    m_extendTimer.setSingleShot(true);
    m_extendTimer.setInterval(0);
    connect(&m_extendTimer, &QTimer::timeout, this, &SessionSelection::extend);
    connect(&model, &SessionsModel::sessionRead, this, &SessionSelection::refresh);
    connect(&model, &SessionsModel::sessionGone, this, [this](const QString& id) {
        if (m_sessions.erase(id) > 0)
            tell();
    });
}

bool SessionSelection::areAllPinned() const
{
    return !m_sessions.empty() &&
           std::ranges::all_of(m_sessions, [](const auto& each) { return each.second.isPinned; });
}

QString SessionSelection::size() const
{
    std::int64_t bytes = 0;
    for (const auto& [id, session] : m_sessions)
        bytes += session.bytes;
    return sizeText(bytes);
}

void SessionSelection::choose(const QString& id)
{
    m_rangeEnd.clear();
    m_sessions.clear();
    m_anchor = id;
    if (const store::SessionRow* const session = m_model.find(id))
        m_sessions.emplace(id, *session);
    tell();
}

void SessionSelection::toggle(const QString& id)
{
    m_rangeEnd.clear();
    m_anchor = id;
    if (m_sessions.erase(id) == 0) {
        const store::SessionRow* const session = m_model.find(id);
        if (count() == kMost)
            return Q_EMIT cut();
        if (session != nullptr)
            m_sessions.emplace(id, *session);
    }
    tell();
}

void SessionSelection::extendTo(int row)
{
    m_rangeEnd = m_model.idAt(row);
    extend();
}

void SessionSelection::extend()
{
    const int from = m_model.rowOf(m_anchor);
    const int to = m_model.rowOf(m_rangeEnd);
    if (from < 0 || to < 0)
        return;
    const int step = to < from ? -1 : 1;
    std::map<QString, store::SessionRow> range;
    bool isWhole = true;
    bool isCut = false;
    for (int row = from; row != to + step; row += step) {
        const QModelIndex at = m_model.index(row);
        if (at.data(SessionsModel::HeadRole).toBool())
            continue;
        isCut = static_cast<int>(range.size()) == kMost;
        if (isCut)
            break;
        const store::SessionRow* const session = m_model.find(m_model.idAt(row));
        if (session != nullptr)
            range.emplace(m_model.idAt(row), *session);
        else
            isWhole = at.data(SessionsModel::ReadyRole).toBool() && isWhole;
        if (session == nullptr)
            (void)at.data(SessionsModel::TitleRole); // asks for it
    }
    if (isWhole)
        m_rangeEnd.clear();
    m_sessions = std::move(range);
    tell();
    if (isCut)
        Q_EMIT cut();
}

void SessionSelection::clear()
{
    m_rangeEnd.clear();
    if (m_sessions.empty())
        return;
    m_sessions.clear();
    tell();
}

void SessionSelection::include(const QString& id)
{
    if (!m_sessions.contains(id))
        choose(id);
}

void SessionSelection::refresh(const store::SessionRow& session)
{
    if (!m_rangeEnd.isEmpty())
        m_extendTimer.start();
    const auto known = m_sessions.find(QString::fromStdString(session.id));
    if (known == m_sessions.end() || known->second == session)
        return;
    known->second = session;
    tell();
}

void SessionSelection::tell()
{
    ++m_revision;
    Q_EMIT changed();
}

} // namespace luthien::desktop
