// SPDX-License-Identifier: Apache-2.0
#include "desktop/charts/time_axis.h"
#include "desktop/charts/waterfall.h"

#include <QPainter>

#include <algorithm>

namespace luthien::desktop {

namespace {
constexpr qreal kBarHeight = 8;
constexpr qreal kRoundFrom = 5; ///< pixels; narrower bars have square corners
constexpr qreal kRadius = 2;
constexpr qreal kSplitFrom = 10; ///< pixels; narrower bars do not tell waiting from answering
constexpr qreal kNarrowest = 8;  ///< pixels, of the frame around the current call
constexpr int kFontPixels = 10;
constexpr qreal kTickWidth = 96;
constexpr qreal kWaiting = 0.55; ///< how much of its colour a bar has while the model has said nothing
} // namespace

QColor Waterfall::colorOf(SpanTone tone) const
{
    switch (tone) {
    case SpanTone::Model:
        return m_model;
    case SpanTone::Agent:
        return m_agent;
    case SpanTone::Tool:
        return m_tool;
    case SpanTone::Changed:
        return m_changed;
    case SpanTone::Person:
        return m_person;
    case SpanTone::Failed:
        return m_failed;
    case SpanTone::Blocked:
        return m_blocked;
    }
    return m_model;
}

void Waterfall::paint(QPainter* painter)
{
    painter->setPen(Qt::NoPen);
    paintAxis(*painter);
    qreal y = (laneHeight() - kBarHeight) / 2;
    for (const TimelineLane lane : m_lanes) {
        paintLane(*painter, lane, y);
        y += laneHeight();
    }
    paintCurrent(*painter);
    if (!m_mark)
        return;
    const qreal left = std::max(0.0, xOf(m_mark->from));
    const qreal right = std::min(width(), xOf(m_mark->to));
    const qreal height = laneHeight() * static_cast<double>(m_lanes.size());
    QColor fill = m_accent;
    fill.setAlphaF(0.16F);
    painter->fillRect(QRectF(left, 0, std::max(1.0, right - left), height), fill);
    painter->fillRect(QRectF(left, 0, 1, height), m_accent);
    painter->fillRect(QRectF(right - 1, 0, 1, height), m_accent);
}

void Waterfall::paintLane(QPainter& painter, TimelineLane lane, qreal y) const
{
    for (const SpanBar& bar : bars(lane))
        paintBar(painter, bar, lane, y);
}

void Waterfall::paintBar(QPainter& painter, const SpanBar& bar, TimelineLane lane, qreal y) const
{
    const qreal left = bar.first / m_scale;
    qreal wide = (bar.end - bar.first) / m_scale;
    if (bar.isWhole && wide >= 3)
        wide -= 1; // a gap to the next one
    const QColor color = colorOf(bar.tone);
    const QRectF rectangle(left, y, wide, kBarHeight);
    if (wide < kRoundFrom) {
        painter.fillRect(rectangle, color);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(color);
    const bool isCall = lane == TimelineLane::Model || lane == TimelineLane::Agents;
    if (isCall && bar.isWhole && wide >= kSplitFrom && m_timeline && bar.tone <= SpanTone::Agent) {
        const TimelineCall& call = m_timeline->call(bar.owner);
        const qreal word = call.firstTokenAt ? xOf(toMicros(*call.firstTokenAt)) : left + wide;
        QColor waiting = color;
        waiting.setAlphaF(waiting.alphaF() * static_cast<float>(kWaiting));
        painter.setBrush(waiting);
        painter.drawRoundedRect(rectangle, kRadius, kRadius);
        painter.setBrush(color);
        const qreal from = std::clamp(word, left, left + wide);
        painter.setClipRect(QRectF(from, y, left + wide - from, kBarHeight));
        painter.drawRoundedRect(rectangle, kRadius, kRadius);
        painter.setClipping(false);
    } else {
        painter.drawRoundedRect(rectangle, kRadius, kRadius);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void Waterfall::paintAxis(QPainter& painter) const
{
    if (!m_timeline || m_timeline->count() == 0)
        return;
    const qreal bottom = laneHeight() * static_cast<double>(m_lanes.size());
    QFont font(m_fontFamily);
    font.setPixelSize(kFontPixels);
    painter.setFont(font);
    const QFontMetricsF metrics(font);
    const std::int64_t first = m_timeline->first();
    const int atMost = std::max(2, static_cast<int>(width() / kTickWidth));
    for (const TimeTick& tick : timeTicks(m_view.from - first, m_view.to - first, atMost)) {
        const qreal x = xOf(first + tick.at);
        painter.fillRect(QRectF(std::min(x, width() - 1), 0, 1, bottom), m_line);
        const qreal wide = metrics.horizontalAdvance(tick.text);
        painter.setPen(m_text);
        painter.drawText(QPointF(std::clamp(x - wide / 2, 0.0, width() - wide), bottom + metrics.ascent() + 2),
                         tick.text);
        painter.setPen(Qt::NoPen);
    }
}

void Waterfall::paintCurrent(QPainter& painter) const
{
    const auto position = m_current && m_timeline ? m_timeline->positionOf(*m_current) : std::nullopt;
    if (!position)
        return;
    const TimelineCall& call = m_timeline->call(*position);
    const std::int64_t end = call.endedAt ? toMicros(*call.endedAt) : m_timeline->last();
    if (end < m_view.from || toMicros(call.startedAt) > m_view.to)
        return;
    const TimelineLane lane = call.agent == 0 ? TimelineLane::Model : TimelineLane::Agents;
    const auto row = std::ranges::find(m_lanes, lane) - m_lanes.begin();
    const qreal left = xOf(toMicros(call.startedAt)) - 2;
    const qreal right = std::max(xOf(end) + 1, left + kNarrowest);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_accent, 2));
    painter.drawRoundedRect(QRectF(left, static_cast<double>(row) * laneHeight() + 1, right - left, laneHeight() - 2),
                            3, 3);
    painter.setPen(Qt::NoPen);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

} // namespace luthien::desktop
