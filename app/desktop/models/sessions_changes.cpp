// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/sessions_model.h"

#include <algorithm>
#include <array>
#include <map>

// What comes from the store and the live feed, and where it goes in the list.
namespace luthien::desktop {

namespace {
// The other half is for what is scrolled to.
constexpr std::size_t kHeldOfList = 4096;
} // namespace

void SessionsModel::setPart(Part part)
{
    if (part == m_part)
        return;
    m_part = part;
    narrow();
}

void SessionsModel::setFilter(const filter::Expression& filter)
{
    if (filter == m_search.filter && m_error.isEmpty())
        return;
    m_search.filter = filter;
    narrow();
}

void SessionsModel::setGrouping(Grouping grouping)
{
    if (grouping == m_grouping)
        return;
    std::array<std::vector<SessionPlace>, 2> places;
    const std::array<SessionSections*, 2> lists{&m_all, &m_found};
    beginResetModel();
    for (std::size_t i = 0; i < lists.size(); ++i) {
        places[i].reserve(lists[i]->size());
        lists[i]->forEach([&](const SessionPlace& place) { places[i].push_back(place); });
        std::ranges::sort(places[i], std::ranges::greater(), &SessionPlace::at); // for the memory of m_days
        lists[i]->clear();
    }
    m_grouping = grouping;
    for (std::size_t i = 0; i < lists.size(); ++i)
        std::ranges::for_each(places[i], [&](const SessionPlace& place) { lists[i]->insert(place); });
    endResetModel();
    Q_EMIT groupingChanged();
}

void SessionsModel::narrow()
{
    m_search.token = ++m_token;
    m_search.from.reset();
    m_search.now = m_clock.now();
    m_unchecked.clear();
    m_error.clear();
    m_showsFound = false;
    m_isSearching = !m_search.filter.isAll();
    if (m_isSearching) {
        m_source.find(m_search); // what was there stays until the first of it comes
    } else {
        beginResetModel();
        m_found.clear();
        if (isNarrowed()) {
            m_all.forEach([this](const SessionPlace& place) {
                if (isInPart(place))
                    m_found.insert(place);
            });
        }
        m_shown = isNarrowed() ? &m_found : &m_all;
        endResetModel();
    }
    Q_EMIT narrowedChanged();
    Q_EMIT countChanged();
}

void SessionsModel::takeFound(const LoadedSessions& loaded)
{
    if (loaded.token != m_search.token || !m_isSearching)
        return;
    std::vector<SessionPlace> places;
    for (const store::SessionRow& session : loaded.items) {
        learn(session);
        // One that has moved meanwhile is looked at again in its new place.
        const bool isListed = m_all.find(placeOf(session)).has_value();
        if (!isListed && (m_loaded || !m_listEnd || session.cursor >= *m_listEnd))
            continue;
        if (isInPart(placeOf(session)))
            places.push_back(placeOf(session));
        if (m_rows.size() < kHeldOfList)
            hold(session);
    }
    if (!m_showsFound) {
        beginResetModel();
        m_found.clear();
        for (const SessionPlace& place : places)
            m_found.insert(place);
        m_shown = &m_found;
        endResetModel();
        m_showsFound = true;
    } else {
        append(m_found, places);
    }
    m_search.from = loaded.next;
    if (loaded.next && loaded.error.isEmpty())
        m_source.find(m_search);
    else
        endSearch(loaded.error);
    Q_EMIT countChanged();
}

void SessionsModel::endSearch(const QString& error)
{
    m_isSearching = false;
    m_error = error;
    for (const std::string& id : m_unchecked)
        m_source.check(m_search, id);
    m_unchecked.clear();
    Q_EMIT narrowedChanged();
}

void SessionsModel::takeChecked(quint64 token, const std::string& id, bool matches)
{
    const store::SessionRow* const session = m_rows.find(id);
    if (token != m_search.token || session == nullptr)
        return;
    const SessionPlace place = placeOf(*session);
    const bool isShown = m_found.find(place).has_value();
    const bool belongs = matches && isInPart(place);
    if (belongs && !isShown)
        putIn(m_found, std::nullopt, place);
    else if (!belongs && isShown)
        putIn(m_found, place, std::nullopt);
    Q_EMIT countChanged();
}

void SessionsModel::retry()
{
    if (m_error.isEmpty())
        return;
    m_error.clear();
    if (!m_loaded)
        m_source.loadList(m_listEnd);
    if (!m_search.filter.isAll())
        narrow();
    Q_EMIT countChanged();
}

void SessionsModel::takeList(const LoadedSessions& loaded)
{
    m_error = loaded.error;
    std::vector<SessionPlace> places;
    for (const store::SessionRow& session : loaded.items) {
        learn(session);
        if (m_all.find(placeOf(session)))
            continue; // a change came in before its turn
        places.push_back(placeOf(session));
        tally(places.back(), Count::In);
        if (m_rows.size() < kHeldOfList)
            hold(session);
    }
    if (m_shown == &m_found && m_search.filter.isAll()) {
        std::vector<SessionPlace> shown;
        std::ranges::copy_if(places, std::back_inserter(shown),
                             [this](const SessionPlace& each) { return isInPart(each); });
        append(m_found, shown);
    }
    append(m_all, places);
    if (loaded.error.isEmpty()) {
        m_listEnd = loaded.next;
        m_loaded = !loaded.next;
    }
    if (!m_loaded && loaded.error.isEmpty())
        m_source.loadList(loaded.next);
    Q_EMIT countChanged();
}

void SessionsModel::append(SessionSections& list, const std::vector<SessionPlace>& places)
{
    // In the order of places neighbours mostly share a day, which is dear to find out; sorting would mix them.
    std::map<std::int64_t, std::vector<SessionPlace>> runs;
    for (const SessionPlace& place : places)
        runs[sectionOf(place)].push_back(place);
    for (const auto& [key, run] : runs) {
        const bool isNew = !list.hasSectionOf(run.front());
        const SessionSections::Spot spot = list.spotFor(run.front());
        if (!isNew && spot.index < list.sizeOf(spot.section)) {
            // A change came in before its turn in the list.
            std::ranges::for_each(run, [&](const SessionPlace& place) { insert(list, place); });
            continue;
        }
        const int row = list.rowOf(spot) - (isNew ? 1 : 0);
        if (&list == m_shown)
            beginInsertRows({}, row, row + static_cast<int>(run.size()) - (isNew ? 0 : 1));
        std::ranges::for_each(run, [&list](const SessionPlace& place) { list.insert(place); });
        if (&list == m_shown)
            endInsertRows();
    }
}

void SessionsModel::takePage(const LoadedSessions& loaded)
{
    const auto asked = m_wanted.find(loaded.token);
    if (asked == m_wanted.end())
        return;
    const std::vector<SessionPlace> wanted = std::move(asked->second);
    m_wanted.erase(asked);
    for (const SessionPlace& place : wanted)
        m_wantedRows.erase(place.at.row);
    if (!loaded.error.isEmpty())
        return; // asked for again with the next look at its rows
    int first = m_shown->rows();
    int last = -1;
    for (const SessionPlace& place : wanted) {
        if (m_rows.find(place.at.row) != nullptr || (!m_all.find(place) && !m_found.find(place)))
            continue; // it has changed since
        const auto session = std::ranges::find(loaded.items, place.at, &store::SessionRow::cursor);
        if (session != loaded.items.end())
            hold(*session);
        if (session == loaded.items.end())
            put(place, std::nullopt);
        else if (placeOf(*session) != place)
            put(place, placeOf(*session));
        else if (const auto spot = m_shown->find(place)) {
            first = std::min(first, m_shown->rowOf(*spot));
            last = std::max(last, m_shown->rowOf(*spot));
        }
    }
    // What was put elsewhere may have moved them by as many rows.
    const auto shift = static_cast<int>(wanted.size());
    if (last >= 0)
        Q_EMIT dataChanged(index(std::max(0, first - shift)), index(std::min(last + shift, m_shown->rows() - 1)));
    Q_EMIT countChanged();
}

void SessionsModel::applyLive(const live::LiveBatch& batch)
{
    for (const live::Event& event : batch.events) {
        m_open.apply(event);
        if (const auto* const committed = std::get_if<live::Committed>(&event)) {
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

void SessionsModel::takeMissing(const std::string& id)
{
    const store::SessionRow* const session = m_rows.find(id);
    if (session == nullptr)
        return; // it goes when its page is read
    const int row = rowOf(fromUtf8(id));
    const SessionPlace place = placeOf(*session);
    m_rows.drop(place.at.row);
    put(place, std::nullopt);
    Q_EMIT countChanged();
    Q_EMIT sessionGone(fromUtf8(id), row);
}

void SessionsModel::takeSession(const store::SessionRow& session)
{
    if (const store::SessionRow* known = m_rows.find(session.id);
        known != nullptr && known->cursor.row != session.cursor.row)
        takeMissing(session.id); // deleted; its id names another one now
    std::optional<SessionPlace> old;
    if (const store::SessionRow* known = m_rows.find(session.cursor.row))
        old = placeOf(*known);
    else if (session.cursor.row <= m_newestRow)
        old = m_all.findRow(session.cursor.row);
    hold(session);
    put(old, placeOf(session));
    if (!m_search.filter.isAll()) {
        if (m_isSearching)
            m_unchecked.insert(session.id);
        else
            m_source.check(m_search, session.id);
    }
    Q_EMIT countChanged();
    Q_EMIT sessionChanged(session);
}

void SessionsModel::put(const std::optional<SessionPlace>& old, const std::optional<SessionPlace>& now)
{
    if (const auto from = old ? m_all.find(*old) : std::nullopt)
        tally(m_all.at(*from), Count::Out);
    if (now)
        tally(*now, Count::In);
    putIn(m_all, old, now);
    if (m_shown != &m_found && !m_isSearching)
        return;
    // What the filter says of it now is asked afterwards; what it said last counts until then.
    const bool isFound = m_search.filter.isAll() || (old && m_found.find(*old));
    putIn(m_found, old, now && isFound && isInPart(*now) ? now : std::nullopt);
}

void SessionsModel::putIn(SessionSections& list, const std::optional<SessionPlace>& old,
                          const std::optional<SessionPlace>& now)
{
    const auto from = old ? list.find(*old) : std::nullopt;
    const bool staysInSection = from && now && list.keyAt(from->section) == sectionOf(*now);
    if (staysInSection || (from && now && list.sizeOf(from->section) > 1 && list.hasSectionOf(*now)))
        return move(list, *from, *now);
    if (from)
        remove(list, *from);
    if (now)
        insert(list, *now);
}

void SessionsModel::move(SessionSections& list, const SessionSections::Spot& from, const SessionPlace& now)
{
    const int fromRow = list.rowOf(from);
    const int toRow = list.rowOf(list.spotFor(now)); // before the row that stands there now
    const bool moves = toRow != fromRow && toRow != fromRow + 1;
    const bool isShown = &list == m_shown;
    if (isShown && moves)
        beginMoveRows({}, fromRow, fromRow, {}, toRow);
    if (moves) {
        list.remove(from);
        list.insert(now);
    } else {
        list.replace(from, now);
    }
    if (isShown && moves)
        endMoveRows();
    const int row = !moves ? fromRow : toRow > fromRow ? toRow - 1 : toRow;
    if (isShown)
        Q_EMIT dataChanged(index(row), index(row));
}

void SessionsModel::insert(SessionSections& list, const SessionPlace& place)
{
    const bool isNew = !list.hasSectionOf(place);
    const int row = list.rowOf(list.spotFor(place)) - (isNew ? 1 : 0);
    if (&list == m_shown)
        beginInsertRows({}, row, row + (isNew ? 1 : 0));
    list.insert(place);
    if (&list == m_shown)
        endInsertRows();
}

void SessionsModel::remove(SessionSections& list, const SessionSections::Spot& spot)
{
    const int row = list.rowOf(spot);
    const bool isLast = list.sizeOf(spot.section) == 1;
    if (&list == m_shown)
        beginRemoveRows({}, isLast ? row - 1 : row, row);
    list.remove(spot);
    if (&list == m_shown)
        endRemoveRows();
}

void SessionsModel::tally(const SessionPlace& place, Count direction)
{
    const int sign = static_cast<int>(direction);
    m_storedCalls += sign * qint64{place.calls};
    m_storedKibibytes += sign * qint64{place.kibibytes};
    m_openCount += place.isOpen ? sign : 0;
    m_flaggedCount += place.isFlagged ? sign : 0;
}

} // namespace luthien::desktop
