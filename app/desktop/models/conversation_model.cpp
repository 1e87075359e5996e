// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/conversation_model.h"

#include <algorithm>
#include <cmath>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr std::uint32_t kPage = 16;
// More rows than this are held only if one call alone has them.
constexpr int kWindowRows = 1024;
// The next page is asked for when so few rows are left beyond the screen; nothing nearer than that is let go.
constexpr int kMargin = 192;
// What is marked is not let go, up to so many rows.
constexpr int kSelectedRows = 20'000;
} // namespace

ConversationModel::ConversationModel(ConversationSource& source, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(source)
    , m_offsets{0}
    , m_find(*this, source)
{
    connect(&m_selection, &RowSelection::rowsChanged, this, [this](int first, int last) {
        if (const int end = rowCount() - 1; first <= end)
            Q_EMIT dataChanged(index(first), index(std::min(last, end)), {SelectedFromRole, SelectedToRole});
    });
    connect(&m_cursor, &ReadingCursor::moved, this, &ConversationModel::currentCallChanged);
    connect(this, &ConversationModel::windowChanged, this, &ConversationModel::currentCallChanged);
    connect(&source, &ConversationSource::callFound, this, [this](const std::shared_ptr<const FoundCall>& found) {
        if (found->search.token == m_token && found->search.serial == m_searchSerial)
            takeFound(*found);
    });
    connect(&source, &ConversationSource::callsLoaded, this, [this](const std::shared_ptr<LoadedCalls>& loaded) {
        if (loaded->request.token == m_token && loaded->request.serial == m_serial)
            takeCalls(*loaded);
    });
    connect(&source, &ConversationSource::callLoaded, this,
            [this](quint64 token, const std::shared_ptr<CallView>& stored) {
                if (token == m_token)
                    takeCall(*stored);
            });
    connect(&source, &ConversationSource::placesLoaded, this,
            [this](const std::shared_ptr<const LoadedPlaces>& loaded) {
                if (loaded->token == m_token)
                    takePlaces(*loaded);
            });
}

int ConversationModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_offsets.back();
}

void ConversationModel::open(const QString& sessionId)
{
    begin(sessionId, {});
    if (!m_session.empty())
        restart(store::Order::Descending, std::nullopt);
}

void ConversationModel::begin(const QString& sessionId, CallScope scope)
{
    const bool isOther = sessionId.toStdString() != m_session;
    m_session = sessionId.toStdString();
    m_scope = std::move(scope);
    m_wanted.reset();
    m_loading = m_restarting = m_hasNewCalls = false;
    m_elsewhere.clear();
    ++m_token;
    beginResetModel();
    m_calls.clear();
    rebuildOffsets();
    m_places.clear();
    m_atStart = m_atEnd = true;
    m_error.clear();
    endResetModel();
    if (isOther || m_scope.isWhole())
        m_outline.clear();
    m_find.restart();
    Q_EMIT sessionIdChanged();
    Q_EMIT agentChanged();
    Q_EMIT windowChanged();
    if (!m_session.empty())
        m_source.loadPlaces(m_token, m_session, m_scope, std::nullopt);
}

void ConversationModel::retry()
{
    if (m_error.isEmpty() || m_session.empty())
        return;
    if (m_calls.empty())
        return rescope(m_scope);
    m_error.clear();
    Q_EMIT windowChanged();
    showRows(m_firstVisible, m_lastVisible);
}

void ConversationModel::jumpToNewest()
{
    if (m_atEnd)
        return Q_EMIT jumped(true);
    restart(store::Order::Descending, std::nullopt);
}

void ConversationModel::jumpTo(double share)
{
    if (m_places.size() == 0)
        return;
    const auto total = static_cast<double>(m_places.size());
    const auto ordinal = static_cast<std::size_t>(std::llround(std::clamp(share, 0.0, 1.0) * (total - 1)));
    const std::size_t rank = m_places.size() - 1 - ordinal;
    if (rank < kPage / 2)
        return jumpToNewest();
    std::optional<store::Cursor> from;
    if (rank + 1 < m_places.size())
        from = m_places.at(rank + 1);
    restart(store::Order::Ascending, from);
}

void ConversationModel::restart(store::Order order, std::optional<store::Cursor> from)
{
    m_restarting = true;
    m_restartAtEnd = order == store::Order::Descending;
    m_loading = false;
    request(order, from);
}

void ConversationModel::request(store::Order order, std::optional<store::Cursor> from)
{
    if (m_loading)
        return;
    m_loading = true;
    m_source.loadCalls({.token = m_token,
                        .serial = ++m_serial,
                        .session = m_session,
                        .order = order,
                        .from = from,
                        .limit = kPage,
                        .scope = m_scope});
    Q_EMIT windowChanged();
}

void ConversationModel::takeCalls(LoadedCalls& loaded)
{
    m_error = loaded.error;
    if (!m_error.isEmpty()) {
        m_elsewhere.clear(); // the next commit asks again
        loaded.more = true;  // where the session ends is not known
    }
    const bool descending = loaded.request.order == store::Order::Descending;
    if (descending)
        std::reverse(loaded.calls.begin(), loaded.calls.end());
    m_loading = false;
    if (m_restarting)
        restartAt(loaded);
    else
        descending ? prepend(loaded) : append(loaded);
    Q_EMIT windowChanged();
    Q_EMIT positionChanged();
    land();
    if (std::exchange(m_hasNewCalls, false))
        readNewCalls();
    if (loaded.error.isEmpty())
        showRows(m_firstVisible, m_lastVisible);
}

void ConversationModel::restartAt(LoadedCalls& loaded)
{
    m_restarting = false;
    // Calls that began while the page was on its way are known already, with every step.
    const store::Cursor newest = loaded.calls.empty() ? store::Cursor() : loaded.calls.back().call().cursor;
    const auto isNewer = [&newest](const store::Cursor& place) { return place == store::Cursor() || place > newest; };
    std::vector<FollowedCall> begun;
    if (m_restartAtEnd && m_atEnd)
        for (FollowedCall& call : m_calls)
            if (isNewer(call.view().call().cursor) &&
                std::none_of(loaded.calls.begin(), loaded.calls.end(),
                             [&](const CallView& view) { return view.call().id == call.id(); }))
                begun.push_back(std::move(call));
    beginResetModel();
    m_calls.clear();
    for (CallView& view : loaded.calls)
        m_calls.emplace_back(std::move(view));
    for (FollowedCall& call : begun)
        m_calls.push_back(std::move(call));
    m_atEnd = m_restartAtEnd || !loaded.more;
    m_atStart = m_restartAtEnd ? !loaded.more : !loaded.request.from;
    m_firstVisible = m_lastVisible = 0;
    rebuildOffsets();
    endResetModel();
    if (m_restartAtEnd && m_offsets.back() > 0)
        m_firstVisible = m_lastVisible = m_offsets.back() - 1;
    Q_EMIT jumped(m_restartAtEnd);
}

void ConversationModel::prepend(LoadedCalls& loaded)
{
    m_atStart = !loaded.more;
    int rows = 0;
    for (const CallView& view : loaded.calls)
        rows += static_cast<int>(view.rowCount());
    Q_EMIT aboutToSlide();
    if (rows > 0)
        beginInsertRows({}, 0, rows - 1);
    for (auto view = loaded.calls.rbegin(); view != loaded.calls.rend(); ++view)
        m_calls.emplace_front(std::move(*view));
    rebuildOffsets();
    m_firstVisible += rows;
    m_lastVisible += rows;
    if (rows > 0)
        endInsertRows();
    refreshBorder(rows);
    dropNewest();
    Q_EMIT slid(rows);
}

void ConversationModel::append(LoadedCalls& loaded)
{
    m_atEnd = !loaded.more;
    std::erase_if(loaded.calls, [this](const CallView& view) { return followed(view.call().id) != nullptr; });
    int rows = 0;
    for (const CallView& view : loaded.calls)
        rows += static_cast<int>(view.rowCount());
    // Calls that we saw begin have no place yet; what comes from the record may have begun before them.
    std::size_t entry = m_calls.size();
    const auto isLater = [&loaded](const store::CallRow& call) {
        return call.cursor == store::Cursor() && !loaded.calls.empty() &&
               call.startedAt > loaded.calls.back().call().startedAt;
    };
    while (entry > 0 && isLater(m_calls[entry - 1].view().call()))
        --entry;
    Q_EMIT aboutToSlide();
    const int at = m_offsets[entry];
    if (rows > 0)
        beginInsertRows({}, at, at + rows - 1);
    for (CallView& view : loaded.calls)
        m_calls.emplace(m_calls.begin() + static_cast<std::ptrdiff_t>(entry++), std::move(view));
    rebuildOffsets();
    if (rows > 0)
        endInsertRows();
    refreshBorder(at);
    refreshBorder(at + rows);
    Q_EMIT slid(-dropOldest());
}

bool ConversationModel::isSelected(std::size_t entry) const
{
    const auto [first, last] = m_selection.rows();
    return first >= 0 && m_offsets.back() < kSelectedRows && m_offsets[entry] <= last && m_offsets[entry + 1] > first;
}

void ConversationModel::dropNewest()
{
    std::size_t keep = m_calls.size();
    while (keep > 1 && m_offsets[keep - 1] > kWindowRows && m_offsets[keep - 1] > m_lastVisible + kMargin &&
           !isSelected(keep - 1))
        --keep;
    if (keep == m_calls.size())
        return;
    const bool hasRows = m_offsets[keep] < m_offsets.back();
    if (hasRows)
        beginRemoveRows({}, m_offsets[keep], m_offsets.back() - 1);
    m_calls.erase(m_calls.begin() + static_cast<std::ptrdiff_t>(keep), m_calls.end());
    rebuildOffsets();
    if (hasRows)
        endRemoveRows();
    refreshBorder(m_offsets.back());
    m_atEnd = false;
}

int ConversationModel::dropOldest()
{
    std::size_t drop = 0;
    while (drop + 1 < m_calls.size() && m_offsets.back() - m_offsets[drop + 1] > kWindowRows &&
           m_offsets[drop + 1] + kMargin < m_firstVisible && !isSelected(drop))
        ++drop;
    if (drop == 0)
        return 0;
    const int rows = m_offsets[drop];
    if (rows > 0)
        beginRemoveRows({}, 0, rows - 1);
    m_calls.erase(m_calls.begin(), m_calls.begin() + static_cast<std::ptrdiff_t>(drop));
    rebuildOffsets();
    m_firstVisible -= rows;
    m_lastVisible -= rows;
    if (rows > 0)
        endRemoveRows();
    refreshBorder(0);
    m_atStart = false;
    return rows;
}

void ConversationModel::showRows(int first, int last)
{
    m_firstVisible = std::clamp(first, 0, std::max(0, m_offsets.back() - 1));
    m_lastVisible = std::clamp(last, m_firstVisible, std::max(0, m_offsets.back() - 1));
    Q_EMIT positionChanged();
    if (m_calls.empty() || m_loading || !m_error.isEmpty())
        return;
    if (!m_atStart && m_firstVisible < kMargin)
        request(store::Order::Descending, m_calls.front().view().call().cursor);
    else if (!m_atEnd && m_lastVisible > m_offsets.back() - kMargin)
        request(store::Order::Ascending, m_calls.back().view().call().cursor);
}

int ConversationModel::blockFrom(int row, int step) const
{
    for (; row >= 0 && row < m_offsets.back(); row += step) {
        const ConversationRow& at = rowAt(row);
        if (at.kind == row::Kind::Decision && at.tone == row::Tone::Blocked)
            return row;
    }
    return -1;
}

double ConversationModel::position() const
{
    if (m_places.size() == 0 || m_offsets.back() == 0)
        return 0;
    const auto entry = entryOf(std::min(m_firstVisible, m_offsets.back() - 1));
    const store::Cursor& place = m_calls[entry].view().call().cursor;
    const std::size_t rank = place == store::Cursor() ? 0 : m_places.rankOf(place);
    const int rows = std::max(1, m_offsets[entry + 1] - m_offsets[entry]);
    const double within = static_cast<double>(m_firstVisible - m_offsets[entry]) / rows;
    const auto total = static_cast<double>(m_places.size());
    return std::clamp((total - 1 - static_cast<double>(rank) + within) / total, 0.0, 1.0 - visibleShare());
}

double ConversationModel::visibleShare() const
{
    if (m_offsets.back() == 0 || m_places.size() == 0)
        return 1;
    const double shown = static_cast<double>(m_lastVisible - m_firstVisible + 1) / m_offsets.back();
    const double calls = shown * static_cast<double>(m_calls.size());
    return std::min(1.0, calls / static_cast<double>(std::max(m_places.size(), m_calls.size())));
}

void ConversationModel::takePlaces(const LoadedPlaces& loaded)
{
    for (const store::Cursor& place : loaded.places)
        m_places.append(place);
    if (loaded.next)
        m_source.loadPlaces(m_token, m_session, m_scope, loaded.next);
    if (m_scope.isWhole())
        m_outline.add(loaded.agents);
    Q_EMIT positionChanged();
}

FollowedCall* ConversationModel::followed(CallId id)
{
    const auto at =
        std::find_if(m_calls.rbegin(), m_calls.rend(), [id](const FollowedCall& call) { return call.id() == id; });
    return at == m_calls.rend() ? nullptr : &*at;
}

std::size_t ConversationModel::entryOf(int row) const
{
    const auto at = std::upper_bound(m_offsets.begin(), m_offsets.end(), row);
    return static_cast<std::size_t>(at - m_offsets.begin()) - 1;
}

void ConversationModel::rebuildOffsets()
{
    m_offsets.assign(1, 0);
    for (const FollowedCall& call : m_calls)
        m_offsets.push_back(m_offsets.back() + static_cast<int>(call.view().rowCount()));
}

} // namespace luthien::desktop
