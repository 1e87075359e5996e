// SPDX-License-Identifier: Apache-2.0
#include "desktop/charts/waterfall.h"

#include "desktop/charts/time_axis.h"
#include "desktop/models/call_texts.h"

#include <QQuickWindow>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace luthien::desktop {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
constexpr std::array kLanes = {TimelineLane::Model, TimelineLane::Tools, TimelineLane::Holds, TimelineLane::Agents};
constexpr auto kGrowsEvery = 50ms;
constexpr std::int64_t kShortestView = 2'000; ///< microseconds
constexpr std::int64_t kShortestWhole = 1'000'000;
// What reveal() leaves at the edge.
constexpr double kMargin = 0.1;

constexpr std::size_t indexOf(TimelineLane lane)
{
    return static_cast<std::size_t>(lane);
}
} // namespace

Waterfall::Waterfall(QQuickItem* parent)
    : QQuickPaintedItem(parent)
    , m_lanes{TimelineLane::Model, TimelineLane::Tools}
{
    setAcceptedMouseButtons(Qt::LeftButton | Qt::RightButton | Qt::MiddleButton);
    setAcceptHoverEvents(true);
    setFlag(ItemIsFocusScope, false);
    m_growing.setInterval(kGrowsEvery);
    connect(&m_growing, &QTimer::timeout, this, &Waterfall::takeChange);
    connect(this, &Waterfall::colorsChanged, this, [this] { update(); });
}

void Waterfall::setTimeline(Timeline* timeline)
{
    if (timeline == m_timeline)
        return;
    if (m_timeline)
        disconnect(m_timeline, nullptr, this, nullptr);
    m_timeline = timeline;
    if (m_timeline) {
        connect(m_timeline, &Timeline::changed, this, &Waterfall::takeChange);
        connect(m_timeline, &Timeline::opened, this, [this] {
            setMark(std::nullopt);
            m_hovered.clear();
            Q_EMIT hoveredChanged();
            m_isWhole = true;
            takeChange();
        });
    }
    Q_EMIT timelineChanged();
    m_isWhole = true;
    takeChange();
}

Waterfall::Range Waterfall::all() const
{
    if (!m_timeline || m_timeline->count() == 0)
        return {0, kShortestWhole};
    const std::int64_t first = m_timeline->first();
    return {first, std::max(first + kShortestWhole, m_timeline->last())};
}

void Waterfall::takeChange()
{
    if (m_isWhole)
        m_view = all();
    const bool grows = m_timeline && isVisible() && m_timeline->isGrowing();
    if (grows != m_growing.isActive())
        grows ? m_growing.start() : m_growing.stop();
    std::vector<TimelineLane> lanes = {TimelineLane::Model, TimelineLane::Tools};
    for (const TimelineLane lane : {TimelineLane::Holds, TimelineLane::Agents})
        if (m_timeline && (m_timeline->lane(lane).size() > 0 || !m_timeline->open(lane).empty()))
            lanes.push_back(lane);
    if (lanes != m_lanes) {
        m_lanes = std::move(lanes);
        Q_EMIT lanesChanged();
    }
    polish();
    Q_EMIT viewChanged();
    Q_EMIT summaryChanged();
}

void Waterfall::refresh()
{
    m_scale = window() != nullptr ? window()->effectiveDevicePixelRatio() : 1;
    const int columns = static_cast<int>(std::ceil(width() * m_scale));
    for (const TimelineLane lane : kLanes) {
        std::vector<SpanBar>& bars = m_bars[indexOf(lane)];
        bars.clear();
        if (!m_timeline || columns <= 0)
            continue;
        SpanColumns drawn(m_view.from, m_view.to, columns);
        m_timeline->lane(lane).draw(drawn);
        for (const Span& span : m_timeline->open(lane))
            drawn.draw(span);
        bars = drawn.bars();
    }
    update();
}

void Waterfall::updatePolish()
{
    refresh();
}

const std::vector<SpanBar>& Waterfall::bars(TimelineLane lane) const
{
    return m_bars[indexOf(lane)];
}

void Waterfall::geometryChange(const QRectF& now, const QRectF& before)
{
    QQuickPaintedItem::geometryChange(now, before);
    polish();
}

void Waterfall::itemChange(ItemChange change, const ItemChangeData& data)
{
    QQuickPaintedItem::itemChange(change, data);
    if (change == ItemVisibleHasChanged || change == ItemDevicePixelRatioHasChanged)
        takeChange();
}

qreal Waterfall::xOf(std::int64_t micros) const
{
    return static_cast<double>(micros - m_view.from) / static_cast<double>(m_view.to - m_view.from) * width();
}

std::int64_t Waterfall::timeAt(qreal x) const
{
    const double share = width() > 0 ? x / width() : 0;
    return m_view.from + static_cast<std::int64_t>(share * static_cast<double>(m_view.to - m_view.from));
}

QStringList Waterfall::lanes() const
{
    QStringList names;
    for (const TimelineLane lane : m_lanes) {
        switch (lane) {
        case TimelineLane::Model:
            names += tr("Model");
            break;
        case TimelineLane::Tools:
            names += tr("Tools");
            break;
        case TimelineLane::Holds:
            names += tr("Held");
            break;
        case TimelineLane::Agents:
            names += tr("Agents");
            break;
        }
    }
    return names;
}

QString Waterfall::rangeText(const Range& range) const
{
    const std::int64_t first = m_timeline ? m_timeline->first() : 0;
    const std::int64_t step = (range.to - range.from) / 10;
    return tr("%1 to %2")
        .arg(elapsedText(std::max<std::int64_t>(0, range.from - first), step),
             elapsedText(std::max<std::int64_t>(0, range.to - first), step));
}

QString Waterfall::viewText() const
{
    return m_isWhole ? QString() : rangeText(m_view);
}

QString Waterfall::markText() const
{
    if (!m_mark || !m_timeline)
        return {};
    const auto calls = m_timeline->positionAt(m_mark->to) - m_timeline->positionAt(m_mark->from);
    return rangeText(*m_mark) + u" · "_s + callsText(calls);
}

QString Waterfall::summary() const
{
    if (!m_timeline || m_timeline->count() == 0)
        return tr("No calls");
    QStringList parts = {callsText(m_timeline->count()),
                         tr("over %1").arg(durationText(std::chrono::microseconds(all().to - all().from)))};
    if (!m_isWhole)
        parts += tr("showing %1").arg(viewText());
    if (m_mark)
        parts += tr("marked %1").arg(markText());
    const auto position = m_current ? m_timeline->positionOf(*m_current) : std::nullopt;
    if (position) {
        parts += tr("chosen:");
        parts += m_timeline->facts(TimelineLane::Model, *position);
    }
    return parts.join(u", "_s);
}

QString Waterfall::currentCall() const
{
    return m_current ? QString::fromStdString(m_current->toString()) : QString();
}

void Waterfall::setCurrentCall(const QString& id)
{
    const auto call = CallId::parse(id.toStdString());
    if (call == m_current)
        return;
    m_current = call;
    Q_EMIT currentCallChanged();
    if (const auto position = call && m_timeline ? m_timeline->positionOf(*call) : std::nullopt)
        reveal(toMicros(m_timeline->call(*position).startedAt));
    Q_EMIT summaryChanged();
    update();
}

void Waterfall::choose(std::uint32_t position)
{
    const QString id = QString::fromStdString(m_timeline->call(position).id.toString());
    setCurrentCall(id);
    Q_EMIT chosen(id);
}

void Waterfall::chooseNext(int step)
{
    if (!m_timeline || m_timeline->count() == 0)
        return;
    const auto current = m_current ? m_timeline->positionOf(*m_current) : std::nullopt;
    const std::int64_t from = current ? std::int64_t{*current} + step : step > 0 ? 0 : m_timeline->count() - 1;
    choose(static_cast<std::uint32_t>(std::clamp<std::int64_t>(from, 0, m_timeline->count() - 1)));
}

void Waterfall::setView(Range view)
{
    const Range all = this->all();
    const std::int64_t longest = all.to - all.from;
    const std::int64_t length = std::clamp(view.to - view.from, std::min(kShortestView, longest), longest);
    view.from = std::clamp(view.from, all.from, all.to - length);
    view.to = view.from + length;
    m_isWhole = view == all;
    m_view = view;
    polish();
    Q_EMIT viewChanged();
    Q_EMIT summaryChanged();
}

void Waterfall::showAll()
{
    setView(all());
}

void Waterfall::zoom(qreal factor, qreal x)
{
    const auto length = static_cast<double>(m_view.to - m_view.from);
    const double share = width() > 0 ? std::clamp(x / width(), 0.0, 1.0) : 0.5;
    const double changed = std::max(length * factor, static_cast<double>(kShortestView));
    const auto from = m_view.from + static_cast<std::int64_t>(share * (length - changed));
    setView({from, from + static_cast<std::int64_t>(changed)});
}

void Waterfall::pan(qreal pixels)
{
    const std::int64_t by = timeAt(pixels) - m_view.from;
    setView({m_view.from + by, m_view.to + by});
}

void Waterfall::reveal(std::int64_t micros)
{
    if (micros >= m_view.from && micros <= m_view.to)
        return;
    const std::int64_t length = m_view.to - m_view.from;
    const auto margin = static_cast<std::int64_t>(static_cast<double>(length) * kMargin);
    const std::int64_t from = micros < m_view.from ? micros - margin : micros + margin - length;
    setView({from, from + length});
}

void Waterfall::setMark(std::optional<Range> mark)
{
    if (mark == m_mark)
        return;
    m_mark = mark;
    Q_EMIT markChanged();
    Q_EMIT summaryChanged();
    update();
}

void Waterfall::tellMark()
{
    if (m_mark && m_timeline && m_timeline->positionAt(m_mark->from) < m_timeline->positionAt(m_mark->to))
        Q_EMIT markMade(m_mark->from, m_mark->to);
}

void Waterfall::clearMark()
{
    setMark(std::nullopt);
}

bool Waterfall::isInMark(const QString& callId) const
{
    const auto id = CallId::parse(callId.toStdString());
    const auto position = m_mark && m_timeline && id ? m_timeline->positionOf(*id) : std::nullopt;
    if (!position)
        return false;
    const std::int64_t began = toMicros(m_timeline->call(*position).startedAt);
    return began >= m_mark->from && began < m_mark->to;
}

} // namespace luthien::desktop
