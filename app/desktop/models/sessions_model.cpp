// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/sessions_model.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <algorithm>
#include <chrono>

namespace luthien::desktop {

using namespace std::chrono_literals;
using conversation::CallStatus;

namespace {
constexpr std::size_t kPageRows = 128;
constexpr std::size_t kHeldRows = 64 * kPageRows;
// Often enough to look immediate, seldom enough that a hundred commits a second cost four reads.
constexpr auto kReadInterval = 250ms;
} // namespace

SessionsModel::SessionsModel(SessionSource& source, const Clock& clock, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(source)
    , m_clock(clock)
{
    connect(&source, &SessionSource::listLoaded, this,
            [this](const std::shared_ptr<const LoadedSessions>& loaded) { takeList(*loaded); });
    connect(&source, &SessionSource::pageLoaded, this,
            [this](const std::shared_ptr<const LoadedSessions>& loaded) { takePage(*loaded); });
    connect(&source, &SessionSource::pageDropped, this, [this](quint64 token) { m_wanted.erase(token); });
    connect(&source, &SessionSource::sessionLoaded, this,
            [this](const std::shared_ptr<const store::SessionRow>& session) { takeSession(*session); });
    connect(&source, &SessionSource::sessionMissing, this, &SessionsModel::dropSession);
    m_readTimer.setSingleShot(true);
    m_readTimer.setInterval(kReadInterval);
    connect(&m_readTimer, &QTimer::timeout, this, &SessionsModel::readChanged);
    m_minute.setInterval(30s);
    connect(&m_minute, &QTimer::timeout, this, &SessionsModel::refreshTimes);
}

void SessionsModel::start()
{
    m_source.loadList(std::nullopt);
    m_minute.start();
}

int SessionsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant SessionsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const auto rank = static_cast<std::size_t>(index.row());
    const store::SessionRow* session = held(rank);
    if (role == ReadyRole)
        return session != nullptr;
    if (session == nullptr) {
        want(rank);
        static const store::SessionRow empty;
        return value(empty, static_cast<Role>(role));
    }
    return value(*session, static_cast<Role>(role));
}

QVariant SessionsModel::value(const store::SessionRow& session, Role role) const
{
    switch (role) {
    case IdRole:
        return fromUtf8(session.id);
    case TitleRole:
        return session.preview.empty() ? visibleText(session.id) : visibleText(fromUtf8(session.preview).simplified());
    case ClientRole:
        return session.client.empty() && !session.id.empty() ? tr("unknown client") : visibleText(session.client);
    case CallsRole:
        return session.id.empty() ? QString() : callsText(session.calls);
    case TimeRole:
        return session.id.empty() ? QString()
                                  : agoText(isLive(session) ? m_clock.now() : session.lastAt, m_clock.now());
    case StatusRole:
        return fromUtf8(conversation::callStatusName(session.status));
    case LiveRole:
        return isLive(session);
    case FailedRole:
        return session.status == CallStatus::Failed || session.status == CallStatus::Truncated;
    case BlocksRole:
        return static_cast<int>(session.decisions.block);
    case ReplacesRole:
        return static_cast<int>(session.decisions.replace);
    case HoldsRole:
        return static_cast<int>(session.decisions.hold);
    case ShadowsRole:
        return static_cast<int>(session.decisions.shadow);
    case ReadyRole:
        break;
    }
    return {};
}

bool SessionsModel::isLive(const store::SessionRow& session) const
{
    return !session.id.empty() && (session.status == CallStatus::Open || m_liveSessions.contains(session.id));
}

QHash<int, QByteArray> SessionsModel::roleNames() const
{
    return {{IdRole, "sessionId"},   {ReadyRole, "ready"},   {TitleRole, "title"},       {ClientRole, "client"},
            {CallsRole, "calls"},    {TimeRole, "time"},     {StatusRole, "status"},     {LiveRole, "live"},
            {FailedRole, "failed"},  {BlocksRole, "blocks"}, {ReplacesRole, "replaces"}, {HoldsRole, "holds"},
            {ShadowsRole, "shadows"}};
}

QString SessionsModel::idAt(int row) const
{
    if (row < 0 || row >= count())
        return {};
    const store::SessionRow* session = held(static_cast<std::size_t>(row));
    return session == nullptr ? QString() : fromUtf8(session->id);
}

const store::SessionRow* SessionsModel::find(const QString& id) const
{
    const auto known = m_rowOfId.find(id.toStdString());
    return known == m_rowOfId.end() ? nullptr : &m_rows.at(known->second).row;
}

int SessionsModel::rowOf(const QString& id) const
{
    const auto known = m_rowOfId.find(id.toStdString());
    if (known == m_rowOfId.end())
        return -1;
    const auto rank = m_places.find(m_rows.at(known->second).row.cursor);
    return rank ? static_cast<int>(*rank) : -1;
}

void SessionsModel::applyLive(const live::LiveBatch& batch)
{
    for (const live::Event& event : batch.events) {
        if (const auto* begun = std::get_if<live::Opened>(&event)) {
            m_openCalls[begun->call] = begun->identity.session;
            ++m_liveSessions[begun->identity.session];
        } else if (const auto* end = std::get_if<live::Ended>(&event)) {
            const auto open = m_openCalls.find(end->call);
            if (open == m_openCalls.end())
                continue;
            if (--m_liveSessions[open->second] <= 0)
                m_liveSessions.erase(open->second);
            m_openCalls.erase(open);
        } else if (const auto* committed = std::get_if<live::Committed>(&event)) {
            for (const live::TouchedCall& call : committed->calls)
                m_changed.insert(call.session);
            m_changed.insert(committed->sessions.begin(), committed->sessions.end());
        }
    }
    if (!m_changed.empty() && !m_readTimer.isActive())
        m_readTimer.start();
    Q_EMIT liveCallsChanged();
}

void SessionsModel::readChanged()
{
    for (const std::string& id : m_changed)
        m_source.loadSession(id);
    m_changed.clear();
}

void SessionsModel::takeList(const LoadedSessions& loaded)
{
    m_error = loaded.error;
    if (!loaded.items.empty()) {
        const int first = count();
        beginInsertRows({}, first, first + static_cast<int>(loaded.items.size()) - 1);
        for (const store::SessionRow& session : loaded.items) {
            m_places.append(session.cursor);
            m_storedCalls += session.calls;
            if (m_rows.size() < kHeldRows / 2)
                hold(session);
        }
        endInsertRows();
    }
    m_loaded = !loaded.next;
    if (loaded.next)
        m_source.loadList(loaded.next);
    Q_EMIT countChanged();
}

void SessionsModel::takePage(const LoadedSessions& loaded)
{
    const auto wanted = m_wanted.find(loaded.token);
    if (wanted == m_wanted.end())
        return;
    const Wanted page = wanted->second;
    m_wanted.erase(wanted);
    if (!loaded.error.isEmpty())
        return; // asked for again with the next look at its rows
    dropMissing(page.from, loaded);
    for (const store::SessionRow& session : loaded.items)
        if (m_places.find(session.cursor))
            hold(session);
    const auto rank = static_cast<int>(page.first);
    const int last = std::min(rank + static_cast<int>(kPageRows), count()) - 1;
    if (rank <= last)
        Q_EMIT dataChanged(index(rank), index(last));
}

void SessionsModel::dropMissing(const std::optional<store::Cursor>& from, const LoadedSessions& page)
{
    const int before = count();
    std::size_t rank = from ? m_places.rankOf(*from) : 0;
    if (from && rank < m_places.size() && m_places.at(rank) == *from)
        ++rank;
    const auto isInside = [&page](const store::Cursor& place) {
        return !page.next || place >= page.items.back().cursor;
    };
    while (rank < m_places.size() && isInside(m_places.at(rank))) {
        if (std::ranges::find(page.items, m_places.at(rank), &store::SessionRow::cursor) != page.items.end())
            ++rank;
        else
            removeRow(rank);
    }
    if (count() != before)
        Q_EMIT countChanged();
}

void SessionsModel::dropSession(const std::string& id)
{
    const auto known = m_rowOfId.find(id);
    const auto rank = known == m_rowOfId.end() ? std::nullopt : m_places.find(m_rows.at(known->second).row.cursor);
    if (!rank)
        return;
    removeRow(*rank);
    Q_EMIT countChanged();
}

void SessionsModel::removeRow(std::size_t rank)
{
    const auto row = static_cast<int>(rank);
    const auto known = m_rows.find(m_places.at(rank).row);
    beginRemoveRows({}, row, row);
    m_places.remove(rank);
    if (known == m_rows.end()) {
        --m_storedCalls; // one at least
        return endRemoveRows();
    }
    const store::SessionRow session = known->second.row;
    m_storedCalls -= session.calls;
    m_uses.erase(known->second.use);
    m_rowOfId.erase(session.id);
    m_rows.erase(known);
    endRemoveRows();
    Q_EMIT sessionGone(fromUtf8(session.id), row);
}

void SessionsModel::takeSession(const store::SessionRow& session)
{
    if (const auto known = m_rowOfId.find(session.id); known != m_rowOfId.end() && known->second != session.cursor.row)
        dropSession(session.id); // deleted; its id names another one now
    std::optional<std::size_t> old;
    if (const auto known = m_rows.find(session.cursor.row); known != m_rows.end())
        old = m_places.find(known->second.row.cursor);
    else
        old = m_places.findRow(session.cursor.row);
    countCalls(session, old.has_value());
    hold(session);
    if (!old) {
        const std::size_t rank = m_places.rankOf(session.cursor);
        beginInsertRows({}, static_cast<int>(rank), static_cast<int>(rank));
        m_places.insert(rank, session.cursor);
        endInsertRows();
        Q_EMIT countChanged();
    } else {
        std::size_t rank = m_places.rankOf(session.cursor);
        if (rank > *old)
            --rank; // its own old place no longer counts
        const auto from = static_cast<int>(*old);
        const auto to = static_cast<int>(rank);
        if (from != to)
            beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
        m_places.move(*old, rank, session.cursor);
        if (from != to)
            endMoveRows();
        Q_EMIT dataChanged(index(to), index(to));
    }
    Q_EMIT sessionChanged(session);
}

void SessionsModel::countCalls(const store::SessionRow& session, bool isListed)
{
    const auto known = m_rows.find(session.cursor.row);
    if (known != m_rows.end())
        m_storedCalls += session.calls - known->second.row.calls;
    else
        m_storedCalls += isListed ? 1 : session.calls; // a session that wakes up does so with a call
}

void SessionsModel::hold(const store::SessionRow& row)
{
    const std::int64_t key = row.cursor.row;
    if (const auto known = m_rows.find(key); known != m_rows.end()) {
        m_uses.erase(known->second.use);
        known->second.row = row;
        known->second.use = m_uses.insert(m_uses.end(), key);
        return;
    }
    m_rows.emplace(key, Held{row, m_uses.insert(m_uses.end(), key)});
    m_rowOfId[row.id] = key;
    while (m_rows.size() > kHeldRows) {
        const auto oldest = m_rows.find(m_uses.front());
        m_rowOfId.erase(oldest->second.row.id);
        m_rows.erase(oldest);
        m_uses.pop_front();
    }
}

const store::SessionRow* SessionsModel::held(std::size_t rank) const
{
    const auto known = m_rows.find(m_places.at(rank).row);
    return known == m_rows.end() ? nullptr : &known->second.row;
}

void SessionsModel::want(std::size_t rank) const
{
    const std::size_t first = rank - rank % kPageRows;
    for (const auto& [token, page] : m_wanted)
        if (page.first == first)
            return;
    std::optional<store::Cursor> from;
    if (first > 0)
        from = m_places.at(first - 1);
    m_wanted.emplace(++m_token, Wanted{first, from});
    m_source.loadPage(m_token, from, kPageRows);
}

void SessionsModel::refreshTimes()
{
    if (count() > 0)
        Q_EMIT dataChanged(index(0), index(count() - 1), {TimeRole});
}

} // namespace luthien::desktop
