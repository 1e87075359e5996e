// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/sessions_model.h"

#include "desktop/models/visible_text.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace luthien::desktop {

using namespace std::chrono_literals;
using conversation::CallStatus;

namespace {
constexpr int kPageRows = 128;
constexpr std::size_t kHeldRows = 64 * kPageRows;
// Often enough to look immediate, seldom enough that a hundred commits a second cost four reads.
constexpr auto kReadInterval = 250ms;
// A client names itself: what comes beyond so many names shares the last one.
constexpr std::size_t kMaxClients = 1000;
constexpr std::int64_t kPinnedSection = std::numeric_limits<std::int64_t>::min();
} // namespace

SessionsModel::SessionsModel(SessionSource& source, const Clock& clock, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(source)
    , m_clock(clock)
    , m_all([this](const SessionPlace& place) { return sectionOf(place); })
    , m_found([this](const SessionPlace& place) { return sectionOf(place); })
    , m_rows(kHeldRows)
{
    connect(&source, &SessionSource::listLoaded, this,
            [this](const std::shared_ptr<const LoadedSessions>& loaded) { takeList(*loaded); });
    connect(&source, &SessionSource::pageLoaded, this,
            [this](const std::shared_ptr<const LoadedSessions>& loaded) { takePage(*loaded); });
    connect(&source, &SessionSource::pageDropped, this, [this](quint64 token) {
        for (const SessionPlace& place : m_wanted[token])
            m_wantedRows.erase(place.at.row);
        m_wanted.erase(token);
    });
    connect(&source, &SessionSource::sessionLoaded, this,
            [this](const std::shared_ptr<const store::SessionRow>& session) { takeSession(*session); });
    connect(&source, &SessionSource::sessionMissing, this, &SessionsModel::takeMissing);
    connect(&source, &SessionSource::found, this,
            [this](const std::shared_ptr<const LoadedSessions>& loaded) { takeFound(*loaded); });
    connect(&source, &SessionSource::checked, this, &SessionsModel::takeChecked);
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
    return parent.isValid() ? 0 : m_shown->rows();
}

QVariant SessionsModel::data(const QModelIndex& index, int role) const
{
    static const store::SessionRow empty;
    if (!index.isValid() || index.row() >= m_shown->rows())
        return {};
    const auto spot = m_shown->spotOfRow(index.row());
    if (role == HeadRole)
        return !spot;
    if (!spot) {
        const std::size_t section = m_shown->sectionOfRow(index.row());
        if (role == TitleRole)
            return sectionTitle(section);
        if (role == DetailRole)
            return desktop::countText(static_cast<std::int64_t>(m_shown->sizeOf(section)));
        return role == ReadyRole ? QVariant(true) : value(empty, static_cast<Role>(role));
    }
    const store::SessionRow* session = m_rows.find(m_shown->at(*spot).at.row);
    if (role == ReadyRole)
        return session != nullptr;
    if (session == nullptr)
        want(index.row());
    return value(session == nullptr ? empty : *session, static_cast<Role>(role));
}

QVariant SessionsModel::value(const store::SessionRow& session, Role role) const
{
    const bool isEmpty = session.id.empty();
    switch (role) {
    case IdRole:
        return fromUtf8(session.id);
    case TitleRole:
        return sessionTitle(session);
    case DetailRole:
        return isEmpty ? QString() : sessionDetail(session);
    case FactsRole:
        return isEmpty ? QString() : sessionFacts(session);
    case TimeRole:
        return isEmpty ? QString() : timeText(session);
    case StatusRole:
        return isEmpty ? QString() : sessionStatus(session);
    case LiveRole:
        return isLive(session);
    case FailedRole:
        return session.status == CallStatus::Failed || session.status == CallStatus::Truncated;
    case PinnedRole:
        return session.isPinned;
    case NoteRole:
        return visibleText(session.note);
    case SizeRole:
        return isEmpty ? QString() : sizeText(session.bytes);
    case BlocksRole:
        return static_cast<int>(session.decisions.block);
    case ReplacesRole:
        return static_cast<int>(session.decisions.replace);
    case HoldsRole:
        return static_cast<int>(session.decisions.hold);
    case ShadowsRole:
        return static_cast<int>(session.decisions.shadow);
    case HeadRole:
    case ReadyRole:
        break;
    }
    return {};
}

QHash<int, QByteArray> SessionsModel::roleNames() const
{
    return {{HeadRole, "head"},      {IdRole, "sessionId"},  {ReadyRole, "ready"},       {TitleRole, "title"},
            {DetailRole, "detail"},  {FactsRole, "facts"},   {TimeRole, "time"},         {StatusRole, "status"},
            {LiveRole, "live"},      {FailedRole, "failed"}, {PinnedRole, "pinned"},     {NoteRole, "note"},
            {SizeRole, "size"},      {BlocksRole, "blocks"}, {ReplacesRole, "replaces"}, {HoldsRole, "holds"},
            {ShadowsRole, "shadows"}};
}

QString SessionsModel::timeText(const store::SessionRow& session) const
{
    const TimePoint now = m_clock.now();
    if (isLive(session))
        return agoText(now, now);
    // The head above it says the day.
    const bool isDayKnown = m_grouping == Grouping::Day && !session.isPinned;
    const bool isToday = m_days.dayOf(toMicros(session.lastAt)) == m_today.dayOf(toMicros(now));
    return isDayKnown && !isToday ? clockText(session.lastAt).left(5) : agoText(session.lastAt, now);
}

bool SessionsModel::isLive(const store::SessionRow& session) const
{
    return !session.id.empty() && (session.status == CallStatus::Open || m_open.isOpen(session.id));
}

QString SessionsModel::sectionTitle(std::size_t section) const
{
    const std::int64_t key = m_shown->keyAt(section);
    if (key == kPinnedSection)
        return tr("Pinned");
    return m_grouping == Grouping::Client ? m_clients[static_cast<std::size_t>(key)] : dayTitle(-key, m_clock.now());
}

std::int64_t SessionsModel::sectionOf(const SessionPlace& place) const
{
    if (place.isPinned)
        return kPinnedSection;
    return m_grouping == Grouping::Client ? std::int64_t{place.client} : -m_days.dayOf(place.at.micros);
}

void SessionsModel::learn(const store::SessionRow& session)
{
    m_newestRow = std::max(m_newestRow, session.cursor.row);
    if (m_clients.size() == kMaxClients || m_clientNumbers.contains(session.client))
        return;
    m_clientNumbers.emplace(session.client, static_cast<std::uint16_t>(m_clients.size()));
    m_clients.push_back(m_clients.size() + 1 < kMaxClients ? sessionClient(session) : tr("other clients"));
}

SessionPlace SessionsModel::placeOf(const store::SessionRow& session) const
{
    const auto client = m_clientNumbers.find(session.client);
    const store::DecisionCounts& decisions = session.decisions;
    constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
    return {.at = session.cursor,
            .calls = static_cast<std::uint32_t>(std::clamp<std::int64_t>(session.calls, 0, kMost)),
            .kibibytes = static_cast<std::uint32_t>(std::clamp<std::int64_t>((session.bytes + 1023) / 1024, 0, kMost)),
            .client = client == m_clientNumbers.end() ? static_cast<std::uint16_t>(kMaxClients - 1) : client->second,
            .isPinned = session.isPinned,
            .isOpen = session.status == CallStatus::Open,
            .isFlagged = decisions.block + decisions.replace + decisions.hold + decisions.shadow > 0};
}

bool SessionsModel::isInPart(const SessionPlace& place) const
{
    return m_part == Part::All || (m_part == Part::Open ? place.isOpen : place.isFlagged);
}

QString SessionsModel::idAt(int row) const
{
    const store::SessionRow* session = row < 0 || row >= m_shown->rows() ? nullptr : held(row);
    return session == nullptr ? QString() : fromUtf8(session->id);
}

const store::SessionRow* SessionsModel::held(int row) const
{
    const auto spot = m_shown->spotOfRow(row);
    return spot ? m_rows.find(m_shown->at(*spot).at.row) : nullptr;
}

const store::SessionRow* SessionsModel::find(const QString& id) const
{
    return m_rows.find(id.toStdString());
}

int SessionsModel::rowOf(const QString& id) const
{
    const store::SessionRow* session = find(id);
    if (session == nullptr)
        return -1;
    const auto spot = m_shown->find(placeOf(*session)); // as its row is held, so it stands
    return spot ? m_shown->rowOf(*spot) : -1;
}

int SessionsModel::sessionRowNear(int row, int step) const
{
    if (m_shown->size() == 0)
        return -1;
    const int last = m_shown->rows() - 1;
    const auto isHead = [this](int at) { return !m_shown->spotOfRow(at); };
    int at = std::clamp(row, 0, last);
    for (int left = std::abs(step); left > 0; --left) {
        int next = at + (step > 0 ? 1 : -1);
        if (next >= 0 && next <= last && isHead(next))
            next += step > 0 ? 1 : -1;
        if (next < 0 || next > last)
            break;
        at = next;
    }
    return isHead(at) ? at + 1 : at; // no section is empty
}

double SessionsModel::topOf(int row, int headHeight, int sessionHeight) const
{
    return m_shown->topOf(row, headHeight, sessionHeight);
}

int SessionsModel::rowAtTop(double top, int headHeight, int sessionHeight) const
{
    return m_shown->rowAtTop(top, headHeight, sessionHeight);
}

void SessionsModel::hold(const store::SessionRow& session)
{
    learn(session);
    m_rows.hold(session);
    Q_EMIT sessionRead(session);
}

void SessionsModel::want(int row) const
{
    const int first = row - row % kPageRows;
    const int end = std::min(first + kPageRows, m_shown->rows());
    std::vector<SessionPlace> places;
    std::vector<store::Cursor> cursors;
    for (int at = first; at < end; ++at) {
        const auto spot = m_shown->spotOfRow(at);
        if (!spot)
            continue;
        const SessionPlace& place = m_shown->at(*spot);
        if (m_rows.find(place.at.row) != nullptr || m_wantedRows.contains(place.at.row))
            continue;
        places.push_back(place);
        cursors.push_back(place.at);
        m_wantedRows.insert(place.at.row);
    }
    if (places.empty())
        return;
    std::ranges::sort(cursors, std::ranges::greater());
    m_wanted.emplace(++m_token, std::move(places));
    m_source.loadRows(m_token, std::move(cursors));
}

void SessionsModel::refreshTimes()
{
    if (m_shown->rows() > 0)
        Q_EMIT dataChanged(index(0), index(m_shown->rows() - 1), {TimeRole, TitleRole});
}

} // namespace luthien::desktop
