// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/live_calls_model.h"

#include "desktop/models/call_texts.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace luthien::desktop {

using namespace std::chrono_literals;
using conversation::CallStatus;

namespace {
// Faster than one reads, slower than words come.
constexpr auto kFlushAfter = 100ms;
constexpr auto kRereadAfter = 1s;
} // namespace

LiveCallsModel::LiveCallsModel(LiveCallsSource& source, const Clock& clock, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(source)
    , m_clock(clock)
{
    connect(&source, &LiveCallsSource::openLoaded, this,
            [this](const std::shared_ptr<const std::vector<store::CallRow>>& calls) { takeOpen(*calls); });
    m_flush.setSingleShot(true);
    m_flush.setInterval(kFlushAfter);
    connect(&m_flush, &QTimer::timeout, this, &LiveCallsModel::flush);
    m_second.setInterval(1s);
    connect(&m_second, &QTimer::timeout, this, &LiveCallsModel::tick);
    m_reread.setSingleShot(true);
    m_reread.setInterval(kRereadAfter);
    connect(&m_reread, &QTimer::timeout, this, [this] { m_source.loadOpen(); });
}

void LiveCallsModel::start()
{
    m_source.loadOpen();
}

int LiveCallsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant LiveCallsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const LiveCall& call = m_calls[static_cast<std::size_t>(index.row())];
    switch (role) {
    case CallRole:
        return QString::fromStdString(call.id().toString());
    case SessionRole:
        return fromUtf8(call.session());
    case TitleRole:
        return call.title();
    case WhoRole:
        return call.who();
    case StateRole:
        return call.stateText();
    case ToneRole:
        return QVariant::fromValue(call.tone());
    case RateRole:
        return call.rateText();
    case ElapsedRole:
        return call.elapsedText(m_clock.now());
    case WaitingRole:
        return call.waitingText(m_clock.now());
    case LineRole:
        return call.line();
    case OverRole:
        return call.isOver();
    case SpokenRole:
        return call.spokenText(m_clock.now());
    default:
        return {};
    }
}

QHash<int, QByteArray> LiveCallsModel::roleNames() const
{
    return {{CallRole, "callId"},     {SessionRole, "sessionId"}, {TitleRole, "title"}, {WhoRole, "who"},
            {StateRole, "stateText"}, {ToneRole, "tone"},         {RateRole, "rate"},   {ElapsedRole, "elapsed"},
            {WaitingRole, "waiting"}, {LineRole, "line"},         {OverRole, "over"},   {SpokenRole, "spoken"}};
}

QString LiveCallsModel::sessionAt(int row) const
{
    return row < 0 || row >= count() ? QString() : fromUtf8(m_calls[static_cast<std::size_t>(row)].session());
}

QString LiveCallsModel::callAt(int row) const
{
    return row < 0 || row >= count() ? QString()
                                     : QString::fromStdString(m_calls[static_cast<std::size_t>(row)].id().toString());
}

int LiveCallsModel::rowOf(const QString& callId) const
{
    const auto id = CallId::parse(callId.toStdString());
    const auto known = id ? m_rows.find(*id) : m_rows.end();
    return known == m_rows.end() ? -1 : static_cast<int>(known->second);
}

LiveCall* LiveCallsModel::find(const CallId& id)
{
    const auto known = m_rows.find(id);
    return known == m_rows.end() ? nullptr : &m_calls[known->second];
}

void LiveCallsModel::add(LiveCall call)
{
    if (m_rows.contains(call.id()))
        return;
    const auto place = std::ranges::upper_bound(m_calls, call.startedAt(), {}, &LiveCall::startedAt);
    const auto row = static_cast<std::size_t>(place - m_calls.begin());
    if (const auto since = m_waiting.find(call.id()); since != m_waiting.end())
        call.setWaiting(fromMicros(since->second));
    beginInsertRows({}, static_cast<int>(row), static_cast<int>(row));
    m_calls.insert(place, std::move(call));
    indexFrom(row);
    ++m_running;
    endInsertRows();
    if (!m_second.isActive())
        m_second.start();
    Q_EMIT countChanged();
}

void LiveCallsModel::indexFrom(std::size_t row)
{
    if (m_firstTouched >= 0) { // what was touched may stand elsewhere now
        m_firstTouched = std::min(m_firstTouched, static_cast<int>(row));
        m_lastTouched = std::numeric_limits<int>::max();
    }
    for (; row < m_calls.size(); ++row)
        m_rows[m_calls[row].id()] = row;
}

void LiveCallsModel::applyLive(const live::LiveBatch& batch)
{
    for (const live::Event& event : batch.events) {
        if (const auto* begun = std::get_if<live::Opened>(&event)) {
            add(LiveCall(*begun));
        } else if (const auto* step = std::get_if<live::Delta>(&event)) {
            if (LiveCall* call = find(step->call)) {
                call->take(*step);
                touch(step->call);
            }
        } else if (const auto* end = std::get_if<live::Ended>(&event)) {
            if (const auto known = m_rows.find(end->call); known != m_rows.end())
                finish(known->second, *end);
        } else if (const auto* committed = std::get_if<live::Committed>(&event)) {
            takeCommitted(*committed);
        }
    }
}

void LiveCallsModel::finish(std::size_t row, const live::Ended& end)
{
    LiveCall& call = m_calls[row];
    if (call.isOver())
        return;
    call.take(end);
    --m_running;
    touch(call.id());
    Q_EMIT countChanged();
}

/// Calls of other instances, and those whose steps were lost, are known by the record alone.
void LiveCallsModel::takeCommitted(const live::Committed& event)
{
    for (const live::TouchedCall& touched : event.calls) {
        const auto known = m_rows.find(touched.id);
        if (known != m_rows.end() && touched.status != CallStatus::Open && !m_calls[known->second].isOver()) {
            m_calls[known->second].finish(touched.status, m_clock.now());
            --m_running;
            touch(touched.id);
            Q_EMIT countChanged();
        } else if (known == m_rows.end() && touched.status == CallStatus::Open && !m_reread.isActive()) {
            m_reread.start();
        }
    }
}

void LiveCallsModel::takeOpen(const std::vector<store::CallRow>& calls)
{
    for (const store::CallRow& call : calls)
        add(LiveCall(call));
}

void LiveCallsModel::setWaiting(std::unordered_map<CallId, std::int64_t> waiting)
{
    for (LiveCall& call : m_calls) {
        const auto since = waiting.find(call.id());
        if (since == waiting.end() && !m_waiting.contains(call.id()))
            continue;
        call.setWaiting(since == waiting.end() ? std::nullopt : std::optional(fromMicros(since->second)));
        touch(call.id());
    }
    m_waiting = std::move(waiting);
    m_waitingCount = static_cast<int>(m_waiting.size());
    Q_EMIT countChanged();
}

void LiveCallsModel::touch(const CallId& id)
{
    const auto row = static_cast<int>(m_rows.at(id));
    m_firstTouched = m_firstTouched < 0 ? row : std::min(m_firstTouched, row);
    m_lastTouched = std::max(m_lastTouched, row);
    if (!m_flush.isActive())
        m_flush.start();
}

void LiveCallsModel::flush()
{
    const int first = std::exchange(m_firstTouched, -1);
    const int last = std::min(std::exchange(m_lastTouched, -1), count() - 1);
    if (first >= 0 && first <= last)
        Q_EMIT dataChanged(index(first), index(last));
}

void LiveCallsModel::tick()
{
    dropOver();
    for (LiveCall& call : m_calls)
        call.measure(m_clock.now());
    if (m_calls.empty())
        m_second.stop();
    else
        Q_EMIT dataChanged(index(0), index(count() - 1), {RateRole, ElapsedRole, WaitingRole, SpokenRole});
}

void LiveCallsModel::dropOver()
{
    const TimePoint now = m_clock.now();
    for (std::size_t row = m_calls.size(); row-- > 0;) {
        const auto ended = m_calls[row].endedAt();
        if (!ended || now - *ended < kStays)
            continue;
        beginRemoveRows({}, static_cast<int>(row), static_cast<int>(row));
        m_rows.erase(m_calls[row].id());
        m_calls.erase(m_calls.begin() + static_cast<std::ptrdiff_t>(row));
        indexFrom(row);
        endRemoveRows();
        Q_EMIT countChanged();
    }
}

} // namespace luthien::desktop
