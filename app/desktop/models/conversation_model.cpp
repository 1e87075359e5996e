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

/// A row as it reads on paper.
QString lineOf(const ConversationRow& row)
{
    switch (row.kind) {
    case row::Kind::Text:
        return row.marker.isEmpty() ? row.text : row.marker + u' ' + row.text;
    case row::Kind::ToolUse:
    case row::Kind::Decision:
        return row.title + u": "_s + row.text;
    case row::Kind::Code:
    case row::Kind::CardBody:
    case row::Kind::ThoughtText:
        return row.text;
    default:
        return {};
    }
}
} // namespace

ConversationModel::ConversationModel(ConversationSource& source, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(source)
    , m_offsets{0}
{
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

QVariant ConversationModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_offsets.back())
        return {};
    const ConversationRow& row = rowAt(index.row());
    switch (static_cast<Role>(role)) {
    case KindRole:
        return QVariant::fromValue(static_cast<int>(row.kind));
    case ToneRole:
        return QVariant::fromValue(static_cast<int>(row.tone));
    case StyleRole:
        return QVariant::fromValue(static_cast<int>(row.style));
    case DepthRole:
        return row.depth;
    case FirstRole:
        return row.first;
    case LastRole:
        return row.last;
    case ExpandableRole:
        return row.expandable;
    case ExpandedRole:
        return row.expanded;
    case GlyphRole:
        return row.glyph;
    case MarkerRole:
        return row.marker;
    case TitleRole:
        return row.title;
    case TextRole:
        return row.text;
    case DetailRole:
        return row.detail;
    case JoinedRole:
        return isResultOfRowAbove(index.row()) || isResultOfRowAbove(index.row() + 1);
    case MatchedRole:
        return row.matched;
    case MarksRole:
        return QVariant::fromValue(row.marks);
    case ReceivedRole:
        return row.received;
    case ReceivedLabelRole:
        return row.receivedLabel;
    }
    return {};
}

QHash<int, QByteArray> ConversationModel::roleNames() const
{
    return {{KindRole, "kind"},
            {ToneRole, "tone"},
            {StyleRole, "style"},
            {DepthRole, "depth"},
            {FirstRole, "first"},
            {LastRole, "last"},
            {ExpandableRole, "expandable"},
            {ExpandedRole, "expanded"},
            {GlyphRole, "glyph"},
            {MarkerRole, "marker"},
            {TitleRole, "title"},
            {TextRole, "body"},
            {DetailRole, "detail"},
            {JoinedRole, "joined"},
            {MatchedRole, "matched"},
            {MarksRole, "marks"},
            {ReceivedRole, "received"},
            {ReceivedLabelRole, "receivedLabel"}};
}

void ConversationModel::open(const QString& sessionId)
{
    m_session = sessionId.toStdString();
    ++m_token;
    beginResetModel();
    m_calls.clear();
    rebuildOffsets();
    m_places.clear();
    m_atStart = m_atEnd = true;
    m_error.clear();
    endResetModel();
    Q_EMIT sessionIdChanged();
    if (m_session.empty())
        return Q_EMIT windowChanged();
    restart(store::Order::Descending, std::nullopt);
    m_source.loadPlaces(m_token, m_session, std::nullopt);
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
    m_source.loadCalls(
        {.token = m_token, .serial = ++m_serial, .session = m_session, .order = order, .from = from, .limit = kPage});
    Q_EMIT windowChanged();
}

void ConversationModel::takeCalls(LoadedCalls& loaded)
{
    m_error = loaded.error;
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
    if (loaded.error.isEmpty())
        showRows(m_firstVisible, m_lastVisible);
}

void ConversationModel::restartAt(LoadedCalls& loaded)
{
    m_restarting = false;
    // Calls that began while the page was on its way are known already, with every step.
    std::vector<FollowedCall> begun;
    if (m_restartAtEnd && m_atEnd)
        for (FollowedCall& call : m_calls)
            if (call.view().call().cursor == store::Cursor() &&
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
    Q_EMIT slid();
}

void ConversationModel::append(LoadedCalls& loaded)
{
    m_atEnd = !loaded.more;
    std::erase_if(loaded.calls, [this](const CallView& view) { return find(view.call().id) != nullptr; });
    int rows = 0;
    for (const CallView& view : loaded.calls)
        rows += static_cast<int>(view.rowCount());
    Q_EMIT aboutToSlide();
    const int end = m_offsets.back();
    if (rows > 0)
        beginInsertRows({}, end, end + rows - 1);
    for (CallView& view : loaded.calls)
        m_calls.emplace_back(std::move(view));
    rebuildOffsets();
    if (rows > 0)
        endInsertRows();
    refreshBorder(end);
    dropOldest();
    Q_EMIT slid();
}

void ConversationModel::dropNewest()
{
    std::size_t keep = m_calls.size();
    while (keep > 1 && m_offsets[keep - 1] > kWindowRows && m_offsets[keep - 1] > m_lastVisible + kMargin)
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

void ConversationModel::dropOldest()
{
    std::size_t drop = 0;
    while (drop + 1 < m_calls.size() && m_offsets.back() - m_offsets[drop + 1] > kWindowRows &&
           m_offsets[drop + 1] + kMargin < m_firstVisible)
        ++drop;
    if (drop == 0)
        return;
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

void ConversationModel::toggle(int row)
{
    if (row < 0 || row >= m_offsets.back())
        return;
    const std::size_t entry = entryOf(row);
    m_calls[entry].view().toggle(static_cast<std::size_t>(row - m_offsets[entry]));
    publishChanges(entry);
}

QString ConversationModel::textOf(int row) const
{
    if (row < 0 || row >= m_offsets.back())
        return {};
    if (rowAt(row).kind != row::Kind::TurnHeader)
        return rowAt(row).text;
    QStringList parts;
    for (++row; row < m_offsets.back() && rowAt(row).kind != row::Kind::TurnHeader; ++row)
        if (const QString line = lineOf(rowAt(row)); !line.isEmpty())
            parts += line;
    return parts.join(u'\n');
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
        m_source.loadPlaces(m_token, m_session, loaded.next);
    Q_EMIT positionChanged();
}

FollowedCall* ConversationModel::find(CallId id)
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

const ConversationRow& ConversationModel::rowAt(int row) const
{
    const std::size_t entry = entryOf(row);
    return m_calls[entry].view().row(static_cast<std::size_t>(row - m_offsets[entry]));
}

bool ConversationModel::isResultOfRowAbove(int row) const
{
    if (row < 1 || row >= m_offsets.back())
        return false;
    const ConversationRow& result = rowAt(row);
    if (result.kind != row::Kind::ToolResult || result.toolId.empty())
        return false;
    const ConversationRow& above = rowAt(row - 1);
    return above.kind != row::Kind::ToolResult && above.toolId == result.toolId;
}

void ConversationModel::refreshBorder(int row)
{
    const int first = std::max(0, row - 1);
    const int last = std::min(row, m_offsets.back() - 1);
    if (first <= last && !(rowAt(first).toolId.empty() && rowAt(last).toolId.empty()))
        Q_EMIT dataChanged(index(first), index(last), {JoinedRole});
}

void ConversationModel::rebuildOffsets()
{
    m_offsets.assign(1, 0);
    for (const FollowedCall& call : m_calls)
        m_offsets.push_back(m_offsets.back() + static_cast<int>(call.view().rowCount()));
}

} // namespace luthien::desktop
